/** What tasks are called for readers outside the team. */
import type { AudienceText } from '../engine/definition.ts';
import { builder } from './builder.ts';

export const AudienceEnum = builder.enumType('Audience', {
  description: 'Readers outside the team that works the workflow.',
  values: {
    PORTAL: { description: 'The end customer’s portal.' },
    INSTALLER: { description: 'Installers.' },
    PARTNER: { description: 'Partner companies.' },
  } as const,
});

export const AudienceTextRef = builder.objectRef<AudienceText>('AudienceText').implement({
  description: 'What a task is called for readers outside the team.',
  fields: (t) => ({
    audience: t.field({
      type: AudienceEnum,
      description: 'Which readers.',
      resolve: ({ audience }) => audience,
    }),
    isEnabled: t.exposeBoolean('isEnabled', { description: 'Whether they see the task at all.' }),
    label: t.exposeString('label', { description: 'Its name for them.' }),
    description: t.exposeString('description', { nullable: true, description: 'Its description for them.' }),
  }),
});
