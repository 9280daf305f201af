/** Tasks for programs, and the operations of workers over the API. */
import type { Viewer } from '../../src/commands/viewer.ts';
import type { ExternalReference, TaskDefinition } from '../../src/engine/definition.ts';
import type { TestApi } from './api.ts';
import { graphql } from './generated/gql.ts';
import type {
  CompleteWorkMutation,
  ExtendWorkMutation,
  FailWorkMutation,
  FetchExternalTasksInput,
  FetchWorkMutation,
  HandBackWorkMutation,
} from './generated/graphql.ts';
import { ofType, present } from './typed.ts';
import { task } from './workflow.ts';

export function external(parts: Partial<ExternalReference> = {}): ExternalReference {
  return {
    topic: 'check',
    retries: 3,
    retryAfterSeconds: [],
    leaseSeconds: 300,
    input: [],
    output: [],
    ...parts,
  };
}

export function externalTask(
  key: string,
  parts: Partial<ExternalReference> = {},
  more: Partial<TaskDefinition> = {},
): TaskDefinition {
  return task(key, { type: 'EXTERNAL', external: external(parts), ...more });
}

const FETCH = graphql(`
  mutation FetchWork($input: FetchExternalTasksInput!) {
    result: fetchExternalTasks(input: $input) {
      __typename
      ... on FetchExternalTasksPayload {
        tasks {
          taskId
          leaseToken
          leaseNumber
          expiresAt
          topic
          retriesLeft
          name
          executionId
          entityId
          input
        }
      }
      ... on InvalidInputProblem {
        issues {
          path
          code
        }
      }
    }
  }
`);

graphql(`
  fragment LeaseLost on LeaseLostProblem {
    leaseLostReason
    taskStatus
    message
  }
`);

graphql(`
  fragment Worked on WorkedTask {
    taskId
    status
    expiresAt
  }
`);

const COMPLETE = graphql(`
  mutation CompleteWork($input: CompleteExternalTaskInput!) {
    result: completeExternalTask(input: $input) {
      __typename
      ... on CompleteExternalTaskPayload {
        workedTask {
          ...Worked
        }
      }
      ...LeaseLost
      ... on InvalidInputProblem {
        issues {
          path
          code
        }
      }
    }
  }
`);

const FAIL = graphql(`
  mutation FailWork($input: FailExternalTaskInput!) {
    result: failExternalTask(input: $input) {
      __typename
      ... on FailExternalTaskPayload {
        workedTask {
          ...Worked
        }
      }
      ...LeaseLost
      ... on InvalidInputProblem {
        issues {
          path
          code
        }
      }
    }
  }
`);

const EXTEND = graphql(`
  mutation ExtendWork($input: ExtendLeaseInput!) {
    result: extendLease(input: $input) {
      __typename
      ... on ExtendLeasePayload {
        workedTask {
          ...Worked
        }
      }
      ...LeaseLost
      ... on InvalidInputProblem {
        issues {
          path
          code
        }
      }
    }
  }
`);

const HAND_BACK = graphql(`
  mutation HandBackWork($input: HandBackExternalTaskInput!) {
    result: handBackExternalTask(input: $input) {
      __typename
      ... on HandBackExternalTaskPayload {
        workedTask {
          ...Worked
        }
      }
      ...LeaseLost
    }
  }
`);

type Result<Mutation extends { readonly result?: unknown }> = NonNullable<Mutation['result']>;
export type Fetched = Extract<
  Result<FetchWorkMutation>,
  { readonly __typename: 'FetchExternalTasksPayload' }
>['tasks'][number];
type Lease = Pick<Fetched, 'taskId' | 'leaseToken'>;

/** A worker over the API: asks for the topic `check` unless told. */
export function workerOf(api: TestApi, viewer: Viewer, workerName = 'robot') {
  const lease = ({ taskId, leaseToken }: Lease): Lease => ({ taskId, leaseToken });
  return {
    async answer(input: Partial<FetchExternalTasksInput> = {}): Promise<Result<FetchWorkMutation>> {
      const all = { workerName, topics: ['check'], ...input };
      return present((await api.data(viewer, FETCH, { input: all })).result);
    },
    async fetch(input: Partial<FetchExternalTasksInput> = {}): Promise<readonly Fetched[]> {
      return ofType(await this.answer(input), 'FetchExternalTasksPayload').tasks;
    },
    /** The only task that there is. */
    async one(input: Partial<FetchExternalTasksInput> = {}): Promise<Fetched> {
      const tasks = await this.fetch(input);
      return present(tasks[0]);
    },
    async complete(of: Lease, output: object = {}): Promise<Result<CompleteWorkMutation>> {
      return present((await api.data(viewer, COMPLETE, { input: { ...lease(of), output } })).result);
    },
    async fail(
      of: Lease,
      more: { readonly retriesLeft?: number; readonly retryAfterSeconds?: number } = {},
    ): Promise<Result<FailWorkMutation>> {
      const input = { ...lease(of), message: 'The register does not answer.', ...more };
      return present((await api.data(viewer, FAIL, { input })).result);
    },
    async extend(of: Lease, leaseSeconds: number): Promise<Result<ExtendWorkMutation>> {
      return present((await api.data(viewer, EXTEND, { input: { ...lease(of), leaseSeconds } })).result);
    },
    async handBack(of: Lease, reason = 'A signature is missing.'): Promise<Result<HandBackWorkMutation>> {
      return present((await api.data(viewer, HAND_BACK, { input: { ...lease(of), reason } })).result);
    },
  };
}
