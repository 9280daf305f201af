/** What the viewer is told of, and that nobody else sees it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { updateUser } from '../../src/commands/users.ts';
import type { Viewer } from '../../src/commands/viewer.ts';
import { encodePosition } from '../../src/store/event-cursor.ts';
import { readPosition } from '../../src/store/event-log.ts';
import { encodeId } from '../../src/graphql/ids.ts';
import { createTestApi, type TestApi } from '../support/api.ts';
import { createMailing, noServer } from '../support/mailing.ts';
import { createNotifying, type Notifying } from '../support/notifying.ts';
import { task } from '../support/workflow.ts';
import { command, done, start, unknownId, userId } from '../support/workflows.ts';

let api: TestApi;
let notifying: Notifying;
beforeAll(async () => {
  api = await createTestApi();
  const { database, clock } = api;
  notifying = createNotifying({ database, clock, caller: api.context(api.admin) });
});
afterAll(() => api[Symbol.asyncDispose]());

/** Assigns so many tasks to the viewer, and tells them. */
async function tell(viewer: Viewer, names: readonly string[] = ['visit']): Promise<void> {
  const assignees = [{ type: 'USER', id: viewer.userId } as const];
  await start(api, { tasks: names.map((name) => task(name, { assignees })) }, { viewer: api.admin });
  await notifying.react();
}

interface Shown {
  readonly id: string;
  readonly kind: string;
  readonly task: { readonly name: string } | null;
  readonly [field: string]: unknown;
}

