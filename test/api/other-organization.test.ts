import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomUUID } from 'node:crypto';
import { startRun } from '../../src/commands/automation-runs.ts';
import { createClosingReason } from '../../src/commands/closing-reasons.ts';
import { createEndpoint, sendTest } from '../../src/commands/webhook-endpoints.ts';
import { encodeId, parseId } from '../../src/graphql/ids.ts';
import { schema } from '../../src/graphql/schema.ts';
import { goAway } from '../support/absences.ts';
import { createJourney } from '../../src/journeys/journeys.ts';
import { openJourney } from '../../src/journeys/open-journey.ts';
import { createTestApi, type TestApi } from '../support/api.ts';
import { publishedAutomation } from '../support/automation-runs.ts';
import { changedAutomation, someAutomation } from '../support/automation-answers.ts';
import { form, RIGHT, valueOf } from '../support/journeys.ts';
import { phased } from '../support/workflow.ts';
import { command, done, eventCount, start, team, userId, type Running } from '../support/workflows.ts';

let api: TestApi;
/** What this organization has. */
let run: Running;
let theirTeam: { readonly id: string };
let noteId: string;
let reasonId: string;
let automationId: string;
let runId: string;
let webhookEndpointId: string;
let deliveryId: string;
let absenceId: string;
let journeyId: string;
let sessionId: string;

beforeAll(async () => {
  api = await createTestApi();
  theirTeam = await team(api, [api.partner]);
  run = await start(api, phased('survey: visit'));
  const { note } = await done(api, api.member, 'addNote', { taskId: run.task('visit'), body: 'Secret.' });
  noteId = note?.id ?? '';
  const reason = await createClosingReason(api.context(api.admin), { title: 'Moved away' });
  reasonId = encodeId('ClosingReason', reason.ok ? reason.value : '');
  const made = await changedAutomation(api, api.admin, 'createAutomation', { content: someAutomation() });
  automationId = made.id;
  const context = api.context(api.admin);
  const published = await publishedAutomation(context);
  const started = await startRun(context, {
    automationId: published,
    entityId: parseId(run.entityId)?.key ?? null,
  });
  runId = encodeId('AutomationRun', started.ok ? started.value : '');
  const settings = { name: 'Ours', url: 'https://hooks.example.com/', eventTypes: [], headers: [] };
  const endpoint = await createEndpoint(context, 'public', settings);
  const endpointKey = endpoint.ok ? endpoint.value.id : '';
  webhookEndpointId = encodeId('WebhookEndpoint', endpointKey);
  const delivery = await sendTest(context, { id: endpointKey });
  deliveryId = encodeId('Delivery', delivery.ok ? delivery.value : '');
  absenceId = await goAway(api, api.member, '2026-03-02', '2026-03-06', [api.designer]);
  const journeyKey = valueOf(await createJourney(context, { content: form() })).id;
  journeyId = encodeId('Journey', journeyKey);
  const opening = { taskId: null, journeyId: journeyKey, entityId: null };
  sessionId = encodeId('JourneySession', valueOf(await openJourney(context, opening)).sessionId);
});
afterAll(() => api[Symbol.asyncDispose]());

const NODE = 'query ($id: ID!) { node(id: $id) { id } nodes(ids: [$id]) { id } }';

