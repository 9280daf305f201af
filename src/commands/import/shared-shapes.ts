/** Shapes that both formats of other systems have in common. */
import { z } from 'zod';
import { ignored, optional, text } from './shape.ts';

export const timeUnit = z.enum(['minutes', 'hours', 'days', 'weeks', 'months', 'years']);
export type ForeignTimeUnit = z.infer<typeof timeUnit>;

export const stepDescription = z.object({ enabled: optional(z.boolean()), value: optional(text) });
export type ForeignDescription = z.infer<typeof stepDescription>;

export const journey = z.object({
  id: optional(text),
  journeyId: optional(text),
  name: ignored,
  complete_task_automatically: optional(z.boolean()),
});
export type ForeignJourney = z.infer<typeof journey>;

export const partnerText = z.object({
  enabled: optional(z.boolean()),
  label: optional(text),
  description: optional(text),
});
export type ForeignPartnerText = z.infer<typeof partnerText>;

export const audienceText = partnerText.extend({ journey: ignored });
export type ForeignAudienceText = z.infer<typeof audienceText>;

export const closingReason = z.object({
  id: text,
  title: ignored,
  status: ignored,
  lastUpdateTime: ignored,
  creationTime: ignored,
});
export type ForeignClosingReason = z.infer<typeof closingReason>;
