/** Notes on tasks. */
import type { Note } from './generated/prisma/client.ts';
import { statement, type Queryable } from './statement.ts';

export interface NoteRecord {
  readonly id: string;
  readonly taskId: string;
  readonly authorId: string;
  readonly version: number;
  readonly body: string;
  readonly mentionIds: readonly string[];
}

const insert = statement<never>(
  'note.insert',
  `insert into note (organization_id, id, task_id, author_id, body, mention_ids, created_at)
   values ($1, $2, $3, $4, $5, $6::uuid[], $7)`,
);

/** Adds a note. */
export async function insertNote(
  tx: Queryable,
  organizationId: string,
  note: {
    readonly id: string;
    readonly taskId: string;
    readonly authorId: string;
    readonly body: string;
    readonly mentionIds: readonly string[];
    readonly createdAt: string;
  },
): Promise<void> {
  const { id, taskId, authorId, body, mentionIds, createdAt } = note;
  await tx.query(insert, [organizationId, id, taskId, authorId, body, mentionIds, createdAt]);
}

const byId = statement<NoteRecord>(
  'note.byId',
  `select n.id, n.task_id as "taskId", n.author_id as "authorId", n.version, n.body, n.mention_ids as "mentionIds"
   from note n where n.organization_id = $1 and n.id = $2`,
);

/** The note; null if there is none. It changes only while its execution is locked. */
export async function readNote(
  db: Queryable,
  organizationId: string,
  id: string,
): Promise<NoteRecord | null> {
  const [note] = await db.query(byId, [organizationId, id]);
  return note ?? null;
}

const update = statement<never>(
  'note.update',
  `update note set body = $3, mention_ids = $4::uuid[], edited_at = $5, version = version + 1
   where organization_id = $1 and id = $2`,
);

/** Changes a note's text and mentions. */
export async function updateNote(
  tx: Queryable,
  organizationId: string,
  note: {
    readonly id: string;
    readonly body: string;
    readonly mentionIds: readonly string[];
    readonly editedAt: string;
  },
): Promise<void> {
  await tx.query(update, [organizationId, note.id, note.body, note.mentionIds, note.editedAt]);
}

const remove = statement<never>('note.delete', `delete from note where organization_id = $1 and id = $2`);

/** Deletes a note. */
export async function deleteNote(tx: Queryable, organizationId: string, id: string): Promise<void> {
  await tx.query(remove, [organizationId, id]);
}

const ofTasks = statement<
  Omit<Note, 'createdAt' | 'editedAt'> & { createdAt: string; editedAt: string | null }
>(
  'note.ofTasks',
  `select page.* from unnest($2::uuid[]) as t(id)
   cross join lateral (
     select n.organization_id as "organizationId", n.id, n.task_id as "taskId", n.author_id as "authorId", n.body,
       n.mention_ids as "mentionIds", n.created_at as "createdAt", n.edited_at as "editedAt", n.version
     from note n
     where n.organization_id = $1 and n.task_id = t.id and ($3::uuid is null or n.id > $3::uuid)
     order by n.id limit $4) page`,
);

/** For each task a page of its notes, oldest first (ids are UUIDv7), after the given one. */
export async function readNotesOfTasks(
  db: Queryable,
  organizationId: string,
  taskIds: readonly string[],
  page: { readonly after: string | null; readonly limit: number },
): Promise<Map<string, Note[]>> {
  const rows = await db.query(ofTasks, [organizationId, taskIds, page.after, page.limit]);
  const byTask = new Map<string, Note[]>();
  for (const row of rows) {
    const note = {
      ...row,
      createdAt: new Date(row.createdAt),
      editedAt: row.editedAt === null ? null : new Date(row.editedAt),
    };
    byTask.set(row.taskId, [...(byTask.get(row.taskId) ?? []), note]);
  }
  return byTask;
}
