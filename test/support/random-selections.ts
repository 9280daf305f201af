/** Random selections of a schema's types, as text. */
import fc, { type Arbitrary } from 'fast-check';
import {
  getNamedType,
  isAbstractType,
  isLeafType,
  isRequiredArgument,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLNamedOutputType,
  type GraphQLSchema,
} from 'graphql';

function typeOf(field: GraphQLField<unknown, unknown>): GraphQLNamedOutputType {
  return getNamedType(field.type);
}

/** `deep`: the objects below which nothing more is selected. */
export function selectionOf(
  schema: GraphQLSchema,
  type: GraphQLCompositeType,
  depth: number,
): Arbitrary<string> {
  if (isAbstractType(type)) {
    const parts = schema
      .getPossibleTypes(type)
      .map((one) =>
        fieldsOf(schema, one, depth, `${one.name}_`).map((text) => `... on ${one.name} { ${text} }`),
      );
    return fc.tuple(...parts).map((texts) => `{ __typename ${texts.join(' ')} }`);
  }
  return fieldsOf(schema, type, depth, '').map((text) => `{ ${text} }`);
}

/** Below an abstract type each field is called after its own type: fields of one name may have different types. */
function fieldsOf(
  schema: GraphQLSchema,
  type: Exclude<GraphQLCompositeType, { readonly getPossibleTypes: unknown }>,
  depth: number,
  prefix: string,
): Arbitrary<string> {
  const all: GraphQLField<unknown, unknown>[] = 'getFields' in type ? Object.values(type.getFields()) : [];
  const fields = all.filter(({ args }) => !args.some(isRequiredArgument));
  const called = ({ name }: { readonly name: string }): string =>
    prefix === '' ? name : `${prefix}${name}: ${name}`;
  const leaves = fields.filter((field) => isLeafType(typeOf(field)));
  const objects = depth === 0 ? [] : fields.filter((field) => !isLeafType(typeOf(field)));
  const scalars = fc
    .subarray(leaves, { maxLength: Math.min(4, leaves.length) })
    .map((chosen) => ['__typename', ...chosen.map(called)].join(' '));
  const nested = fc
    .subarray(objects, { maxLength: Math.min(2, objects.length) })
    .chain((chosen) =>
      fc.tuple(
        ...chosen.map((field) =>
          selectionOf(schema, typeOf(field) as GraphQLCompositeType, depth - 1).map(
            (text) => `${called(field)} ${text}`,
          ),
        ),
      ),
    );
  return fc.tuple(scalars, nested).map(([text, more]) => [text, ...more].join(' '));
}
