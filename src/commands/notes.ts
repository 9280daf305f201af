/** Notes on tasks: everybody who may work the task can add one; only its author can change or delete it. */
import type { TaskData } from '../engine/state.ts';
import { isExecutionOpen } from '../engine/transition.ts';
import { deleteNote as removeNote, insertNote, readNote, updateNote as saveNote } from '../store/notes.ts';
import { knownPeople } from '../store/people.ts';
import type { ExecutionRecord } from '../store/execution-records.ts';
import type { Transaction } from '../store/transaction.ts';
import { asViewer } from './acting.ts';
import { execute, expectObject, type Caller, type CommandResult } from './execute.ts';
import { withExecutions } from './execution-session.ts';
import { createOnce } from './idempotency.ts';
import { checkText } from './input.ts';
import { actsFor } from './on-behalf.ts';
import { refuse, refuseInput, type Problem } from './problem.ts';
import { whyForbidden } from './task-permission.ts';
import type { Viewer } from './viewer.ts';

const MAX_MENTIONS = 50;

function checkBody(body: string): string {
  if (body.trim().length === 0) refuseInput('body', 'EMPTY', 'body is empty; a note needs some text.');
  return checkText('body', body);
}

/** The mentioned users, each once; refuses those who don't exist. */
async function checkMentions(tx: Transaction, mentionIds: readonly string[]): Promise<string[]> {
  const unique = [...new Set(mentionIds)];
  if (unique.length > MAX_MENTIONS) {
    refuseInput('mentionIds', 'TOO_MANY', `A note mentions at most ${MAX_MENTIONS} users.`);
  }
  if (unique.length === 0) return unique;
  const { userIds } = await knownPeople(tx, tx.organizationId, unique, []);
  for (const [index, id] of mentionIds.entries()) {
    if (!userIds.has(id))
      refuseInput(`mentionIds[${index}]`, 'UNKNOWN_USER', `mentionIds[${index}] is no active user.`);
  }
  return unique;
}

/** Where a note is, and for whom its author stands in there. */
interface NotePlace {
  readonly execution: ExecutionRecord;
  readonly task: TaskData;
  readonly onBehalfOfId: string | null;
}

/** The open execution of the task, locked, and the task; refuses if the viewer may not write notes there, with `missing` if there is none. */
async function openTask(
  tx: Transaction,
  viewer: Viewer,
  taskId: string,
  missing: Problem = { code: 'NOT_FOUND', what: 'Task', id: taskId },
): Promise<NotePlace> {
  return withExecutions(tx, asViewer(viewer), { taskIds: [taskId] }, (session) => {
    const found = session.executionOf(taskId);
    const task = found?.tasks.find(({ id }) => id === taskId);
    if (!found || !task) return refuse(missing);
    const reason = whyForbidden(viewer, task, 'ADD_NOTE');
    if (reason !== null) refuse({ code: 'FORBIDDEN', message: reason });
    const { status } = found.execution;
    if (!isExecutionOpen(status)) refuse({ code: 'EXECUTION_NOT_OPEN', status });
    return { execution: found.execution, task, onBehalfOfId: actsFor(viewer, task) };
  });
}

/** The text of a note is not part of the event: deleting the note deletes it everywhere. */
function recordNote(
  tx: Transaction,
  type: 'NOTE_ADDED' | 'NOTE_UPDATED' | 'NOTE_DELETED',
  { execution, task, onBehalfOfId }: NotePlace,
  note: { readonly id: string; readonly version: number; readonly mentionIds: readonly string[] },
  changedFields: readonly string[],
): void {
  const people = task.assignees.flatMap(({ type: kind, id }) => (kind === 'VARIABLE' ? [] : [id]));
  tx.record({
    type,
    subjectType: 'NOTE',
    subjectId: note.id,
    version: note.version,
    executionId: execution.id,
    taskId: task.id,
    entityIds: execution.entityIds,
    audience: [...new Set([...people, ...note.mentionIds])],
    changedFields,
    data: type === 'NOTE_DELETED' ? {} : { mentionIds: note.mentionIds },
    onBehalfOfId,
  });
}

export interface AddNoteInput {
  readonly taskId: string;
  readonly body: string;
  readonly mentionIds: readonly string[];
  readonly idempotencyKey?: string | undefined;
}

/** Adds a note to a task of an open execution. Answers its id. */
export async function addNote(caller: Caller, input: AddNoteInput): Promise<CommandResult<string>> {
  const { viewer } = caller;
  return createOnce(caller, 'addNote', input, async (tx, id) => {
    const body = checkBody(input.body);
    const place = await openTask(tx, viewer, input.taskId);
    const mentionIds = await checkMentions(tx, input.mentionIds);
    await insertNote(tx, tx.organizationId, {
      id,
      taskId: input.taskId,
      authorId: viewer.userId,
      body,
      mentionIds,
      createdAt: tx.now,
    });
    recordNote(tx, 'NOTE_ADDED', place, { id, version: 1, mentionIds }, []);
  });
}

/**
 * The viewer's own note on a task of an open execution, which is locked, and with it its notes. A lock of the note before that of the
 * execution would be the wrong way round: who removes a task has the execution and wants the notes.
 */
async function ownNote(tx: Transaction, viewer: Viewer, noteId: string, expectedVersion: number | undefined) {
  const read = () => readNote(tx, tx.organizationId, noteId);
  const { taskId } = expectObject(await read(), 'Note', noteId);
  const place = await openTask(tx, viewer, taskId, { code: 'NOT_FOUND', what: 'Note', id: noteId });
  const note = expectObject(await read(), 'Note', noteId, expectedVersion);
  if (note.authorId !== viewer.userId)
    refuse({ code: 'FORBIDDEN', message: 'Only its author may change or delete a note.' });
  return { note, place };
}

export interface UpdateNoteInput {
  readonly noteId: string;
  readonly body: string;
  /** As before if left out. */
  readonly mentionIds?: readonly string[] | undefined;
  readonly expectedVersion?: number | undefined;
}

/** Changes the viewer's own note. Answers its id. */
export async function updateNote(caller: Caller, input: UpdateNoteInput): Promise<CommandResult<string>> {
  return execute(caller, async (tx) => {
    const body = checkBody(input.body);
    const { note, place } = await ownNote(tx, caller.viewer, input.noteId, input.expectedVersion);
    const mentionIds = input.mentionIds ? await checkMentions(tx, input.mentionIds) : note.mentionIds;
    const hasMentionsChanged = JSON.stringify(mentionIds) !== JSON.stringify(note.mentionIds);
    const changedFields = [
      ...(body === note.body ? [] : ['body']),
      ...(hasMentionsChanged ? ['mentionIds'] : []),
    ];
    if (changedFields.length > 0) {
      await saveNote(tx, tx.organizationId, { id: note.id, body, mentionIds, editedAt: tx.now });
      recordNote(
        tx,
        'NOTE_UPDATED',
        place,
        { id: note.id, version: note.version + 1, mentionIds },
        changedFields,
      );
    }
    return note.id;
  });
}

/** Deletes the viewer's own note. Answers the task's id. */
export async function deleteNote(
  caller: Caller,
  input: { readonly noteId: string; readonly expectedVersion?: number | undefined },
): Promise<CommandResult<string>> {
  return execute(caller, async (tx) => {
    const { note, place } = await ownNote(tx, caller.viewer, input.noteId, input.expectedVersion);
    await removeNote(tx, tx.organizationId, note.id);
    recordNote(tx, 'NOTE_DELETED', place, note, []);
    return note.taskId;
  });
}
