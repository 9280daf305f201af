/** The action that waits until somebody outside calls back. */
import { hoursAfter } from '../../engine/instant.ts';
import { z } from 'zod';
import { awaitCallback } from '../../store/callbacks.ts';
import { defineAction } from '../action-type.ts';

const config = z.strictObject({
  expiresInHours: z
    .int()
    .min(1)
    .max(8_760)
    .default(168)
    .describe('How long it waits, in hours: 1 to 8,760. A week (168) if left out.'),
});

export const waitForCallbackAction = defineAction<z.infer<typeof config>>({
  type: 'WAIT_FOR_CALLBACK',
  title: 'Wait for a callback',
  description:
    'Waits until somebody sends a POST request to the secret address `{{callbacks.KEY.url}}`, KEY being this action’s key, once. Earlier actions can tell it. What the request’s JSON object has, later actions can name: `{{steps.KEY.…}}`.',
  retry: 'WAITING',
  hoursOf: ({ expiresInHours }) => expiresInHours,
  isOnEntity: false,
  config,
  references: () => [],
  templates: () => [],
  async run({ tx, run, actionKey }, { expiresInHours }) {
    // As it was told when it came here first; a retry begins anew.
    const present = run.actions.find(({ key }) => key === actionKey);
    const since = present?.status === 'PAUSED' ? present.nextAt : null;
    const until = since ?? hoursAfter(tx.now, expiresInHours);
    const callback = await awaitCallback(tx, run.id, actionKey, until);
    if (!callback) throw new Error(`run ${run.id} has no callback for ${actionKey}`);
    if (callback.usedAt === null) return { type: 'WAIT', until };
    return { type: 'DONE', output: callback.output ?? {} };
  },
});
