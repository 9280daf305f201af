/** What a token with no other role than `worker` may ask for: the fields for workers, and nothing else of the schema. */
import { defaultFieldResolver, type GraphQLFieldResolver, type GraphQLSchema } from 'graphql';
import { ForbiddenError } from '../commands/execute.ts';
import { isWorkerOnly } from '../commands/viewer.ts';
import type { Context } from './context.ts';

/** Their answers lead nowhere else: no field of theirs is of a type that people read. */
const FOR_WORKERS: ReadonlySet<string> = new Set([
  'fetchExternalTasks',
  'extendLease',
  'completeExternalTask',
  'failExternalTask',
  'handBackExternalTask',
  'externalTaskAvailability',
]);

type Resolver = GraphQLFieldResolver<unknown, Context>;

function forPeople(resolve: Resolver): Resolver {
  return (root, args, context, info) => {
    if (isWorkerOnly(context.viewer))
      throw new ForbiddenError(
        `${info.fieldName} is for people: with the role worker, a token may only ${[...FOR_WORKERS].join(', ')}.`,
      );
    return resolve(root, args, context, info);
  };
}

/** The same schema, closed for workers but for their own root fields. */
export function withWorkerGate(schema: GraphQLSchema): GraphQLSchema {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  for (const field of roots.flatMap((root) => (root ? Object.values(root.getFields()) : []))) {
    if (FOR_WORKERS.has(field.name)) continue;
    if (field.subscribe) field.subscribe = forPeople(field.subscribe);
    else field.resolve = forPeople(field.resolve ?? defaultFieldResolver);
  }
  return schema;
}
