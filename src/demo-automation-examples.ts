/** The operations about automations, webhooks and notifications that GraphiQL opens with. */
import { encodeId } from './graphql/ids.ts';
import type { GraphiqlExample } from './http/graphiql-examples.ts';
import type { Database } from './store/database.ts';
import { encodePosition } from './store/event-cursor.ts';

const ACTION_TYPES = `
query ActionTypes {
  automationActionTypes { type title description retry inputField configSchema }
}`;

const DEFINE_AUTOMATION = `
mutation DefineAutomation {
  createAutomation(input: {
    content: {
      name: "Welcome a new customer"
      triggers: [{ type: ENTITY_CREATED, entitySchema: "contract" }, { type: MANUAL, entitySchema: "contract" }]
      actions: [
        {
          key: "present"
          createEntity: {
            schema: "present"
            title: "Welcome present for {{entity.customer.name}}"
            attributes: [{ target: "contractId", mode: SET, value: "{{entityId}}" }]
          }
        }
        {
          key: "remember"
          updateEntity: { attributes: [{ target: "presentId", mode: SET, value: "{{steps.present.id}}" }] }
        }
        {
          key: "welcome"
          allowsFailure: true
          sendEmail: {
            to: ["{{entity.customer.email}}"]
            subject: "Welcome, {{entity.customer.name}}"
            text: "A present is on its way to you."
          }
        }
      ]
    }
  }) {
    ... on CreateAutomationPayload { automation { id name version issues { severity code path message } } position }
    ... on Problem { code message }
  }
}`;

const PUBLISH_AUTOMATION = `
mutation PublishAutomation($automationId: ID!) {
  publishAutomation(input: { automationId: $automationId }) {
    ... on PublishAutomationPayload { automation { name isEnabled } published { number publishedAt } }
    ... on AutomationInvalidProblem { automationIssues { severity code path message } }
    ... on Problem { code message }
  }
}`;

const RUN_TASK = `
mutation RunTask($taskId: ID!) {
  runAutomation(input: { taskId: $taskId }) {
    ... on RunAutomationPayload {
      task { name status automation { mode automation { name } } automationRun { id number status } }
      position
    }
    ... on TaskBlockedProblem { message blockers { message } }
    ... on CommandNotAllowedProblem { message taskStatus allowedCommands }
    ... on Problem { code message }
  }
}`;

const WATCH_RUNS = `
subscription WatchRuns($entityId: ID!, $after: String) {
  entityEvents(entityId: $entityId, after: $after) {
    cursor type at changedFields
    automationRun {
      status
      automation { name }
      progress { done total }
      actions { name status error { code message } }
    }
    task { name status }
  }
}`;

const WATCH_RUN = `
subscription WatchRun($runId: ID!, $after: String) {
  automationRunEvents(runId: $runId, after: $after) {
    cursor type at
    automationRun {
      status
      actions { name status attempts nextAt error { code message } output }
    }
  }
}`;

const RUNS = `
query Runs {
  automationRuns(first: 10) {
    totalCount
    nodes {
      id status createdAt finishedAt chainDepth viewerCanRetry
      automation { name }
      trigger { type event { type } }
      startedBy { ... on User { name } }
      entity { title }
      task { name }
      error { code message }
      actions { key name type status attempts startedAt finishedAt error { code message } output delivery { id status } }
    }
  }
}`;

const RUN_ON_ENTITY = `
mutation RunOnEntity($automationId: ID!, $entityId: ID!) {
  startAutomationRun(input: { automationId: $automationId, entityId: $entityId }) {
    ... on StartAutomationRunPayload { run { id status entity { title runnableAutomations { name } } } position }
    ... on AutomationNotRunnableProblem { message }
    ... on Problem { code message }
  }
}`;

const RETRY_RUN = `
mutation RetryRun($runId: ID!) {
  retryAutomationRun(input: { runId: $runId, from: FAILED_ACTION }) {
    ... on RetryAutomationRunPayload { run { id status actions { name status attempts } } position }
    ... on RunCommandNotAllowedProblem { message runStatus }
    ... on Problem { code message }
  }
}`;

const CREATE_ENDPOINT = `
mutation CreateEndpoint($url: String!) {
  createWebhookEndpoint(input: {
    name: "Operations"
    url: $url
    eventTypes: ["automation_run.failed", "automation.disabled"]
  }) {
    ... on CreateWebhookEndpointPayload { secret webhookEndpoint { id name url eventTypes isEnabled } }
    ... on InvalidInputProblem { message issues { path code message } }
    ... on Problem { code message }
  }
}`;

const DELIVERIES = `
query Deliveries {
  deliveries(first: 10) {
    totalCount
    nodes {
      id kind status type attemptCount nextAttemptAt createdAt
      endpoint { name url isEnabled }
      email { to subject text }
      body
      error { code message }
      log { number at durationMs statusCode response error { code message } }
    }
  }
  webhookEndpoints { nodes { id name url eventTypes isEnabled disabledReason } }
}`;