interface Page {
  readonly nodes: readonly Shown[];
  readonly totalCount: number;
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

const PAGE = `query ($filter: NotificationFilter, $first: Int, $after: String) { viewer {
  unreadNotificationCount
  notifications(filter: $filter, first: $first, after: $after) {
    nodes { id kind title body isInApp email readAt createdAt automationId version actor { ... on User { name } }
      task { name } execution { name } entity { title } note { body } }
    totalCount pageInfo { hasNextPage endCursor } } } }`;

async function page(viewer: Viewer, variables: Readonly<Record<string, unknown>> = {}) {
  const data = await api.data<{ viewer: { unreadNotificationCount: number; notifications: Page } }>(
    viewer,
    PAGE,
    variables,
  );
  return { ...data.viewer.notifications, unread: data.viewer.unreadNotificationCount };
}

describe('the viewer’s notifications', () => {
  test('tell what happened, by whom and where', async () => {
    const viewer = await api.viewer('anna');
    await tell(viewer);
    expect(await page(viewer)).toMatchObject({
      nodes: [
        {
          kind: 'ASSIGNMENT',
          title: 'admin assigned “visit” to you (Solar installation, Roof 1).',
          isInApp: true,
          email: 'NONE',
          readAt: null,
          createdAt: api.clock.now().toISOString(),
          version: 1,
          actor: { name: 'admin' },
          task: { name: 'visit' },
          execution: { name: 'Solar installation' },
          entity: { title: 'Roof 1' },
          note: null,
        },
      ],
      totalCount: 1,
      unread: 1,
    });
  });

  test('come in pages, newest first, filtered by kind and by whether they are read', async () => {
    const viewer = await api.viewer('bert');
    await tell(viewer, ['a', 'b', 'c']);
    const first = await page(viewer, { first: 2 });
    const rest = await page(viewer, { first: 2, after: first.pageInfo.endCursor });
    expect([...first.nodes, ...rest.nodes].map((node) => node.task?.name)).toEqual(['c', 'b', 'a']);
    expect([first.pageInfo.hasNextPage, rest.pageInfo.hasNextPage]).toEqual([true, false]);
    expect((await page(viewer, { filter: { kinds: ['MENTION'] } })).totalCount).toBe(0);
    expect((await page(viewer, { filter: { isUnread: false } })).totalCount).toBe(0);
    expect((await page(viewer, { filter: { isUnread: true, kinds: ['ASSIGNMENT'] } })).totalCount).toBe(3);
  });

  test('are marked as read: some, those up to one, or all', async () => {
    const viewer = await api.viewer('carl');
    await tell(viewer, ['a', 'b', 'c', 'd']);
    const [d, c, b] = (await page(viewer)).nodes;
    const mark = (input: object) =>
      command<{ readCount: number; user: object }>(
        api,
        viewer,
        'markNotificationsRead',
        { ...input },
        '... on MarkNotificationsReadPayload { readCount user { unreadNotificationCount } }',
      );
    expect(await mark({ ids: [c?.id] })).toMatchObject({
      readCount: 1,
      user: { unreadNotificationCount: 3 },
    });
    expect(await mark({ upTo: b?.id })).toMatchObject({
      readCount: 2,
      user: { unreadNotificationCount: 1 },
    });
    expect(await mark({})).toMatchObject({ readCount: 1, user: { unreadNotificationCount: 0 } });
    expect(await mark({ ids: [d?.id] })).toMatchObject({ readCount: 0 });
    expect(await mark({ ids: [unknownId('Notification')] })).toMatchObject({ code: 'NOT_FOUND' });
    expect((await page(viewer)).nodes.map(({ readAt, version }) => [readAt, version])).toEqual(
      Array.from({ length: 4 }, () => [api.clock.now().toISOString(), 2]),
    );
  });

  test('read the notes of a page in one statement', async () => {
    const viewer = await api.viewer('dora');
    const run = await start(api, { tasks: [task('a')] }, { viewer: api.admin });
    const count = async (): Promise<number> => {
      const note = { taskId: run.task('a'), body: 'Look', mentionIds: [userId(viewer)] };
      await done(api, api.admin, 'addNote', note);
      await notifying.react();
      api.resetStatements();
      const { nodes } = await page(viewer);
      expect(nodes.every((node) => JSON.stringify(node['note']) === '{"body":"Look"}')).toBe(true);
      return api.statements().length;
    };
    expect(await count()).toBe(await count());
  });
});

test('what was to go by mail only is seen and heard of in the application once it can’t be sent', async () => {
  const viewer = await api.viewer('ida');
  const made = await updateUser(api.context(api.admin), {
    id: viewer.userId,
    email: 'ida@lindental.example',
  });
  expect(made.ok).toBe(true);
  await notifying.choose(viewer.userId, { channels: { ASSIGNMENT: 'EMAIL' } });
  await tell(viewer);
  expect(await page(viewer)).toMatchObject({ nodes: [], unread: 0 });
  const mailing = createMailing(api.context(api.admin));
  const text = `subscription { notificationEvents { type notification { email isInApp } } }`;
  await using events = await api.subscribe(viewer, text, {});
  await mailing.digest(viewer.userId);
  const [mail] = await mailing.to('ida@lindental.example');
  await mailing.attempt(mail?.id ?? '', noServer);
  const shown = { email: 'NOT_SENT', isInApp: true };
  const type = 'NOTIFICATION_UPDATED';
  expect(await events.next()).toMatchObject({
    value: { data: { notificationEvents: { type, notification: shown } } },
  });
  expect(await page(viewer)).toMatchObject({ nodes: [shown], unread: 1 });
});

describe('nobody else', () => {
  test('sees any of them, not even an administrator', async () => {
    const viewer = await api.viewer('emil');
    await tell(viewer);
    const [shown] = (await page(viewer)).nodes;
    const events = await api.events(viewer);
    const seq = events.findLast(({ type }) => type === 'NOTIFICATION_CREATED')?.seq;
    const query = `query ($id: ID!, $event: ID!, $user: ID!) {
      node(id: $id) { id } event: node(id: $event) { id }
      user: node(id: $user) { ... on User {
        unreadNotificationCount notificationSettings { emailEvery } notifications { totalCount } } } }`;
    const variables = { id: shown?.id, event: encodeId('Event', String(seq)), user: userId(viewer) };
    expect(await api.data(api.admin, query, variables)).toEqual({
      node: null,
      event: null,
      user: { unreadNotificationCount: null, notificationSettings: null, notifications: null },
    });
    expect(await api.data(viewer, query, variables)).toMatchObject({
      node: { id: shown?.id },
      event: { id: variables.event },
      user: { unreadNotificationCount: 1 },
    });
    const input = { ids: [shown?.id] };
    expect(await command(api, api.admin, 'markNotificationsRead', input)).toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  test.each([
    ['a member', 'fred', {}],
    ['a partner', 'paul', { roles: ['partner'], kind: 'PARTNER' }],
  ] as const)('hears of them but %s themselves, as they come and are read', async (_who, name, options) => {
    const viewer = await api.viewer(name, options);
    const other = await api.viewer('gerd');
    const after = encodePosition(await readPosition(api.database, viewer.organizationId));
    const text = `subscription ($after: String) { notificationEvents(after: $after) {
      type subjectId notification { id kind readAt } } }`;
    await using events = await api.subscribe(viewer, text, { after });
    await tell(other);
    await tell(viewer);
    const [shown] = (await page(viewer)).nodes;
    const next = async () => (await events.next()).value as { readonly data: unknown };
    const notification = { id: shown?.id, kind: shown?.kind, readAt: null };
    expect((await next()).data).toEqual({
      notificationEvents: { type: 'NOTIFICATION_CREATED', subjectId: shown?.id, notification },
    });
    await done(api, viewer, 'markNotificationsRead', {});
    const readAt = api.clock.now().toISOString();
    expect((await next()).data).toEqual({
      notificationEvents: {
        type: 'NOTIFICATION_READ',
        subjectId: shown?.id,
        notification: { ...notification, readAt },
      },
    });
  });
});

test('the viewer chooses what reaches them, and by which way', async () => {
  const viewer = await api.viewer('hugo');
  const settings = 'notificationSettings { emailEvery preferences { kind channel } }';
  const read = () => api.data<{ viewer: object }>(viewer, `{ viewer { ${settings} } }`);
  const preferences = [
    { kind: 'ASSIGNMENT', channel: 'IN_APP' },
    { kind: 'MENTION', channel: 'BOTH' },
    { kind: 'INVITATION', channel: 'BOTH' },
    { kind: 'REMINDER', channel: 'BOTH' },
    { kind: 'ESCALATION', channel: 'BOTH' },
    { kind: 'CONFIRMATION', channel: 'BOTH' },
    { kind: 'FAILURE', channel: 'BOTH' },
    { kind: 'SUBMISSION', channel: 'BOTH' },
    { kind: 'AUTOMATION_DISABLED', channel: 'BOTH' },
    { kind: 'SUBSTITUTION', channel: 'BOTH' },
  ];
  expect(await read()).toEqual({ viewer: { notificationSettings: { emailEvery: 'AT_ONCE', preferences } } });
  const input = { emailEvery: 'DAILY', preferences: [{ kind: 'ASSIGNMENT', channel: 'NONE' }] };
  const selection = `... on UpdateNotificationSettingsPayload { user { ${settings} } }`;
  const answer = await command(api, viewer, 'updateNotificationSettings', input, selection);
  const [, ...others] = preferences;
  const notificationSettings = {
    emailEvery: 'DAILY',
    preferences: [{ kind: 'ASSIGNMENT', channel: 'NONE' }, ...others],
  };
  expect(answer).toMatchObject({ user: { notificationSettings } });
  expect(await read()).toEqual({ viewer: { notificationSettings } });
  await tell(viewer);
  expect(await page(viewer)).toMatchObject({ nodes: [], unread: 0 });
});
