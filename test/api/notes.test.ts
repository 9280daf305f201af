import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApi, type TestApi } from '../support/api.ts';
import { graphql } from '../support/generated/gql.ts';
import type { NotesNoteQuery } from '../support/generated/graphql.ts';
import { task } from '../support/workflow.ts';
import {
  command,
  done,
  eventCount,
  mutationText,
  readTask,
  start,
  unknownId,
  userId,
  type Running,
} from '../support/workflows.ts';

const NOTE = graphql(`
  query NotesNote($id: ID!) {
    node(id: $id) {
      ... on Note {
        id
        body
        version
        createdAt
        editedAt
        viewerCanEdit
        author {
          name
        }
        mentions {
          name
        }
        task {
          name
        }
      }
    }
  }
`);

const PAGE = graphql(`
  query NotesPage($id: ID!, $after: String) {
    task(id: $id) {
      notes(first: 2, after: $after) {
        nodes {
          body
          author {
            name
          }
        }
        totalCount
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`);

let api: TestApi;
let run: Running;
beforeAll(async () => {
  api = await createTestApi();
  run = await start(api, { tasks: [task('visit')] });
});
afterAll(() => api[Symbol.asyncDispose]());

/** A note of the member on a task of its own; the note's and the task's id. */
async function newNote(body = 'Nobody was there.', mentionIds: readonly string[] = []) {
  const fresh = await start(api, {}, { definitionId: run.definitionId });
  const taskId = fresh.task('visit');
  const { note } = await done(api, api.member, 'addNote', { taskId, body, mentionIds });
  return { noteId: note?.id ?? '', taskId, executionId: fresh.id };
}

function readNote(id: string, viewer = api.member): Promise<NotesNoteQuery> {
  return api.data(viewer, NOTE, { id });
}

