/** The one door to PostgreSQL: a pool that named statements, transactions and Prisma share. */
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import type { Logger } from 'pino';
import { createHash } from 'node:crypto';
import { PrismaClient } from './generated/prisma/client.ts';
import { bind, type Queryable, type Statement } from './statement.ts';
import type { TransactionScope } from './scope.ts';
import { inTransaction, type Transaction } from './transaction.ts';
import { typeParsers } from './types.ts';

/** What a committed transaction answers: its result, and the organization's log position that includes it. */
export interface Committed<T> {
  readonly value: T;
  readonly seq: number;
}

export interface Database extends Queryable, AsyncDisposable {
  readonly pool: pg.Pool;
  /** For single objects and administration; hot reads and all writes go through statements. */
  readonly prisma: PrismaClient;
  /**
   * Runs `work` in one transaction and appends the events that it recorded as its last statement. A throw rolls everything back.
   * It is tried again after a deadlock or serialization failure, or if something that it refers to was deleted meanwhile: so `work` must have no
   * effect outside the transaction.
   */
  transaction<T>(scope: TransactionScope, work: (tx: Transaction) => Promise<T>): Promise<Committed<T>>;
  /** Calls `listener` with the organization after each commit that appended events; answers the function that ends it. */
  onCommit(listener: (organizationId: string) => void): () => void;
}

export interface DatabaseOptions {
  readonly connectionString: string;
  readonly poolSize: number;
  readonly log: Logger;
  /** Sees the text of every statement that is sent, BEGIN and COMMIT included; tests count with it. */
  readonly onStatement?: ((text: string) => void) | undefined;
}

function observedClient(onStatement: (text: string) => void): typeof pg.Client {
  return class extends pg.Client {
    constructor(config?: string | pg.ClientConfig) {
      super(config);
      const send = this.query.bind(this) as (...args: unknown[]) => unknown;
      const observed = (...args: unknown[]): unknown => {
        const [first] = args;
        onStatement(typeof first === 'string' ? first : ((first as { text?: string }).text ?? ''));
        return send(...args);
      };
      this.query = observed as typeof this.query;
    }
  };
}

/** Prisma sends unnamed statements unless told otherwise, which costs PostgreSQL 30 % more CPU. */
function prismaStatementName({ sql }: { sql: string }): string {
  return `prisma.${createHash('sha1').update(sql).digest('base64url')}`;
}

/** Longer than anybody waits for an answer, so that one statement, lock or forgotten transaction can't hold up the others for good. In ms. */
const LONGEST_STATEMENT_MS = 30_000;
/** How long to wait for a connection, a free one or a new one, before giving up. In ms. */
const LONGEST_WAIT_MS = 10_000;

/** Opens the pool; nothing is sent before the first use. */
export function openDatabase(options: DatabaseOptions): Database {
  const pool = new pg.Pool({
    connectionString: options.connectionString,
    max: options.poolSize,
    types: typeParsers,
    application_name: 'handrail',
    connectionTimeoutMillis: LONGEST_WAIT_MS,
    statement_timeout: LONGEST_STATEMENT_MS,
    idle_in_transaction_session_timeout: LONGEST_STATEMENT_MS,
    ...(options.onStatement ? { Client: observedClient(options.onStatement) } : {}),
  });
  // A connection that breaks is replaced by the pool, and whoever was using it is told by their statement. Without a listener it would end the
  // process; the pool's own one is off while a connection changes hands.
  pool.on('connect', (client) => {
    client.on('error', (error) => {
      options.log.warn({ err: error }, 'a database connection broke');
    });
  });
  pool.on('error', () => undefined);
  const prisma = new PrismaClient({
    adapter: new PrismaPg(pool, { statementNameGenerator: prismaStatementName, disposeExternalPool: false }),
  });
  const listeners = new Set<(organizationId: string) => void>();

  return {
    pool,
    prisma,
    async query<Row>(prepared: Statement<Row>, values: readonly unknown[]): Promise<Row[]> {
      const answer = await pool.query(bind(prepared, values));
      return answer.rows as Row[];
    },
    async transaction<T>(scope: TransactionScope, work: (tx: Transaction) => Promise<T>) {
      const { value, seq, appended } = await inTransaction(pool, scope, work);
      if (appended) for (const listener of listeners) listener(scope.organizationId);
      return { value, seq };
    },
    onCommit(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    async [Symbol.asyncDispose]() {
      await prisma.$disconnect();
      await pool.end();
    },
  };
}
