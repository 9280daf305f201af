/** Descriptions, labels, and what tasks are called for readers outside the team. */
import type { Audience, AudienceText } from '../../engine/definition.ts';
import type { Part } from './part.ts';
import type { ForeignAudienceText, ForeignDescription, ForeignPartnerText } from './shared-shapes.ts';

type Maybe<T> = Part<T | null | undefined>;

/** The description of a task; null if there is none, or it is switched off. */
export function readDescription(whole: Maybe<ForeignDescription>): string | null {
  const description = whole.given();
  if (!description) return null;
  const [enabled, value] = [description.at('enabled'), description.at('value')];
  if (value.value == null) {
    enabled.leave('NO_EFFECT', 'There is no description to switch on or off.');
    return null;
  }
  if (enabled.take() !== false) return value.take() ?? null;
  value.leave('SWITCHED_OFF', 'The description is switched off there.');
  return null;
}

/** Labels are what the other system keeps as ids of its taxonomies. */
export function readLabels(taxonomies: Maybe<string[]>): readonly string[] {
  return taxonomies.take() ?? [];
}

function readAudienceText(
  audience: Audience,
  whole: Maybe<ForeignPartnerText>,
  taskName: string,
): AudienceText[] {
  const text = whole.given();
  if (!text) return [];
  const label = text.at('label').take() ?? '';
  return [
    {
      audience,
      // What nobody switched on, nobody outside may see.
      isEnabled: text.at('enabled').take() ?? false,
      label: label.trim() === '' ? taskName : label,
      description: text.at('description').take() ?? null,
    },
  ];
}

type WithAudienceTexts = Part<{
  readonly name: string;
  readonly ecp?: ForeignAudienceText | null | undefined;
  readonly installer?: ForeignAudienceText | null | undefined;
  readonly partner?: ForeignPartnerText | null | undefined;
}>;

/** The texts of a task for portal, installers and partners. A text without a label has the task's name. */
export function readAudienceTexts(task: WithAudienceTexts): readonly AudienceText[] {
  for (const field of ['ecp', 'installer'] as const)
    task
      .at(field)
      .given()
      ?.at('journey')
      .leave('NOT_SUPPORTED', 'A task has one journey, the same for all readers.');
  const { name } = task.value;
  return [
    ...readAudienceText('PORTAL', task.at('ecp'), name),
    ...readAudienceText('INSTALLER', task.at('installer'), name),
    ...readAudienceText('PARTNER', task.at('partner'), name),
  ];
}
