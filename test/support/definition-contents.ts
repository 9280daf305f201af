/** The content of definitions as the API gives it back. */
import type { TestApi } from './api.ts';
import { changed, someContent } from './definitions.ts';
import { graphql } from './generated/gql.ts';
import type {
  ContentViewFragment,
  DefinitionContentInput,
  DefinitionContentReadQuery,
  TaskDefinitionInput,
  TaskDefinitionViewFragment,
} from './generated/graphql.ts';
import { present } from './typed.ts';

graphql(`
  fragment ContentView on DefinitionContent {
    dueAt
    dueRule {
      ...DueRuleView
    }
    assignees {
      ...AssigneeView
    }
    triggers {
      __typename
      type
      ... on ManualTrigger {
        entitySchema
      }
      ... on AutomationTrigger {
        automationId
      }
      ... on JourneyTrigger {
        journeyId
      }
    }
    phases {
      key
      dueRule {
        ...DueRuleView
      }
      assignees {
        ...AssigneeView
      }
    }
    tasks {
      ...TaskDefinitionView
    }
    edges {
      from {
        taskKey
      }
      to {
        taskKey
      }
      branchKey
    }
    entitySync {
      event
      taskKey
      phaseKey
      entitySchema
      path
      source
      customValue
    }
  }
`);
graphql(`
  fragment DueRuleView on DueRule {
    amount
    unit
    anchor
    taskKey
    phaseKey
  }
`);
graphql(`
  fragment AssigneeView on DefinitionAssignee {
    __typename
    ... on User {
      id
    }
    ... on UnresolvedAssignee {
      reference
      variable
      isTeam
    }
  }
`);
graphql(`
  fragment TaskDefinitionView on TaskDefinition {
    key
    type
    dueRule {
      ...DueRuleView
    }
    assignees {
      ...AssigneeView
    }
    schedule {
      anchor
      direction
      amount
      unit
      taskKey
      path
      entitySchema
    }
    decision {
      mode
      takes
      branches {
        key
        name
        isDefault
        connective
        statements {
          source {
            __typename
            ... on EntityStatementSource {
              entitySchema
              paths
              match
              offset {
                amount
                unit
              }
            }
            ... on ExecutionStatementSource {
              fact
              taskKey
              phaseKey
              offset {
                amount
                unit
              }
            }
          }
          operator
          values
          valueType
        }
      }
      loop {
        branchKey
        exitBranchKey
        maxIterations
      }
    }
    automation {
      automationId
      mode
      inputTaskKey
    }
    journey {
      journeyId
      completesTask
    }
  }
`);
const READ = graphql(`
  query DefinitionContentRead($id: ID!) {
    workflowDefinition(id: $id) {
      draft {
        ...ContentView
      }
      published {
        content {
          ...ContentView
        }
      }
    }
  }
`);

type Read = NonNullable<DefinitionContentReadQuery['workflowDefinition']>;

/** The draft and the published content of a definition. */
export async function readContents(api: TestApi, id: string): Promise<Read> {
  return present((await api.data(api.member, READ, { id })).workflowDefinition);
}

/** The draft that was saved of a content with these parts. */
export async function savedDraft(
  api: TestApi,
  parts: Partial<DefinitionContentInput>,
): Promise<ContentViewFragment> {
  const { id } = await changed(api, api.designer, 'createDefinition', { content: someContent(parts) });
  return (await readContents(api, id)).draft;
}

/** The task that was saved of a task with these parts. */
export async function savedTask(
  api: TestApi,
  parts: Partial<TaskDefinitionInput>,
): Promise<TaskDefinitionViewFragment> {
  const [task] = (await savedDraft(api, { tasks: [{ key: 'a', name: 'A', ...parts }] })).tasks;
  return present(task);
}
