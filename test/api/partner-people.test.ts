/** Whom partners can look up. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Viewer } from '../../src/commands/viewer.ts';
import { createTestApi, type TestApi } from '../support/api.ts';
import { graphql } from '../support/generated/gql.ts';
import { task } from '../support/workflow.ts';
import { command, start, team, userId } from '../support/workflows.ts';

let api: TestApi;
let partner: Viewer;
let teamId: string;

const LookUp = graphql(`
  query PartnerLooksUp($ids: [ID!]!) {
    nodes(ids: $ids) {
      ... on User {
        name
        email
      }
      ... on Team {
        name
      }
    }
  }
`);

beforeAll(async () => {
  api = await createTestApi();
  const colleague = await api.viewer('colleague', { roles: ['partner'], kind: 'PARTNER' });
  teamId = (await team(api, [api.partner, colleague], 'Elektro Brandt')).id;
  partner = await api.viewer('partner', { roles: ['partner'], kind: 'PARTNER' });
  const email = 'colleague@brandt.example';
  await command(api, api.admin, 'updateUser', { userId: userId(colleague), email });
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

test('a partner finds themselves, their team and its members by id, and nobody else', async () => {
  const colleague = await api.viewer('colleague', { roles: ['partner'], kind: 'PARTNER' });
  const strangers = await team(api, [api.member]);
  const ids = [userId(partner), userId(colleague), teamId, userId(api.admin), strangers.id];
  const { nodes } = await api.data(partner, LookUp, { ids });
  expect(nodes.map((node) => node && 'name' in node && node.name)).toEqual([
    'partner',
    'colleague',
    'Elektro Brandt',
    null,
    null,
  ]);
});

test('of somebody whom a partner only meets in an execution, what is theirs alone is null or refused, and no error of the server', async () => {
  const started = await start(api, {
    tasks: [task('own', { assignees: [{ type: 'USER', id: partner.userId }] })],
  });
  const StartedBy = graphql(`
    query PartnerMeets($id: ID!) {
      workflowExecution(id: $id) {
        startedBy {
          ... on User {
            name
            settings: notificationSettings {
              emailEvery
            }
          }
        }
        theirs: startedBy {
          ... on User {
            teams {
              name
            }
          }
        }
      }
    }
  `);
  const { data, errors } = await api.run(partner, StartedBy, { id: started.id });
  expect(data?.workflowExecution).toEqual({
    startedBy: { name: 'member', settings: null },
    theirs: { teams: null },
  });
  expect(errors?.map(({ code }) => code)).toEqual(['FORBIDDEN']);
});

test('a partner does not see the e-mail addresses of others', async () => {
  const colleague = await api.viewer('colleague', { roles: ['partner'], kind: 'PARTNER' });
  const ids = [userId(colleague)];
  expect((await api.data(partner, LookUp, { ids })).nodes).toEqual([{ name: 'colleague', email: null }]);
  expect((await api.data(api.member, LookUp, { ids })).nodes).toEqual([
    { name: 'colleague', email: 'colleague@brandt.example' },
  ]);
});

test('a partner still sees the names of everybody in an execution that they work in', async () => {
  const assignees = [
    { type: 'USER', id: partner.userId },
    { type: 'USER', id: api.member.userId },
  ] as const;
  const { id } = await start(api, { tasks: [task('Connect', { assignees })] });
  const SeenPeople = graphql(`
    query PartnerSeesPeople($id: ID!) {
      workflowExecution(id: $id) {
        tasks {
          assignees {
            ... on User {
              name
            }
          }
        }
      }
    }
  `);
  const { workflowExecution } = await api.data(partner, SeenPeople, { id });
  expect(workflowExecution?.tasks[0]?.assignees).toEqual([{ name: 'partner' }, { name: 'member' }]);
});
