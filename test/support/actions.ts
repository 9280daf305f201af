/** Single actions of automations in a workshop: each in one transaction, as a run has it done. */
import { v7 as uuidv7 } from 'uuid';
import type { ActionOutcome } from '../../src/automation/action-type.ts';
import { actionType } from '../../src/automation/registry.ts';
import type { VariableRoot } from '../../src/automation/variables.ts';
import type { Attributes } from '../../src/engine/facts.ts';
import type { Json } from '../../src/engine/definition.ts';
import { insertRuns } from '../../src/store/automation-run-writes.ts';
import type { RunRecord } from '../../src/store/automation-runs.ts';
import type { StoredEvent } from '../../src/store/event-log.ts';
import { globalId } from '../../src/store/global-id.ts';
import type { Transaction } from '../../src/store/transaction.ts';
import { variablesWith } from './automation-variables.ts';
import { openWorkshop, type Workshop } from './workshop.ts';

export interface DoneAction {
  readonly outcome: ActionOutcome;
  /** What it wrote into the log. */
  readonly events: readonly StoredEvent[];
}

export interface Actions extends Workshop {
  /** The run that acts in everything that is done here. */
  readonly run: RunRecord;
  /** Does something in a transaction of the run. */
  inRun<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** Does one action with a config as it is stored, on the entity and execution that the run is told to have. */
  act(
    type: string,
    config: object,
    run?: Partial<RunRecord>,
    values?: Partial<Record<VariableRoot, Json>>,
  ): Promise<DoneAction>;
}

function newRun(id: string, createdAt: string): RunRecord {
  return {
    id,
    automationId: uuidv7(),
    versionId: null,
    status: 'PENDING',
    trigger: { type: 'MANUAL', eventSeq: null },
    input: {},
    entityId: null,
    executionId: null,
    taskId: null,
    taskRun: null,
    inputTaskKey: null,
    actions: [],
    outputEntityId: null,
    chainDepth: 3,
    error: null,
    startedById: null,
    createdAt,
    startedAt: null,
    finishedAt: null,
    retriedAt: null,
    version: 1,
  };
}

export async function openActions(): Promise<Actions> {
  const workshop = await openWorkshop();
  const { database, clock, viewer } = workshop;
  const { organizationId } = viewer;
  const run = newRun(uuidv7(), clock.now().toISOString());
  const inRun = async <T>(work: (tx: Transaction) => Promise<T>): Promise<T> => {
    const { id: runId, chainDepth, executionId } = run;
    const now = clock.now().toISOString();
    const scope = { organizationId, actorId: null, now, cause: { runId, chainDepth, executionId } };
    return (await database.transaction(scope, work)).value;
  };
  await inRun((tx) => insertRuns(tx, [{ ...run, automationId: run.automationId ?? '' }]));

  async function valuesOf(entityId: string | null): Promise<Partial<Record<VariableRoot, Json>>> {
    if (entityId === null) return {};
    const { schema, title, attributes } = await workshop.readEntity(entityId);
    return {
      entity: attributes as Attributes,
      entityId: globalId('Entity', entityId),
      entityTitle: title,
      entitySchema: schema,
    };
  }

  return {
    ...workshop,
    run,
    inRun,
    async act(type, config, about = {}, values = {}) {
      const found = actionType(type);
      if (!found) throw new Error(`no type of actions ${type}`);
      const before = (await workshop.events()).length;
      const variables = variablesWith({ ...(await valuesOf(about.entityId ?? null)), ...values });
      const outcome = await inRun((tx) =>
        found.run({ tx, run: { ...run, ...about }, actionKey: 'it', variables }, found.config.parse(config)),
      );
      return { outcome, events: (await workshop.events()).slice(before) };
    },
  };
}
