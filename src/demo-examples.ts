/** The operations that GraphiQL opens with, with variables that fit the demo organization as it is now. */
import { DEMO_ADMIN, DEMO_ORGANIZATION } from '../prisma/seed.ts';
import { absenceExamples } from './demo-absence-examples.ts';
import { confirmationExamples } from './demo-confirmation-examples.ts';
import { automationExamples } from './demo-automation-examples.ts';
import { WORKER_EXAMPLES } from './demo-worker-examples.ts';
import { escalationExamples } from './demo-escalation-examples.ts';
import { journeyExamples } from './demo-journey-examples.ts';
import { encodeId } from './graphql/ids.ts';
import type { GraphiqlExample } from './http/graphiql-examples.ts';
import type { Database } from './store/database.ts';
import { encodePosition } from './store/event-cursor.ts';
import { readPosition } from './store/event-log.ts';
import { readViewer } from './store/viewers.ts';

const INBOX = `
query Inbox {
  inbox(first: 10, orderBy: { field: DUE_AT }) {
    totalCount
    counts { overdue today thisWeek later withoutDate blocked }
    nodes {
      name status dueAt isOverdue isEnabled
      phase { name }
      entity { title }
      execution { name }
      assignees { __typename ... on User { name } ... on Team { name } }
      viewerCommands
    }
    pageInfo { hasNextPage endCursor }
    position
  }
}`;

const SIDEBAR = `
query Sidebar($entityId: ID!, $atLeast: String) {
  entity(id: $entityId, atLeast: $atLeast) {
    schema title attributes
    executions(first: 5) {
      nodes {
        id name status dueAt isOverdue
        progress { completed skipped total ratio }
        currentTask { name }
        viewerCanClose
        phases {
          name status
          progress { ratio }
          tasks {
            id name status isEnabled dueAt noteCount
            assignees { __typename ... on User { name } ... on Team { name } }
            blockers { message ... on TaskBlocker { task { name } } }
            viewerCommands
          }
        }
      }
    }
    startableDefinitions { id name }
  }
}`;

const ENTITY_TABLE = `
query EntityTable {
  entities(filter: { schema: "opportunity" }, first: 10) {
    totalCount
    nodes {
      title
      executions(statuses: [STARTED]) {
        nodes {
          name
          currentPhase { name }
          currentTask { name dueAt }
          phasesInProgress { name progress { ratio } }
        }
      }
    }
  }
}`;

const DEFINE = `
mutation Define {
  createDefinition(input: {
    content: {
      name: "Customer complaint"
      triggers: [{ entitySchema: "contract" }]
      phases: [{ key: "receive", name: "Receive" }, { key: "solve", name: "Solve" }]
      tasks: [
        { key: "listen", name: "Call the customer back", phaseKey: "receive" }
        { key: "decide", name: "Decide what to offer", phaseKey: "receive", requirements: [{ taskKey: "listen" }] }
        { key: "offer", name: "Make the offer", phaseKey: "solve", requirements: [{ phaseKey: "receive" }] }
      ]
    }
  }) {
    ... on CreateDefinitionPayload { definition { id name version issues { severity code path message } } position }
    ... on Problem { code message }
  }
}`;

const PUBLISH = `
mutation Publish($definitionId: ID!) {
  publishDefinition(input: { definitionId: $definitionId }) {
    ... on PublishDefinitionPayload { definition { name published { number publishedAt } } }
    ... on DefinitionInvalidProblem { definitionIssues { severity code path message } }
    ... on Problem { code message }
  }
}`;

const START = `
mutation Start($definitionId: ID!, $entityId: ID!) {
  startExecution(input: { definitionId: $definitionId, entityId: $entityId }) {
    ... on StartExecutionPayload {
      execution { id name status phases { name tasks { id name isEnabled } } }
      position
    }
    ... on Problem { code message }
  }
}`;

const COMPLETE = `
mutation Complete($taskId: ID!) {
  completeTask(input: { taskId: $taskId }) {
    ... on CompleteTaskPayload {
      task { name status finishedAt finishedBy { ... on User { name } } }
      execution { status progress { ratio } currentTask { name } }
      position
    }
    ... on TaskBlockedProblem { message blockers { message } }
    ... on CommandNotAllowedProblem { message taskStatus allowedCommands }
    ... on Problem { code message }
  }
}`;

