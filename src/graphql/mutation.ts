/** The form of every mutation: one input, and a union of its payload and the problems that it can meet. */
import type { FieldMap, InputFieldRef, InputShapeFromFields } from '@pothos/core';
import type { CommandResult, Done } from '../commands/execute.ts';
import { Refusal, type Problem, type ProblemCode } from '../commands/problem.ts';
import { encodePosition } from '../store/event-cursor.ts';
import { builder, type ApiTypes } from './builder.ts';
import type { Context } from './context.ts';
import { problemType } from './problems.ts';
type InputFields = Record<string, InputFieldRef<ApiTypes, unknown>>;
type PayloadFields<T> = (t: PothosSchemaTypes.ObjectFieldBuilder<ApiTypes, Done<T>>) => FieldMap;

interface MutationOptions<Fields extends InputFields, T> {
  readonly description: string;
  /** Fields of `<Name>Input`. */
  readonly input: (t: PothosSchemaTypes.InputFieldBuilder<ApiTypes, 'InputObject'>) => Fields;
  /** Fields of `<Name>Payload` beside `position`. Comes after `run` in the literal: the result of `run` gives it its type. */
  readonly payload: PayloadFields<T>;
  /** The problems of the result union, INVALID_INPUT aside, which every mutation can meet. */
  readonly problems: readonly ProblemCode[];
  /** Checks ids (`inputKey`) and runs the command. */
  readonly run: (
    input: InputShapeFromFields<Fields>,
    context: Context,
  ) => CommandResult<T> | Promise<CommandResult<T>>;
}

function capitalize(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** Runs `work`; a refusal thrown before or outside a transaction is an answer, too. */
async function refusable<T>(
  work: () => CommandResult<T> | Promise<CommandResult<T>>,
): Promise<CommandResult<T>> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, problem: error.problem };
    throw error;
  }
}

/** Adds the mutation `name` with its input, payload and result types. */
export function defineMutation<Fields extends InputFields, T>(
  name: string,
  options: MutationOptions<Fields, T>,
): void {
  const typeName = capitalize(name);
  const Input = builder.inputType(`${typeName}Input`, {
    description: `The input of \`${name}\`.`,
    fields: options.input,
  });
  const Payload = builder.objectRef<Done<T>>(`${typeName}Payload`);
  Payload.implement({
    description: `What \`${name}\` answers when it is done.`,
    fields: options.payload,
  });
  builder.objectField(Payload, 'position', (t) =>
    t.string({
      description:
        'The position in the organization’s event log that includes this change: for `atLeast`, or a subscription’s `after`.',
      resolve: (done) => encodePosition(done.seq),
    }),
  );
  const codes: readonly ProblemCode[] = [...new Set<ProblemCode>([...options.problems, 'INVALID_INPUT'])];
  const Result = builder.unionType(`${typeName}Result`, {
    description: `\`${typeName}Payload\`, or why \`${name}\` was refused; nothing has changed then.`,
    types: [Payload, ...codes.map((code) => problemType(code))] as never,
    resolveType: ((value: Done<T> | Problem) => ('ok' in value ? Payload : problemType(value.code))) as never,
  });
  builder.mutationField(name, (t) =>
    t.field({
      type: Result,
      nullable: true,
      description: options.description,
      args: { input: t.arg({ type: Input, required: true, description: 'What to do.' }) },
      resolve: async (_root, args, context) => {
        const { input } = args as unknown as { readonly input: InputShapeFromFields<Fields> };
        const result = await refusable(() => options.run(input, context));
        // The payload must see what this command has committed, also when an earlier field of the document has read.
        context.nextStep();
        return (result.ok ? result : result.problem) as never;
      },
    }),
  );
}