describe('a note', () => {
  it('has an author, a time, mentions and its task', async () => {
    const { noteId } = await newNote('Ask **Anna**.', [userId(api.admin), userId(api.admin)]);
    expect(await readNote(noteId)).toEqual({
      node: {
        id: noteId,
        body: 'Ask **Anna**.',
        version: 1,
        createdAt: api.clock.now().toISOString(),
        editedAt: null,
        viewerCanEdit: true,
        author: { name: 'member' },
        mentions: [{ name: 'admin' }],
        task: { name: 'visit' },
      },
    });
  });

  it('is counted at its task until it is deleted', async () => {
    const { noteId, taskId } = await newNote();
    await done(api, api.admin, 'addNote', { taskId, body: 'Second.' });
    expect((await readTask(api, api.member, taskId))?.noteCount).toBe(2);
    const { task: after } = await done(api, api.member, 'deleteNote', { noteId });
    expect(after?.noteCount).toBe(1);
    expect(await readNote(noteId)).toEqual({ node: null });
  });

  it('is changed by its author', async () => {
    const { noteId } = await newNote('Old.', [userId(api.admin)]);
    api.clock.advance(60_000);
    await done(api, api.member, 'updateNote', { noteId, body: 'New.' });
    expect(await readNote(noteId)).toMatchObject({
      node: {
        body: 'New.',
        version: 2,
        editedAt: api.clock.now().toISOString(),
        mentions: [{ name: 'admin' }],
      },
    });
  });

  it('changes its mentions when they are given', async () => {
    const { noteId } = await newNote('Same.', [userId(api.admin)]);
    await done(api, api.member, 'updateNote', {
      noteId,
      body: 'Same.',
      mentionIds: [userId(api.designer)],
    });
    expect(await readNote(noteId)).toMatchObject({ node: { version: 2, mentions: [{ name: 'designer' }] } });
  });

  it('stays as it is when nothing changes', async () => {
    const { noteId } = await newNote('Same.');
    const before = await eventCount(api, api.member);
    const { note } = await done(api, api.member, 'updateNote', { noteId, body: 'Same.' });
    expect(note?.version).toBe(1);
    expect(await eventCount(api, api.member)).toBe(before);
  });

  it.each(['updateNote', 'deleteNote'])(
    'of somebody else is FORBIDDEN for %s, also for an admin',
    async (name) => {
      const { noteId } = await newNote();
      const input = { noteId, ...(name === 'updateNote' ? { body: 'Mine now.' } : {}) };
      const before = await eventCount(api, api.member);
      expect(await api.errorCodes(api.admin, mutationText(name), { input })).toEqual(['FORBIDDEN']);
      expect(await eventCount(api, api.member)).toBe(before);
      expect(await readNote(noteId, api.admin)).toMatchObject({
        node: { body: 'Nobody was there.', viewerCanEdit: false },
      });
    },
  );

  it.each(['updateNote', 'deleteNote'])('in another version than expected refuses %s', async (name) => {
    const { noteId } = await newNote();
    const input = { noteId, expectedVersion: 7, ...(name === 'updateNote' ? { body: 'Late.' } : {}) };
    expect(
      await command(
        api,
        api.member,
        name,
        input,
        '... on VersionConflictProblem { currentVersion current { ... on Note { body } } }',
      ),
    ).toMatchObject({
      code: 'VERSION_CONFLICT',
      currentVersion: 1,
      current: { body: 'Nobody was there.' },
    });
  });

  it('is written once for each idempotency key', async () => {
    const { taskId } = await newNote();
    const input = { taskId, body: 'Twice?', idempotencyKey: 'note once' };
    const first = await done(api, api.member, 'addNote', input);
    const second = await done(api, api.member, 'addNote', input);
    expect(second.note).toEqual(first.note);
    expect((await readTask(api, api.member, taskId))?.noteCount).toBe(2);
  });

  it.each(['', ' \n\t'])('can’t be empty: %j', async (body) => {
    const input = { taskId: run.task('visit'), body };
    expect(await command(api, api.member, 'addNote', input)).toMatchObject({
      issues: [{ path: 'body', code: 'EMPTY' }],
    });
  });

  it('can mention active users of the organization only, and the answer names the wrong one', async () => {
    const mentionIds = [userId(api.admin), userId(api.otherAdmin)];
    const input = { taskId: run.task('visit'), body: 'Hello.', mentionIds };
    expect(await command(api, api.member, 'addNote', input)).toMatchObject({
      issues: [{ path: 'mentionIds[1]', code: 'UNKNOWN_USER' }],
    });
  });

  it('can’t be written on a task that does not exist', async () => {
    const input = { taskId: unknownId('Task'), body: 'Hello.' };
    expect(await command(api, api.member, 'addNote', input)).toMatchObject({ code: 'NOT_FOUND' });
  });

  it.each([
    ['addNote', { body: 'Late.' }],
    ['updateNote', { body: 'Late.' }],
    ['deleteNote', {}],
  ])('is refused by %s once the execution is closed', async (name, more) => {
    const { noteId, taskId, executionId } = await newNote();
    await done(api, api.member, 'closeExecution', { executionId });
    const input = { ...(name === 'addNote' ? { taskId } : { noteId }), ...more };
    expect(await command(api, api.member, name, input)).toMatchObject({ code: 'EXECUTION_NOT_OPEN' });
  });
});

describe('the notes of a task', () => {
  it('come oldest first, in pages, and are counted', async () => {
    const { taskId } = await newNote('1');
    for (const body of ['2', '3']) await done(api, api.admin, 'addNote', { taskId, body });
    const first = await api.data(api.member, PAGE, { id: taskId });
    expect(first).toMatchObject({
      task: {
        notes: {
          nodes: [
            { body: '1', author: { name: 'member' } },
            { body: '2', author: { name: 'admin' } },
          ],
          totalCount: 3,
          pageInfo: { hasNextPage: true },
        },
      },
    });
    const after = first.task?.notes.pageInfo.endCursor ?? '';
    expect(await api.data(api.member, PAGE, { id: taskId, after })).toMatchObject({
      task: { notes: { nodes: [{ body: '3' }], totalCount: 3, pageInfo: { hasNextPage: false } } },
    });
  });
});