const REDELIVER = `
mutation Redeliver($deliveryId: ID!) {
  redeliver(input: { deliveryId: $deliveryId }) {
    ... on RedeliverPayload { delivery { status messageId nextAttemptAt } position }
    ... on DeliveryNotSendableProblem { message notSendableReason }
    ... on Problem { code message }
  }
}`;

const NOTIFICATIONS = `
query Notifications {
  viewer {
    unreadNotificationCount
    notifications(first: 10) {
      totalCount
      nodes { id kind title body createdAt readAt email task { name dueAt } actor { ... on User { name } } }
    }
    notificationSettings { emailEvery preferences { kind channel } }
  }
}`;

const NOTIFICATION_SETTINGS = `
mutation NotificationSettings {
  updateNotificationSettings(input: {
    emailEvery: DAILY
    preferences: [{ kind: ASSIGNMENT, channel: BOTH }, { kind: REMINDER, channel: IN_APP }]
  }) {
    ... on UpdateNotificationSettingsPayload {
      user { name notificationSettings { emailEvery preferences { kind channel } } }
    }
    ... on Problem { code message }
  }
}`;

const WATCH_NOTIFICATIONS = `
subscription WatchNotifications($after: String) {
  notificationEvents(after: $after) {
    cursor type at
    notification { kind title readAt task { name } actor { ... on User { name } } }
  }
}`;

/** What these examples speak of in the organization, as it is now. */
async function pick({ prisma }: Database, organizationId: string) {
  const automations = await prisma.automation.findMany({ where: { organizationId } });
  const automationId = (name: string) => automations.find((automation) => automation.name === name)?.id ?? '';
  const task = await prisma.task.findFirst({
    where: { organizationId, key: 'prepare-offer' },
    // One that can be run, or at least one of which it is said why it can't.
    orderBy: [{ isEnabled: 'desc' }, { id: 'desc' }],
    include: { execution: true },
  });
  const order = await prisma.entity.findFirst({
    where: { organizationId, schema: 'order' },
    orderBy: { title: 'asc' },
  });
  const run = await prisma.automationRun.findFirst({
    where: { organizationId, automationId: automationId('Grid registration') },
    orderBy: { id: 'desc' },
  });
  const started = await prisma.event.findFirst({
    where: { organizationId, subjectId: run?.id ?? '', type: 'AUTOMATION_RUN_STARTED' },
  });
  const delivery = await prisma.delivery.findFirst({
    where: { organizationId, status: 'NOT_SENT' },
    orderBy: { id: 'desc' },
  });
  return { automationId, task, order, run, beforeRun: Number(started?.seq ?? 1) - 1, delivery };
}

/** The examples, in the order in which one would try them. `position`: how far the log is. */
export async function automationExamples(
  database: Database,
  { organizationId, position }: { readonly organizationId: string; readonly position: string },
): Promise<readonly GraphiqlExample[]> {
  const { automationId, task, order, run, beforeRun, delivery } = await pick(database, organizationId);
  const runId = encodeId('AutomationRun', run?.id ?? '');
  return [
    {
      name: 'Press the button of a task: its automation runs',
      query: RUN_TASK,
      variables: { taskId: encodeId('Task', task?.id ?? '') },
    },
    {
      name: 'What it did, step by step: since this page was opened, then live',
      query: WATCH_RUNS,
      variables: { entityId: encodeId('Entity', task?.execution.entityId ?? ''), after: position },
    },
    { name: 'What automations did: each run with its actions', query: RUNS },
    {
      name: 'One run from its start, then live',
      query: WATCH_RUN,
      variables: { runId, after: encodePosition(beforeRun) },
    },
    {
      name: 'Retry a run (this one needs its endpoint enabled: see the README)',
      query: RETRY_RUN,
      variables: { runId },
    },
    {
      name: 'Run an automation on an entity, by hand',
      query: RUN_ON_ENTITY,
      variables: {
        automationId: encodeId('Automation', automationId('Confirm the order by e-mail')),
        entityId: encodeId('Entity', order?.id ?? ''),
      },
    },
    { name: 'What actions can do, with the schemas of their configs', query: ACTION_TYPES },
    { name: 'Define an automation', query: DEFINE_AUTOMATION },
    {
      name: 'Publish an automation’s draft',
      query: PUBLISH_AUTOMATION,
      variables: { automationId: encodeId('Automation', automationId('Prepare the offer')) },
    },
    {
      name: 'Have webhooks sent to your address; the secret is shown once',
      query: CREATE_ENDPOINT,
      variables: { url: 'https://hooks.example.com/handrail' },
    },
    { name: 'What was sent: webhooks and e-mail, with every attempt', query: DELIVERIES },
    {
      name: 'Send a message again',
      query: REDELIVER,
      variables: { deliveryId: encodeId('Delivery', delivery?.id ?? '') },
    },
    { name: 'What I am told of, and by which way', query: NOTIFICATIONS },
    { name: 'Choose what reaches me', query: NOTIFICATION_SETTINGS },
    {
      name: 'My notifications, live',
      query: WATCH_NOTIFICATIONS,
      variables: { after: position },
    },
  ];
}
