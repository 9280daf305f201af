/** Rules of escalation through the API: as they are given, and what they did. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { publishDefinition } from '../../src/commands/definitions-life.ts';
import { encodeId, parseId } from '../../src/graphql/ids.ts';
import { wakeExecution } from '../../src/worker/wake-execution.ts';
import { createTestApi, type TestApi } from '../support/api.ts';
import { savedTask } from '../support/definition-contents.ts';
import { changed, mutate, someContent } from '../support/definitions.ts';
import { escalation, handover, user } from '../support/escalations.ts';
import { graphql } from '../support/generated/gql.ts';
import type { EscalationRuleInput } from '../support/generated/graphql.ts';
import { issuesOf, present } from '../support/typed.ts';
import { task } from '../support/workflow.ts';
import { start } from '../support/workflows.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
beforeEach(() => {
  // Monday, 09:00 in Berlin.
  api.clock.set('2026-03-02T08:00:00.000Z');
});
afterAll(() => api[Symbol.asyncDispose]());

const DRAFT = graphql(`
  query EscalationsDraft($id: ID!) {
    workflowDefinition(id: $id) {
      document
      draft {
        escalations {
          ...EscalationRuleView
        }
        phases {
          escalations {
            ...EscalationRuleView
          }
        }
        tasks {
          escalations {
            ...EscalationRuleView
          }
        }
      }
    }
  }
  fragment EscalationRuleView on EscalationRule {
    on
    amount
    unit
    action
    respectsWorkingTime
    handovers {
      assignee {
        __typename
        ... on User {
          id
        }
        ... on UnresolvedAssignee {
          variable
        }
      }
      time {
        amount
        unit
      }
    }
    leads {
      __typename
      ... on User {
        id
      }
      ... on UnresolvedAssignee {
        variable
      }
    }
  }
`);

describe('rules of escalation', () => {
  const member = () => encodeId('User', api.member.userId);

  test('are kept as given, and in the document by name', async () => {
    const rule: EscalationRuleInput = {
      on: 'UNCLAIMED',
      amount: 4,
      unit: 'WORKING_HOURS',
      action: 'REASSIGN',
      respectsWorkingTime: false,
      handovers: [
        { assignee: member(), time: { amount: 1, unit: 'DAYS' } },
        { assigneeVariable: '{{entity.owner}}' },
      ],
    };
    const { id, issues } = await changed(api, api.designer, 'createDefinition', {
      content: {
        name: 'Wallbox',
        dueAt: '2026-05-01T00:00:00.000Z',
        escalations: [
          { on: 'DUE', action: 'NOTIFY_LEAD', leads: [member()], leadVariables: ['{{entity.lead}}'] },
        ],
        phases: [
          {
            key: 'p',
            name: 'P',
            dueAt: '2026-05-01T00:00:00.000Z',
            escalations: [{ on: 'DUE', action: 'REMIND' }],
          },
        ],
        tasks: [{ key: 'a', name: 'A', phaseKey: 'p', escalations: [rule] }],
      },
    });
    expect(issues).toEqual([]);
    const { draft, document } = present((await api.data(api.designer, DRAFT, { id })).workflowDefinition);
    const remind = {
      on: 'DUE',
      amount: 0,
      unit: 'HOURS',
      action: 'REMIND',
      respectsWorkingTime: true,
      handovers: [],
      leads: [],
    };
    const owner = { __typename: 'UnresolvedAssignee', variable: '{{entity.owner}}' };
    expect(draft).toEqual({
      escalations: [
        {
          ...remind,
          action: 'NOTIFY_LEAD',
          leads: [
            { __typename: 'User', id: member() },
            { __typename: 'UnresolvedAssignee', variable: '{{entity.lead}}' },
          ],
        },
      ],
      phases: [{ escalations: [remind] }],
      tasks: [
        {
          escalations: [
            {
              ...rule,
              leads: [],
              handovers: [
                { assignee: { __typename: 'User', id: member() }, time: { amount: 1, unit: 'DAYS' } },
                { assignee: owner, time: null },
              ],
            },
          ],
        },
      ],
    });
    const written = JSON.parse(document) as { tasks: { escalations: unknown }[]; escalations: unknown };
    expect(written.tasks[0]?.escalations).toEqual([
      {
        on: 'UNCLAIMED',
        amount: 4,
        unit: 'WORKING_HOURS',
        action: 'REASSIGN',
        handovers: [
          { assignee: { user: 'member' }, time: { amount: 1, unit: 'DAYS' } },
          { assignee: { variable: '{{entity.owner}}' } },
        ],
        respectsWorkingTime: false,
      },
    ]);
    const again = await changed(api, api.designer, 'importDefinition', { document });
    expect(again.document).toBe(document);
  });

  test('are none if they are left out', async () => {
    expect(await savedTask(api, {})).toBeDefined();
    const { id } = await changed(api, api.designer, 'createDefinition', { content: someContent() });
    const { draft } = present((await api.data(api.designer, DRAFT, { id })).workflowDefinition);
    expect(draft.escalations).toEqual([]);
  });

  test.each([
    [
      'two of whom one is to get it',
      { assignee: 'member', assigneeVariable: '{{entity.owner}}' },
      '',
      'AMBIGUOUS',
    ],
    ['nobody to get it', {}, '', 'AMBIGUOUS'],
    ['an id that is none', { assignee: 'x' }, '.assignee', 'INVALID_ID'],
  ])('with %s are refused', async (_what, given, place, code) => {
    const known =
      'assignee' in given && given.assignee === 'member' ? { ...given, assignee: member() } : given;
    const escalations: EscalationRuleInput[] = [
      { on: 'UNCLAIMED', amount: 1, action: 'REASSIGN', handovers: [known] },
    ];
    const answer = await mutate(api, api.designer, 'createDefinition', {
      content: { name: 'Wallbox', tasks: [{ key: 'a', name: 'A', escalations }] },
    });
    const path = `content.tasks[0].escalations[0].handovers[0]${place}`;
    expect(issuesOf(answer)).toEqual([expect.objectContaining({ path, code })]);
  });

  test('that name somebody who is not there can’t be published', async () => {
    const leads = [encodeId('User', '01900000-0000-7000-8000-000000000000')];
    const { id } = await changed(api, api.designer, 'createDefinition', {
      content: {
        name: 'Wallbox',
        tasks: [
          {
            key: 'a',
            name: 'A',
            escalations: [{ on: 'UNCLAIMED', amount: 1, action: 'NOTIFY_LEAD', leads }],
          },
        ],
      },
    });
    const definitionId = parseId(id)?.key ?? '';
    const answer = await publishDefinition(api.context(api.designer), { definitionId });
    expect(answer).toMatchObject({
      ok: false,
      problem: { issues: [{ code: 'UNKNOWN_USER', path: 'tasks[0].escalations[0].leads[0]' }] },
    });
  });
});

const EXECUTION = graphql(`
  query EscalationsExecution($id: ID!) {
    workflowExecution(id: $id) {
      escalations {
        on
      }
      escalated {
        at
      }
      tasks {
        idleSince
        escalations {
          on
          action
        }
        escalated {
          at
          rule
          on
          action
          since
          steps
          to {
            ... on User {
              id
            }
          }
        }
        assignees {
          ... on User {
            id
          }
        }
        history(first: 1) {
          nodes {
            type
            actor {
              __typename
            }
          }
        }
      }
    }
  }
`);

describe('what rules of escalation did', () => {
  test('is told by the task and its history, as done by Handrail, and not to partners', async () => {
    const { userId } = api.member;
    const to = user(api.partner.userId);
    const rule = escalation({ on: 'UNCLAIMED', amount: 4, action: 'REASSIGN', handovers: [handover(to)] });
    const run = await start(api, {
      tasks: [task('visit', { assignees: [user(userId)], escalations: [rule] })],
    });
    const { organizationId } = api.member;
    const executionId = parseId(run.id)?.key ?? '';
    api.clock.set('2026-03-02T12:00:00.000Z');
    const { database } = api;
    await wakeExecution({ database, clock: () => api.clock.now() }, { organizationId, executionId });
    const found = present((await api.data(api.member, EXECUTION, { id: run.id })).workflowExecution);
    const partner = { id: encodeId('User', api.partner.userId) };
    expect(found.tasks).toEqual([
      {
        idleSince: '2026-03-02T08:00:00.000Z',
        escalations: [{ on: 'UNCLAIMED', action: 'REASSIGN' }],
        escalated: [
          {
            at: '2026-03-02T12:00:00.000Z',
            rule: 0,
            on: 'UNCLAIMED',
            action: 'REASSIGN',
            since: '2026-03-02T08:00:00.000Z',
            steps: 1,
            to: [partner],
          },
        ],
        assignees: [partner],
        history: { nodes: [{ type: 'TASK_ESCALATED', actor: { __typename: 'System' } }] },
      },
    ]);
    expect(found).toMatchObject({ escalations: [], escalated: [] });
    const codes = await api.errorCodes(api.partner, EXECUTION, { id: run.id });
    expect(new Set(codes)).toEqual(new Set(['FORBIDDEN']));
  });
});
