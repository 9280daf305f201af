/** Notes on tasks. */
import { groupBy } from '../engine/collections.ts';
import type { Note } from './generated/prisma/client.ts';
import { statement, type Queryable } from './statement.ts';
import { visibleThrough } from './visibility.ts';

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

interface NoteRow extends Omit<Note, 'createdAt' | 'editedAt'> {
  readonly createdAt: string;
  readonly editedAt: string | null;
}

const COLUMNS = `n.organization_id as "organizationId", n.id, n.task_id as "taskId", n.author_id as "authorId", n.body,
  n.mention_ids as "mentionIds", n.created_at as "createdAt", n.edited_at as "editedAt", n.version`;

function fromRow({ createdAt, editedAt, ...row }: NoteRow): Note {
  return {
    ...row,
    createdAt: new Date(createdAt),
    editedAt: editedAt === null ? null : new Date(editedAt),
  };
}

const byIds = statement<NoteRow>(
  'note.byIds',
  `select ${COLUMNS} from note n
   join task t on t.organization_id = n.organization_id and t.id = n.task_id
   where n.organization_id = $1 and n.id = any($2::uuid[]) and ${visibleThrough('$3', 't.organization_id', 't.execution_id')}`,
);

/** The notes with these ids that can be seen through the scope, in no order. */
export async function readNotes(
  db: Queryable,
  organizationId: string,
  ids: readonly string[],
  scope: readonly string[] | null,
): Promise<Note[]> {
  const rows = await db.query(byIds, [organizationId, ids, scope]);
  return rows.map(fromRow);
}

const ofTasks = statement<NoteRow>(
  'note.ofTasks',
  `select page.* from unnest($2::uuid[]) as t(id)
   cross join lateral (
     select ${COLUMNS} from note n
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
  return groupBy(rows.map(fromRow), ({ taskId }) => taskId);
}