const DECIDE = `
mutation Decide($taskId: ID!, $branchKeys: [String!]!) {
  decideTask(input: { taskId: $taskId, branchKeys: $branchKeys }) {
    ... on DecideTaskPayload {
      task { name status iterations decided { takenBranchKeys isMaximumReached by { ... on User { name } } } }
      execution { status currentTask { name } tasks { name status skipReason } }
      position
    }
    ... on TaskBlockedProblem { message blockers { message } }
    ... on Problem { code message }
  }
}`;

const SIMULATE = `
query Simulate($definitionId: ID!, $entityId: ID!, $decisions: [SimulatedDecisionInput!]!) {
  simulateDefinition(input: { definitionId: $definitionId, entityId: $entityId, decisions: $decisions }) {
    ... on Simulation {
      status path
      steps { at type taskName branchKeys }
      neverReached { name }
      deadEnds { taskName reason }
      entityWrites { attribute value }
    }
    ... on DefinitionInvalidProblem { message definitionIssues { severity code path message } }
    ... on Problem { code message }
  }
}`;

const BLOCKERS = `
query Blockers($taskId: ID!) {
  task(id: $taskId) {
    name status isEnabled
    blockers {
      message clearedBy
      clearers { __typename ... on User { name } ... on Team { name } }
      blockers {
        message clearedBy
        blockers { message clearedBy }
      }
    }
  }
}`;

const DIAGRAM = `
query Diagram($executionId: ID!) {
  workflowExecution(id: $executionId) {
    diagram
    definition { diagram }
  }
}`;

const BULK = `
mutation Bulk($taskIds: [ID!]!, $dueAt: DateTime!) {
  bulkUpdateTasks(input: { taskIds: $taskIds, command: { setDueDate: { dueAt: $dueAt } } }) {
    ... on BulkUpdateTasksPayload {
      doneCount
      results { isDone task { name dueAt } problem { ... on Problem { code message } } }
    }
    ... on Problem { code message }
  }
}`;

const HISTORY = `
query History($executionId: ID!) {
  workflowExecution(id: $executionId) {
    name
    history(first: 20) {
      nodes { at type actor { ... on User { name } } task { name } changedFields cursor }
    }
  }
}`;

const WATCH = `
subscription Watch($entityId: ID!, $after: String) {
  entityEvents(entityId: $entityId, after: $after) {
    cursor type at
    actor { ... on User { name } }
    changedFields
    task { name status isEnabled }
    execution { status progress { ratio } currentTask { name } }
  }
}`;

const WATCH_INBOX = `
subscription WatchInbox($after: String) {
  inboxEvents(after: $after) {
    cursor type at
    task { name status dueAt assignees { __typename ... on User { name } ... on Team { name } } }
  }
}`;

const LIVE_INBOX = `
subscription LiveInbox {
  liveInbox(first: 10, orderBy: { field: DUE_AT }) {
    position isReset
    changes {
      kind index previousIndex
      task {
        name status dueAt isOverdue isEnabled
        entity { title }
        assignees { __typename ... on User { name } ... on Team { name } }
      }
    }
    counts { overdue today thisWeek later withoutDate blocked }
    totalCount hasMore
  }
}`;

const LIVE_SIDEBAR = `
subscription LiveSidebar($entityId: ID!) {
  liveSidebar(entityId: $entityId, first: 5) {
    position isReset
    changes {
      kind index previousIndex
      execution {
        name status
        progress { completed skipped total ratio }
        currentTask { name }
        phases { name status tasks { name status isEnabled } }
      }
    }
    entity { title }
    totalCount hasMore
  }
}`;

