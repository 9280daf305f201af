/** Who is asking. */
import { builder } from './builder.ts';
import { resolveUser } from './people.ts';
import { UserRef } from './refs.ts';

builder.queryField('viewer', (t) =>
  t.field({
    type: UserRef,
    nullable: true,
    description: 'The user whom the token names. Everything else is seen through their eyes.',
    resolve: (_root, _args, context) => resolveUser(context.viewer.userId, context),
  }),
);
