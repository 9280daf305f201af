/** Notes on tasks. */
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

const ofTask = statement<{ id: string }>(
  'note.ofTask',
  `select n.id from note n
   where n.organization_id = $1 and n.task_id = $2 and ($3::uuid is null or n.id > $3::uuid) order by n.id limit $4`,
);

/** Ids of a task's notes, oldest first (ids are UUIDv7), after the given one. */
export async function readNoteIds(
  db: Queryable,
  organizationId: string,
  taskId: string,
  after: string | null,
  limit: number,
): Promise<string[]> {
  const rows = await db.query(ofTask, [organizationId, taskId, after, limit]);
  return rows.map(({ id }) => id);
}

const count = statement<{ count: number }>(
  'note.count',
  `select count(*)::int as count from note n where n.organization_id = $1 and n.task_id = $2`,
);

/** How many notes a task has. */
export async function countNotes(db: Queryable, organizationId: string, taskId: string): Promise<number> {
  const [row] = await db.query(count, [organizationId, taskId]);
  return row?.count ?? 0;
}