describe('another organization', () => {
  type Input = Readonly<Record<string, unknown>>;

  /** For each mutation that takes an id: inputs with ids of this organization. The other one must not find them. */
  function foreignInputs(): Readonly<Record<string, readonly Input[]>> {
    const taskId = run.task('visit');
    const executionId = run.id;
    const { definitionId, entityId } = run;
    const reason = { closingReasonId: reasonId };
    const onTask = [{ taskId }, { taskId, expectedVersion: 1 }];
    const onExecution = [{ executionId }, { executionId, expectedVersion: 1 }];
    const onDefinition = [{ definitionId }, { definitionId, expectedVersion: 1 }];
    const onRun = [{ runId }, { runId, expectedVersion: 1 }];
    const onEndpoint = [{ webhookEndpointId }, { webhookEndpointId, expectedVersion: 1 }];
    const onJourney = [{ journeyId }, { journeyId, expectedVersion: 1 }];
    const onAutomation = [{ automationId }, { automationId, expectedVersion: 1 }];
    const onAbsence = [{ absenceId }, { absenceId, expectedVersion: 1 }];
    const days = { firstDay: '2026-03-02', lastDay: '2026-03-06' };
    const onLease = { taskId, leaseToken: `1.${'A'.repeat(43)}` };
    const content = { name: 'Theirs', tasks: [{ key: 'a', name: 'A', assignees: [userId(api.partner)] }] };
    return {
      startTask: onTask,
      stopTask: onTask,
      completeTask: onTask,
      skipTask: onTask,
      holdTask: onTask,
      resumeTask: onTask,
      reopenTask: onTask,
      retryTask: onTask,
      failTask: onTask,
      decideTask: onTask.map((input) => ({ ...input, branchKeys: ['theirs'] })),
      claimTask: onTask,
      releaseTask: onTask,
      setTaskDueDate: onTask,
      updateTask: onTask.map((input) => ({ ...input, name: 'Theirs' })),
      removeTask: onTask,
      assignTask: [...onTask.map((input) => ({ ...input, set: [] })), { taskId, add: [userId(api.partner)] }],
      addTask: [{ executionId, name: 'new', place: { inPhase: { phaseId: run.phase('survey') } } }],
      bulkUpdateTasks: [{ taskIds: [taskId], command: { assign: { set: [userId(api.partner)] } } }],
      closeExecution: onExecution,
      reopenExecution: onExecution,
      assignExecution: onExecution.map((input) => ({ ...input, set: [] })),
      setExecutionDueDate: onExecution,
      setContextEntities: onExecution.map((input) => ({ ...input, contextEntityIds: [entityId] })),
      deleteExecution: onExecution,
      startExecution: [{ definitionId, entityId }],
      addNote: [{ taskId, body: 'Theirs' }],
      updateNote: [
        { noteId: noteId, body: 'Theirs' },
        { noteId: noteId, body: 'Theirs', expectedVersion: 9 },
      ],
      deleteNote: [{ noteId: noteId }, { noteId: noteId, expectedVersion: 9 }],
      archiveDefinition: onDefinition,
      unarchiveDefinition: onDefinition,
      enableDefinition: onDefinition,
      disableDefinition: onDefinition,
      duplicateDefinition: [{ definitionId }],
      publishDefinition: onDefinition,
      saveDefinitionDraft: onDefinition.map((input) => ({ ...input, content: { name: 'Theirs' } })),
      importDefinition: [{ definitionId, document: '{}' }],
      createDefinition: [{ content }],
      archiveAutomation: onAutomation,
      unarchiveAutomation: onAutomation,
      enableAutomation: onAutomation,
      disableAutomation: onAutomation,
      duplicateAutomation: [{ automationId }],
      publishAutomation: onAutomation,
      saveAutomationDraft: onAutomation.map((input) => ({ ...input, content: { name: 'Theirs' } })),
      createAutomation: [
        { content: { name: 'Theirs', triggers: [{ type: 'EXECUTION_EVENT', definitionId }] } },
      ],
      runAutomation: onTask,
      requestConfirmation: onTask.map((input) => ({ ...input, to: [] })),
      withdrawConfirmation: onTask,
      extendLease: [{ ...onLease, leaseSeconds: 60 }],
      completeExternalTask: [onLease],
      failExternalTask: [{ ...onLease, message: 'Theirs' }],
      handBackExternalTask: [{ ...onLease, reason: 'Theirs' }],
      startAutomationRun: [{ automationId, entityId }],
      cancelAutomationRun: onRun,
      retryAutomationRun: onRun.map((input) => ({ ...input, from: 'START' })),
      updateWebhookEndpoint: onEndpoint.map((input) => ({ ...input, name: 'Theirs' })),
      enableWebhookEndpoint: onEndpoint,
      disableWebhookEndpoint: onEndpoint,
      rotateWebhookSecret: onEndpoint,
      updateJourney: onJourney.map((input) => ({ ...input, content: { name: 'Theirs' } })),
      enableJourney: onJourney,
      disableJourney: onJourney,
      archiveJourney: onJourney,
      unarchiveJourney: onJourney,
      rotateJourneySecret: onJourney,
      openJourney: [{ taskId }, { journeyId }],
      saveJourneyDraft: [{ sessionId, data: {} }],
      submitJourney: [{ sessionId, data: RIGHT }],
      closeJourneySession: [{ sessionId }],
      deleteWebhookEndpoint: onEndpoint,
      sendTestWebhook: [{ webhookEndpointId }],
      redeliver: [{ deliveryId }, { deliveryId, expectedVersion: 1 }],
      redeliverFailed: [{ webhookEndpointId }],
      markNotificationsRead: [{ ids: [encodeId('Notification', randomUUID())] }],
      createAbsence: [
        { ...days, substituteIds: [userId(api.designer)] },
        { ...days, userId: userId(api.member), substituteIds: [userId(api.otherAdmin)] },
      ],
      updateAbsence: onAbsence.map((input) => ({ ...input, substituteIds: [userId(api.designer)] })),
      endAbsence: onAbsence,
      createTeam: [{ name: 'Theirs', memberIds: [userId(api.partner)] }],
      updateTeam: [
        { teamId: theirTeam.id, name: 'Theirs' },
        { teamId: theirTeam.id, addMemberIds: [userId(api.partner)] },
      ],
      updateUser: [{ userId: userId(api.partner), name: 'Theirs' }],
      updateEntity: [{ entityId, title: 'Theirs' }],
      deleteEntity: [{ entityId }],
      updateClosingReason: [{ ...reason, title: 'Theirs' }],
      setClosingReasonStatus: [{ ...reason, status: 'INACTIVE' }],
    };
  }

  /** Mutations without an id in their input. */
  const WITHOUT_IDS = [
    'createClosingReason',
    'createEntity',
    'createUser',
    'updateOrganization',
    'createJourney',
    'createWebhookEndpoint',
    'updateNotificationSettings',
    'fetchExternalTasks',
  ];
  const MUTATIONS = Object.keys(schema.getMutationType()?.getFields() ?? {}).filter(
    (name) => !WITHOUT_IDS.includes(name),
  );

  it.each(MUTATIONS)(
    'does not find anything of this one by %s, and changes nothing here',
    async (mutation) => {
      const inputs = foreignInputs()[mutation];
      expect(inputs, `add inputs of ${mutation} to this test`).toBeDefined();
      const before = await eventCount(api, api.admin);
      for (const input of inputs ?? []) {
        const answer = await command<{ results?: { problem: { code: string } | null }[] }>(
          api,
          api.otherAdmin,
          mutation,
          input,
          mutation === 'bulkUpdateTasks'
            ? '... on BulkUpdateTasksPayload { results { problem { ... on Problem { code } } } }'
            : '',
        );
        // What names people of elsewhere in a draft may be kept, but says no more than that they are unknown.
        if (mutation === 'createDefinition' || mutation === 'createAutomation') continue;
        const code = answer.code ?? answer.results?.[0]?.problem?.code;
        expect(code, JSON.stringify(answer)).toMatch(/^(NOT_FOUND|INVALID_INPUT)$/);
        if (answer.code === 'INVALID_INPUT') {
          expect(answer.issues?.map(({ code }) => code).join()).toMatch(/^(UNKNOWN_\w+|INVALID_DOCUMENT)$/);
        }
      }
      expect(await eventCount(api, api.admin)).toBe(before);
    },
  );

  it.each([
    ['execution', () => run.id],
    ['phase', () => run.phase('survey')],
    ['task', () => run.task('visit')],
    ['note', () => noteId],
    ['entity', () => run.entityId],
    ['automation', () => automationId],
    ['automation run', () => runId],
    ['webhook endpoint', () => webhookEndpointId],
    ['message', () => deliveryId],
    ['absence', () => absenceId],
    ['definition', () => run.definitionId],
    ['team', () => theirTeam.id],
    ['user', () => userId(api.partner)],
  ])('finds no %s of this one as a node', async (_what, id) => {
    expect(await api.data(api.otherAdmin, NODE, { id: id() })).toEqual({ node: null, nodes: [null] });
  });

  it('finds nothing of this one by any query for one object', async () => {
    const read = await api.data(
      api.otherAdmin,
      `query ($execution: ID!, $task: ID!, $entity: ID!, $definition: ID!, $team: ID!) {
         workflowExecution(id: $execution) { id } task(id: $task) { id } entity(id: $entity) { id }
         workflowDefinition(id: $definition) { id } team(id: $team) { id } }`,
      {
        execution: run.id,
        task: run.task('visit'),
        entity: run.entityId,
        definition: run.definitionId,
        team: theirTeam.id,
      },
    );
    expect(read).toEqual({
      workflowExecution: null,
      task: null,
      entity: null,
      workflowDefinition: null,
      team: null,
    });
  });

  it('finds nothing of this one by any filter, not even a count', async () => {
    const read = await api.data(
      api.otherAdmin,
      `query ($user: ID, $team: ID, $ids: [ID!], $entities: [ID!]) {
         own: inbox(assignee: $user) { nodes { id } totalCount }
         team: inbox(assignee: $team) { nodes { id } totalCount }
         byDefinition: workflowExecutions(filter: { definitionIds: $ids }) { nodes { id } totalCount }
         byEntity: workflowExecutions(filter: { entityIds: $entities }) { nodes { id } totalCount } }`,
      { user: userId(api.partner), team: theirTeam.id, ids: [run.definitionId], entities: [run.entityId] },
    );
    const nothing = { nodes: [], totalCount: 0 };
    expect(read).toEqual({ own: nothing, team: nothing, byDefinition: nothing, byEntity: nothing });
  });

  it.each([
    ['executionEvents', 'executionId', () => run.id],
    ['entityEvents', 'entityId', () => run.entityId],
    ['automationRunEvents', 'runId', () => runId],
  ])('can’t watch the %s of this one', async (field, argument, id) => {
    const document = `subscription ($id: ID!) { ${field}(${argument}: $id) { type } }`;
    await expect(api.subscribe(api.otherAdmin, document, { id: id() })).rejects.toThrow('NOT_FOUND');
  });
});
