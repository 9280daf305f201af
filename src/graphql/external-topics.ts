/** What operators see: how many tasks of each topic are where. */
import { countTopics, type TopicCounts } from '../store/external-tasks.ts';
import { builder } from './builder.ts';

const TopicRef = builder.objectRef<TopicCounts>('ExternalTopic').implement({
  description:
    'How many tasks for workers of one topic are where. Those that people work on are not counted.',
  fields: (t) => ({
    topic: t.exposeString('topic', { description: 'Its name.' }),
    available: t.exposeInt('available', { description: 'They wait for a worker.' }),
    resting: t.exposeInt('resting', {
      description: 'They wait until workers may try again after an attempt that failed.',
    }),
    leased: t.exposeInt('leased', { description: 'Workers have them.' }),
    failed: t.exposeInt('failed', { description: 'They are FAILED and wait for a person.' }),
    handedBack: t.exposeInt('handedBack', { description: 'Workers gave them to people.' }),
  }),
});

builder.queryField('externalTopics', (t) =>
  t.field({
    type: [TopicRef],
    authScopes: { work: true },
    description: 'Every topic that open tasks have, by its name, with how many of them are where.',
    resolve: async (_root, _args, { database, viewer, clock }) => [
      ...(await countTopics(database, viewer.organizationId, clock().toISOString())),
    ],
  }),
);
