/** Dry runs: what an execution of a definition would do. Nothing is written, and nothing is locked. */
import { setImmediate as othersTurn } from 'node:timers/promises';
import type { CommandContext } from '../engine/command.ts';
import type { DefinitionContent, Instant, TimeUnit } from '../engine/definition.ts';
import type { Attributes, EntityFacts } from '../engine/facts.ts';
import { branchIssues, entitiesIssues } from '../engine/input.ts';
import { MAX_AMOUNT } from '../engine/limits.ts';
import type { InputIssue } from '../engine/result.ts';
import { simulateByCommand, type SimulatedAnswer, type SimulatedRun } from '../engine/simulate.ts';
import { reportOf, type SimulationReport } from '../engine/simulation-report.ts';
import { readDefinitions, readDrafts, readNewestVersions, readVersions } from '../store/definitions.ts';
import { readSimulationFacts } from '../store/simulation-facts.ts';
import { checkAttributes } from './attributes.ts';
import { asViewer } from './acting.ts';
import { checkContent } from './definition-content.ts';
import { issuesOf, readDirectory } from './definition-references.ts';
import { checkSchema } from './entities.ts';
import { requirePermission, type Caller } from './execute.ts';
import { checkName } from './input.ts';
import { refuse, refuseIssues } from './problem.ts';
import { peopleFor } from './simulation-people.ts';

/** What is simulated. */
export type SimulatedDefinition =
  | { readonly definitionId: string; readonly isDraft: boolean }
  | { readonly versionId: string }
  | { readonly content: DefinitionContent };

/** What it is started on: an entity, or one that is only told. */
export type SimulatedEntity =
  { readonly id: string } | { readonly schema: string; readonly title: string; readonly attributes: unknown };

export interface SimulateDefinitionInput {
  readonly definition: SimulatedDefinition;
  readonly entity: SimulatedEntity;
  readonly contextEntityIds: readonly string[];
  readonly decisions: readonly SimulatedAnswer[];
  /** Now if left out. */
  readonly startAt?: Instant | undefined;
  readonly taskDuration: { readonly amount: number; readonly unit: TimeUnit };
}

export interface Simulation extends SimulationReport {
  readonly run: SimulatedRun;
  /** All entities as they are in the end; the id of one that was only told is `GIVEN`. */
  readonly entities: readonly EntityFacts[];
}

/** The id of an entity that there is not. */
export const GIVEN = 'given';

const MAX_ANSWERS = 1_000;
/** How many commands a run may have, and through how many tasks all of them together may look: some seconds. */
const MAX_COMMANDS = 5_000;
const MAX_WORK = 250_000;

/** Always enough to do everything twice. */
function mostCommands(tasks: number): number {
  return Math.max(2 * tasks, Math.min(MAX_COMMANDS, Math.floor(MAX_WORK / Math.max(1, tasks))));
}

/**
 * What would happen if an execution were started, whether or not the definition may be started now. A draft or content with errors is refused
 * (DEFINITION_INVALID). Needs the permission `work`. Throws `Refusal`, as there is no transaction to roll back.
 */
export async function simulateDefinition(
  caller: Caller,
  input: SimulateDefinitionInput,
): Promise<Simulation> {
  const { viewer, clock } = caller;
  requirePermission(viewer, 'work');
  const content = await contentOf(caller, input.definition);
  refuseIssues([
    ...entitiesIssues([GIVEN, ...new Set(input.contextEntityIds)], 'contextEntityIds'),
    ...answersIssues(content, input.decisions),
    ...durationIssues(input.taskDuration.amount),
  ]);
  const { entities, people } = await entitiesOf(caller, input, content);
  const { actor, calendar } = asViewer(viewer);
  const lookAgain = peopleFor(content, people);
  const context: CommandContext = {
    now: input.startAt ?? clock().toISOString(),
    actor,
    calendar,
    facts: lookAgain({ entities }),
  };
  const running = simulateByCommand(
    {
      start: {
        content,
        executionId: 'simulation',
        entityIds: entities.map(({ id }) => id),
        ids: { phases: keysOf(content.phases), tasks: keysOf(content.tasks) },
        closingReasons: [],
      },
      answers: input.decisions,
      taskDuration: input.taskDuration,
      lookAgain,
      maxCommands: mostCommands(content.tasks.length),
    },
    context,
  );
  let next = running.next();
  for (; !next.done; next = running.next()) await othersTurn();
  const run = next.value;
  return { ...reportOf(run), run, entities: run.facts.entities };
}

