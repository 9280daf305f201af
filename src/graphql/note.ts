/** Notes: comments on tasks. */
import { addNote, deleteNote, updateNote } from '../commands/notes.ts';
import { whyForbidden } from '../commands/task-permission.ts';
import type { Note } from '../store/generated/prisma/client.ts';
import { readNotesOfTasks } from '../store/notes.ts';
import { isExecutionOpen } from '../engine/transition.ts';
import { builder } from './builder.ts';
import { defineConnection } from './connection.ts';
import { inputKey, inputKeys } from './ids.ts';
import { defineMutation } from './mutation.ts';
import { decodeKeyset } from './keyset.ts';
import { loadPage } from './page-loaders.ts';
import { pageArguments, pageSize, toPage } from './page.ts';
import { resolveUser } from './people.ts';
import { dependsOn } from './reading-scope.ts';
import { NoteRef, TaskRef, UserRef } from './refs.ts';

builder.prismaObjectFields(NoteRef, (t) => ({
  body: t.exposeString('body', { description: 'The text, Markdown.' }),
  author: t.field({
    type: UserRef,
    nullable: true,
    description: 'Who wrote it.',
    resolve: ({ authorId }, _args, context) => resolveUser(authorId, context),
  }),
  mentions: t.field({
    type: [UserRef],
    complexity: { multiplier: 3 },
    description: 'The users whom it mentions.',
    resolve: async ({ mentionIds }, _args, context) => {
      const users = await Promise.all(mentionIds.map((id) => resolveUser(id, context)));
      return users.flatMap((user) => user ?? []);
    },
  }),
  createdAt: t.field({
    type: 'DateTime',
    description: 'When it was written.',
    resolve: ({ createdAt }) => createdAt.toISOString(),
  }),
  editedAt: t.field({
    type: 'DateTime',
    nullable: true,
    description: 'When its author last changed it.',
    resolve: ({ editedAt }) => editedAt?.toISOString() ?? null,
  }),
  version: t.exposeInt('version', { description: 'Rises by one with every change; see `expectedVersion`.' }),
  viewerCanEdit: t.boolean({
    extensions: dependsOn('USER'),
    description:
      'Whether the viewer could change and delete it now: they wrote it, and may still write notes there.',
    resolve: async ({ authorId, taskId }, _args, { viewer, loaders }) => {
      const task = authorId === viewer.userId ? await loaders.tasks.load(taskId) : null;
      return (
        task !== null &&
        isExecutionOpen(task.executionStatus) &&
        whyForbidden(viewer, task, 'ADD_NOTE') === null
      );
    },
  }),
  task: t.field({
    type: TaskRef,
    nullable: true,
    description: 'The task that it is about.',
    resolve: ({ taskId }, _args, { loaders }) => loaders.tasks.load(taskId),
  }),
}));

const NoteConnection = defineConnection<Note>('Note', NoteRef);

builder.objectField(TaskRef, 'notes', (t) =>
  t.field({
    type: NoteConnection,
    description: 'Its notes, oldest first.',
    args: pageArguments(),
    resolve: async (task, args, context) => {
      const { database, viewer } = context;
      const size = pageSize(args.first);
      const [after] = decodeKeyset(args.after, ['uuid']) ?? [null];
      const notes = await loadPage(context, 'notes', task.id, { after, limit: size + 1 }, (ids, page) =>
        readNotesOfTasks(database, viewer.organizationId, ids, page),
      );
      return {
        ...toPage(notes, size, args.after, ({ id }) => [id]),
        totalCount: () => Promise.resolve(task.noteCount),
      };
    },
  }),
);

defineMutation('addNote', {
  description: 'Writes a note on a task of an open execution.',
  input: (t) => ({
    taskId: t.id({ required: true, description: 'The id of the Task.' }),
    body: t.string({ required: true, description: 'The text, Markdown, 1 to 20,000 characters.' }),
    mentionIds: t.idList({ description: 'Ids of the Users whom it mentions, at most 50.' }),
    idempotencyKey: t.string({
      description: 'A repeated request with the same key answers the first one’s note.',
    }),
  }),
  problems: ['NOT_FOUND', 'EXECUTION_NOT_OPEN', 'IDEMPOTENCY_CONFLICT'],
  run: (input, context) =>
    addNote(context, {
      taskId: inputKey('taskId', 'Task', input.taskId),
      body: input.body,
      mentionIds: inputKeys('mentionIds', 'User', input.mentionIds ?? []),
      idempotencyKey: input.idempotencyKey ?? undefined,
    }),
  payload: (t) => ({
    note: t.prismaField({
      type: NoteRef,
      nullable: true,
      description: 'The new note; null if it has been deleted since.',
      resolve: (query, { value }, _args, { database, viewer: { organizationId } }) =>
        database.prisma.note.findUnique({
          ...query,
          where: { organizationId_id: { organizationId, id: value } },
        }),
    }),
  }),
});

defineMutation('updateNote', {
  description: 'Changes the viewer’s own note.',
  input: (t) => ({
    noteId: t.id({ required: true, description: 'The id of the Note.' }),
    body: t.string({ required: true, description: 'The new text, Markdown, 1 to 20,000 characters.' }),
    mentionIds: t.idList({
      description: 'Ids of the Users whom it mentions, at most 50; unchanged if left out.',
    }),
    expectedVersion: t.int({
      description: 'Refuse with VersionConflictProblem if the note has another version by now.',
    }),
  }),
  problems: ['NOT_FOUND', 'VERSION_CONFLICT', 'EXECUTION_NOT_OPEN'],
  run: (input, context) =>
    updateNote(context, {
      noteId: inputKey('noteId', 'Note', input.noteId),
      body: input.body,
      mentionIds: input.mentionIds ? inputKeys('mentionIds', 'User', input.mentionIds) : undefined,
      expectedVersion: input.expectedVersion ?? undefined,
    }),
  payload: (t) => ({
    note: t.prismaField({
      type: NoteRef,
      nullable: true,
      description: 'The note after the change; null if it has been deleted since.',
      resolve: (query, { value }, _args, { database, viewer: { organizationId } }) =>
        database.prisma.note.findUnique({
          ...query,
          where: { organizationId_id: { organizationId, id: value } },
        }),
    }),
  }),
});

defineMutation('deleteNote', {
  description: 'Deletes the viewer’s own note.',
  input: (t) => ({
    noteId: t.id({ required: true, description: 'The id of the Note.' }),
    expectedVersion: t.int({
      description: 'Refuse with VersionConflictProblem if the note has another version by now.',
    }),
  }),
  problems: ['NOT_FOUND', 'VERSION_CONFLICT', 'EXECUTION_NOT_OPEN'],
  run: (input, context) =>
    deleteNote(context, {
      noteId: inputKey('noteId', 'Note', input.noteId),
      expectedVersion: input.expectedVersion ?? undefined,
    }),
  payload: (t) => ({
    task: t.field({
      type: TaskRef,
      nullable: true,
      description: 'The task that it was about.',
      resolve: ({ value }, _args, { loaders }) => loaders.tasks.load(value),
    }),
  }),
});
