/** What definitions name: looked up for validation, for documents and for reading. */
import type { Queryable } from '../store/statement.ts';
import type { AssigneeRef, DefinitionContent } from '../engine/definition.ts';
import type { DefinitionIssue } from '../engine/validation/issue.ts';
import { validateDefinition } from '../engine/validate.ts';
import { escalationAssignees } from '../engine/validation/escalations.ts';
import { partsOf } from '../engine/validation/subjects.ts';
import { readReferences, type ReferenceKind, type ReferenceRow } from '../store/definition-references.ts';

/** The users, teams, closing reasons, automations and journeys that some texts mean. */
export interface Directory {
  /** The id that a document's text means; the text itself if it means nothing here. */
  readonly idOf: (kind: ReferenceKind, text: string) => string;
  /** What a document calls the bearer of this id; the id itself if nobody bears it or is called so. */
  readonly labelOf: (kind: ReferenceKind, id: string) => string;
  /** Whether a definition may be published with this id. */
  readonly isUsable: (kind: ReferenceKind, id: string) => boolean;
}

type Texts = Record<ReferenceKind, string[]>;

/** The users, teams, closing reasons, automations and journeys that the contents name. */
function textsOf(contents: readonly DefinitionContent[]): Texts {
  const texts: Texts = { USER: [], TEAM: [], CLOSING_REASON: [], AUTOMATION: [], JOURNEY: [] };
  for (const content of contents) {
    texts.CLOSING_REASON.push(...content.closingReasonIds);
    texts.AUTOMATION.push(...automationsOf(content));
    texts.JOURNEY.push(...journeysOf(content));
    for (const part of partsOf(content))
      // Variables stand for themselves.
      for (const { type, id } of [...part.content.assignees, ...escalationAssignees(part.content)])
        if (type !== 'VARIABLE') texts[type].push(id);
  }
  return {
    USER: [...new Set(texts.USER)],
    TEAM: [...new Set(texts.TEAM)],
    CLOSING_REASON: [...new Set(texts.CLOSING_REASON)],
    AUTOMATION: [...new Set(texts.AUTOMATION)],
    JOURNEY: [...new Set(texts.JOURNEY)],
  };
}

function automationsOf({ tasks, triggers }: DefinitionContent): string[] {
  return [
    ...tasks.flatMap(({ automation }) => automation?.automationId ?? []),
    ...triggers.flatMap((trigger) => (trigger.type === 'AUTOMATION' ? (trigger.automationId ?? []) : [])),
  ];
}

function journeysOf({ tasks, triggers }: DefinitionContent): string[] {
  return [
    ...tasks.flatMap(({ journey }) => journey?.journeyId ?? []),
    ...triggers.flatMap((trigger) => (trigger.type === 'JOURNEY' ? (trigger.journeyId ?? []) : [])),
  ];
}

function directoryOf(rows: readonly ReferenceRow[]): Directory {
  const byId = new Map(rows.map((row) => [`${row.kind}:${row.id}`, row]));
  // The best aliases go in last, so that the e-mail address of one user wins over the same text as another's external id.
  const byAlias = new Map<string, ReferenceRow>();
  const longest = Math.max(0, ...rows.map(({ aliases }) => aliases.length));
  for (let rank = longest - 1; rank >= 0; rank--)
    for (const row of rows) {
      const alias = row.aliases[rank];
      if (alias !== undefined) byAlias.set(`${row.kind}:${alias}`, row);
    }
  const meant = (kind: ReferenceKind, text: string): ReferenceRow | undefined =>
    byAlias.get(`${kind}:${text}`) ?? byId.get(`${kind}:${text}`);
  return {
    idOf: (kind, text) => meant(kind, text)?.id ?? text,
    // A text that an import left as it was may have come to mean somebody since; then it is exported like their id.
    labelOf: (kind, id) => (byId.get(`${kind}:${id}`) ?? meant(kind, id))?.label ?? id,
    isUsable: (kind, id) => byId.get(`${kind}:${id}`)?.isUsable ?? false,
  };
}

/** Looks up everything that the contents name, in one statement. */
export async function readDirectory(
  db: Queryable,
  organizationId: string,
  contents: readonly DefinitionContent[],
): Promise<Directory> {
  return directoryOf(await readReferences(db, organizationId, textsOf(contents)));
}

/** Everything that is wrong with the content, by itself and in the organization whose directory it is. */
export function issuesOf(content: DefinitionContent, directory: Directory): readonly DefinitionIssue[] {
  const texts = textsOf([content]);
  const usable = (kind: ReferenceKind): Set<string> =>
    new Set(texts[kind].filter((id) => directory.isUsable(kind, id)));
  return validateDefinition(content, {
    userIds: usable('USER'),
    teamIds: usable('TEAM'),
    closingReasonIds: usable('CLOSING_REASON'),
    automationIds: usable('AUTOMATION'),
    journeyIds: usable('JOURNEY'),
  });
}

/** The content with every assignee, closing reason, automation and journey replaced by what `rename` makes of it. */
export function renameReferences(
  content: DefinitionContent,
  rename: (kind: ReferenceKind, text: string) => string,
): DefinitionContent {
  const person = ({ type, id }: AssigneeRef): AssigneeRef => ({
    type,
    id: type === 'VARIABLE' ? id : rename(type, id),
  });
  const part = <T extends Pick<DefinitionContent, 'assignees' | 'escalations'>>(whole: T): T => ({
    ...whole,
    assignees: whole.assignees.map(person),
    escalations: whole.escalations.map((rule) => ({
      ...rule,
      handovers: rule.handovers.map(({ assignee, time }) => ({ assignee: person(assignee), time })),
      leads: rule.leads.map(person),
    })),
  });
  return {
    ...part(content),
    phases: content.phases.map(part),
    tasks: content.tasks.map((task) => ({
      ...part(task),
      automation: task.automation && {
        ...task.automation,
        automationId: rename('AUTOMATION', task.automation.automationId),
      },
      journey: task.journey && { ...task.journey, journeyId: rename('JOURNEY', task.journey.journeyId) },
    })),
    triggers: content.triggers.map((trigger) => {
      if (trigger.type === 'AUTOMATION' && trigger.automationId !== null)
        return { ...trigger, automationId: rename('AUTOMATION', trigger.automationId) };
      if (trigger.type === 'JOURNEY' && trigger.journeyId !== null)
        return { ...trigger, journeyId: rename('JOURNEY', trigger.journeyId) };
      return trigger;
    }),
    closingReasonIds: content.closingReasonIds.map((id) => rename('CLOSING_REASON', id)),
  };
}