async function contentOf(
  { database, viewer: { organizationId } }: Caller,
  definition: SimulatedDefinition,
): Promise<DefinitionContent> {
  if ('versionId' in definition) {
    const { versionId: id } = definition;
    const [version] = await readVersions(database, organizationId, [id]);
    return version?.content ?? refuse({ code: 'NOT_FOUND', what: 'DefinitionVersion', id });
  }
  if ('definitionId' in definition && !definition.isDraft) {
    const { definitionId } = definition;
    const found = (await readNewestVersions(database, organizationId, [definitionId])).get(definitionId);
    if (found) return found.content;
    const [known] = await readDefinitions(database, organizationId, [definitionId]);
    if (!known) return refuse({ code: 'NOT_FOUND', what: 'WorkflowDefinition', id: definitionId });
    return refuse({ code: 'DEFINITION_NOT_STARTABLE', definitionId, reason: 'NOT_PUBLISHED' });
  }
  const content =
    'content' in definition
      ? checkContent('content', definition.content)
      : (await readDrafts(database, organizationId, [definition.definitionId])).get(definition.definitionId);
  if (!content) {
    const id = 'definitionId' in definition ? definition.definitionId : '';
    return refuse({ code: 'NOT_FOUND', what: 'WorkflowDefinition', id });
  }
  const issues = issuesOf(content, await readDirectory(database, organizationId, [content]));
  if (issues.some(({ severity }) => severity === 'ERROR')) refuse({ code: 'DEFINITION_INVALID', issues });
  return content;
}

/** The entities, the one that it is started on first, and the people whom they and the sync rules name. */
async function entitiesOf(
  { database, viewer: { organizationId } }: Caller,
  { entity, contextEntityIds }: SimulateDefinitionInput,
  { entitySync }: DefinitionContent,
) {
  const given: EntityFacts | null =
    'id' in entity
      ? null
      : {
          id: GIVEN,
          schema: checkSchema(entity.schema),
          title: checkName('title', entity.title),
          attributes: checkAttributes(entity.attributes) as Attributes,
        };
  const ids = [...new Set(['id' in entity ? [entity.id] : [], contextEntityIds].flat())];
  const texts = [given?.attributes ?? null, ...entitySync.map(({ customValue }) => customValue)];
  const { entities, people } = await readSimulationFacts(database, organizationId, ids, texts);
  const stored = ids.map((id): EntityFacts => {
    const { schema, title, attributes } =
      entities.get(id) ?? refuse({ code: 'NOT_FOUND', what: 'Entity', id });
    // What came out of a JSON column is JSON.
    return { id, schema, title, attributes: attributes as Attributes };
  });
  return { entities: given ? [given, ...stored] : stored, people };
}

function keysOf(items: readonly { readonly key: string }[]): Record<string, string> {
  return Object.fromEntries(items.map(({ key }) => [key, key]));
}

function answersIssues({ tasks }: DefinitionContent, answers: readonly SimulatedAnswer[]): InputIssue[] {
  if (answers.length > MAX_ANSWERS)
    return [
      { path: 'decisions', code: 'TOO_MANY', message: `There can be at most ${MAX_ANSWERS} decisions.` },
    ];
  return answers.flatMap(({ taskKey, branchKeys }, index): InputIssue[] => {
    const path = `decisions[${index}]`;
    const task = tasks.find(({ key }) => key === taskKey);
    if (task?.decision?.mode === 'MANUAL') return branchIssues(task, branchKeys, `${path}.branchKeys`);
    const message = `${path}.taskKey names no decision that is made by hand.`;
    return [{ path: `${path}.taskKey`, code: 'NOT_ALLOWED', message }];
  });
}

function durationIssues(amount: number): InputIssue[] {
  if (amount >= 0 && amount <= MAX_AMOUNT) return [];
  const path = 'taskDuration.amount';
  return [{ path, code: 'OUT_OF_RANGE', message: `${path} is 0 to ${MAX_AMOUNT}.` }];
}