/** What the examples speak of in the demo organization, as it is now: objects, and how far its log is. */
async function pick(database: Database) {
  const admin = await readViewer(database, DEMO_ORGANIZATION, DEMO_ADMIN, new Date().toISOString());
  const organizationId = admin?.organizationId ?? '';
  const { prisma } = database;
  const execution = await prisma.execution.findFirst({
    where: {
      organizationId,
      definition: { name: 'Solar installation' },
      tasks: { some: { isEnabled: true } },
    },
    orderBy: { id: 'asc' },
    include: {
      tasks: { where: { status: { in: ['PENDING', 'IN_PROGRESS'] } }, orderBy: { position: 'asc' } },
    },
  });
  const definition = await prisma.definition.findFirst({ where: { organizationId, name: 'Meter change' } });
  const people = await prisma.user.findMany({
    where: { organizationId, kind: 'INTERNAL' },
    orderBy: { externalId: 'asc' },
    take: 2,
  });
  const meter = await prisma.entity.findFirst({
    where: { organizationId, schema: 'meter' },
    orderBy: { title: 'asc' },
  });
  const decision = await prisma.task.findFirst({
    where: { organizationId, status: 'CONDITION_PENDING' },
    orderBy: { id: 'asc' },
  });
  const position = encodePosition(await readPosition(database, organizationId));
  return { organizationId, execution, definition, people, meter, decision, position };
}

/** The examples, in the order in which one would try them. */
export async function demoExamples(database: Database): Promise<readonly GraphiqlExample[]> {
  const { organizationId, execution, definition, people, meter, decision, position } = await pick(database);
  const id = (type: Parameters<typeof encodeId>[0], key: string | undefined) => encodeId(type, key ?? '');
  const entityId = id('Entity', execution?.entityId);
  const definitionId = id('WorkflowDefinition', definition?.id);
  const enabled = execution?.tasks.find(({ isEnabled }) => isEnabled);
  const taskIds = (execution?.tasks ?? []).slice(0, 3).map((task) => id('Task', task.id));
  const dueAt = new Date(Date.now() + 7 * 24 * 60 * 60 * 1000).toISOString();
  return [
    { name: 'My inbox: what is assigned to me or to my teams', query: INBOX },
    {
      name: 'The sidebar of an entity, no older than my last change (atLeast)',
      query: SIDEBAR,
      variables: { entityId, atLeast: position },
    },
    {
      name: 'Live inbox: run it, then complete a task in another window',
      query: LIVE_INBOX,
    },
    {
      name: 'Live sidebar: the same for the workflows on an entity',
      query: LIVE_SIDEBAR,
      variables: { entityId },
    },
    {
      name: 'Events of an entity: since this page was opened, then live',
      query: WATCH,
      variables: { entityId, after: position },
    },
    { name: 'Complete a task', query: COMPLETE, variables: { taskId: id('Task', enabled?.id) } },
    {
      name: 'Make a decision: the branches that it takes',
      query: DECIDE,
      variables: { taskId: id('Task', decision?.id), branchKeys: ['yes'] },
    },
    {
      name: 'Why a task waits, down to what has to be done now, and by whom',
      query: BLOCKERS,
      variables: { taskId: id('Task', execution?.tasks.at(-1)?.id) },
    },
    {
      name: 'An execution as a picture: paste the diagram where Mermaid is drawn',
      query: DIAGRAM,
      variables: { executionId: id('WorkflowExecution', decision?.executionId) },
    },
    { name: 'One command for several tasks', query: BULK, variables: { taskIds, dueAt } },
    {
      name: 'What happened',
      query: HISTORY,
      variables: { executionId: id('WorkflowExecution', execution?.id) },
    },
    { name: 'A table of entities with where their workflows are', query: ENTITY_TABLE },
    { name: 'Define a workflow', query: DEFINE },
    { name: 'Publish a draft', query: PUBLISH, variables: { definitionId } },
    {
      name: 'Simulate a workflow: what would happen, with decisions as told; nothing is written',
      query: SIMULATE,
      variables: {
        definitionId,
        entityId: id('Entity', meter?.id),
        decisions: ['again', 'yes'].map((branchKey) => ({ taskKey: 'answers', branchKeys: [branchKey] })),
      },
    },
    {
      name: 'Start a workflow on an entity',
      query: START,
      variables: { definitionId, entityId: id('Entity', meter?.id) },
    },
    {
      name: 'Events of my inbox: after a position, then live',
      query: WATCH_INBOX,
      variables: { after: position },
    },
    ...(await absenceExamples(database, organizationId)),
    ...(await confirmationExamples(database, { organizationId, taskId: enabled?.id })),
    ...escalationExamples(people.map(({ id: key }) => key)),
    ...(await journeyExamples(database, organizationId)),
    ...(await automationExamples(database, { organizationId, position })),
    ...WORKER_EXAMPLES,
  ];
}
