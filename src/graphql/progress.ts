/** How much of something is done. */
import type { Progress } from '../engine/state.ts';
import { builder } from './builder.ts';

export const ProgressRef = builder.objectRef<Progress>('Progress').implement({
  description: 'How many tasks there are and how many are finished.',
  fields: (t) => ({
    total: t.exposeInt('total', { description: 'All tasks.' }),
    completed: t.exposeInt('completed', { description: 'Those that are COMPLETED.' }),
    skipped: t.exposeInt('skipped', { description: 'Those that are SKIPPED.' }),
    ratio: t.float({
      description: 'The finished part, from 0 to 1; 1 if there are no tasks.',
      resolve: ({ total, completed, skipped }) => (total === 0 ? 1 : (completed + skipped) / total),
    }),
  }),
});
