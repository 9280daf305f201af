/** A database whose connection is lost now and then, just before a transaction commits or just after. */
import type { Database } from '../../src/store/database.ts';

/** What becomes of a transaction. `BEFORE`: it is rolled back. `AFTER`: it is committed, and nobody is told. */
export type Loss = 'NONE' | 'BEFORE' | 'AFTER';

function lost(): Error {
  return Object.assign(new Error('the connection was lost'), { code: 'ECONNRESET' });
}

/** The same database, with the losses that `draw` answers, one for each transaction. */
export function faultyDatabase(database: Database, draw: () => Loss): Database {
  return {
    ...database,
    async transaction(scope, work) {
      const loss = draw();
      const committed = await database.transaction(scope, async (tx) => {
        const value = await work(tx);
        if (loss === 'BEFORE') throw lost();
        return value;
      });
      if (loss === 'AFTER') throw lost();
      return committed;
    },
  };
}
