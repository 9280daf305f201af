/** What can be done with runs of automations. (Those of tasks can also be had by the tasks' own commands: task-life.ts.) */
import { cancelRun, retryRun, startRun } from '../commands/automation-runs.ts';
import type { Done } from '../commands/execute.ts';
import type { ApiTypes } from './builder.ts';
import { RetryFromEnum } from './automation-run.ts';
import { inputKey } from './ids.ts';
import { defineMutation } from './mutation.ts';
import { AutomationRunRef } from './refs.ts';

function runInput(t: PothosSchemaTypes.InputFieldBuilder<ApiTypes, 'InputObject'>) {
  return {
    runId: t.id({ required: true, description: 'The id of the AutomationRun.' }),
    expectedVersion: t.int({
      description: 'Refuse with VersionConflictProblem if the run has another version by now.',
    }),
  };
}

function onRun({
  runId,
  expectedVersion,
}: {
  readonly runId: string;
  readonly expectedVersion?: number | null | undefined;
}) {
  return {
    runId: inputKey('runId', 'AutomationRun', runId),
    expectedVersion: expectedVersion ?? undefined,
  };
}

function runPayload(t: PothosSchemaTypes.ObjectFieldBuilder<ApiTypes, Done<string>>) {
  return {
    run: t.field({
      type: AutomationRunRef,
      nullable: true,
      description: 'The run after the command; it goes on by itself.',
      resolve: ({ value }, _args, { loaders }) => loaders.automationRuns.load(value),
    }),
  };
}

defineMutation('startAutomationRun', {
  description:
    'Runs the newest published version of an automation: on an entity by its trigger MANUAL, or with data or on nothing by its trigger API. Needs the role member.',
  input: (t) => ({
    automationId: t.id({ required: true, description: 'The id of the Automation.' }),
    entityId: t.id({
      description: 'The id of the Entity to work on. May be left out with a trigger of the type API.',
    }),
    data: t.field({
      type: 'JSON',
      description:
        'A JSON object that is handed to the actions: `{{input.…}}`. Only with a trigger of the type API.',
    }),
    idempotencyKey: t.string({
      description: 'A repeated request with the same key answers the first one’s run.',
    }),
  }),
  payload: runPayload,
  problems: ['NOT_FOUND', 'AUTOMATION_NOT_RUNNABLE', 'IDEMPOTENCY_CONFLICT'],
  run: ({ automationId, entityId, data, idempotencyKey }, context) =>
    startRun(context, {
      automationId: inputKey('automationId', 'Automation', automationId),
      entityId: typeof entityId === 'string' ? inputKey('entityId', 'Entity', entityId) : null,
      data: data ?? undefined,
      idempotencyKey: idempotencyKey ?? undefined,
    }),
});

defineMutation('cancelAutomationRun', {
  description:
    'Ends a run early: no further action is begun, messages that are on their way are given up, its task is skipped. Needs the role member.',
  input: runInput,
  payload: runPayload,
  problems: ['NOT_FOUND', 'VERSION_CONFLICT', 'RUN_COMMAND_NOT_ALLOWED'],
  run: (input, context) => cancelRun(context, onRun(input)),
});

defineMutation('retryAutomationRun', {
  description:
    'Lets a run go on that is over without success, or does everything again as a new run. That of a task: as by `retryTask` or `runAutomation`, as long as it is the newest. Needs the role member.',
  input: (t) => ({
    ...runInput(t),
    from: t.field({ type: RetryFromEnum, required: true, description: 'Where it goes on.' }),
  }),
  payload: runPayload,
  problems: [
    'NOT_FOUND',
    'VERSION_CONFLICT',
    'RUN_COMMAND_NOT_ALLOWED',
    'COMMAND_NOT_ALLOWED',
    'TASK_BLOCKED',
    'EXECUTION_NOT_OPEN',
  ],
  run: (input, context) => retryRun(context, { ...onRun(input), from: input.from }),
});
