/** Unique names and addresses: who comes second is told which field is taken. */
import { refuseInput } from './problem.ts';

/** The field that a unique constraint of the database guards. */
export interface Unique {
  /** The constraint's name in the migrations. */
  readonly constraint: string;
  /** The input's field. */
  readonly path: string;
  /** For people: `another team has this name`. */
  readonly message: string;
}

/**
 * Answers what `write` answers; if it breaks one of the unique constraints, refuses its field with the code TAKEN. The constraint
 * decides, and not a look beforehand, because only it sees what others are writing at the same moment.
 */
export async function refuseTaken<T>(write: Promise<T>, uniques: readonly Unique[]): Promise<T> {
  try {
    return await write;
  } catch (error) {
    // https://www.postgresql.org/docs/current/errcodes-appendix.html: unique_violation
    if (error instanceof Error && 'code' in error && error.code === '23505' && 'constraint' in error) {
      const broken = uniques.find(({ constraint }) => constraint === error.constraint);
      if (broken) return refuseInput(broken.path, 'TAKEN', `${broken.message}.`);
    }
    throw error;
  }
}
