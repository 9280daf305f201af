/** What every resolver can reach: the caller, and the loaders of this operation. */
import type { Logger } from 'pino';
import type { Caller } from '../commands/execute.ts';
import type { Viewer } from '../commands/viewer.ts';
import type { Live } from '../live/live.ts';
import type { Database } from '../store/database.ts';
import { createLoaders, type Loaders } from './loaders.ts';
import type { Patience } from './look-until.ts';

export interface Context extends Caller {
  readonly live: Live;
  readonly log: Logger;
  /** How long fields wait for their `atLeast`; `AT_LEAST_PATIENCE` if left out. */
  readonly atLeastPatience?: Patience;
  /** Batches and caches the reads of one step: one query, one mutation field, one delivered event. */
  readonly loaders: Loaders;
  /** Starts the next step: from here on, reads see what has been committed since, as this viewer (whose teams may have changed) if one is given. */
  nextStep(viewer?: Viewer): void;
}

export interface ContextSources {
  readonly database: Database;
  readonly live: Live;
  readonly clock: () => Date;
  readonly log: Logger;
  readonly atLeastPatience?: Patience;
}

/** A context for one operation of one viewer. `first`: the loaders of the first step, if others have read for it already. */
export function createContext(sources: ContextSources, asking: Viewer, first?: Loaders): Context {
  let viewer = asking;
  // Made when first asked for: a subscription holds its context, and mostly never reads by it.
  let loaders = first;
  return {
    ...sources,
    get viewer() {
      return viewer;
    },
    get loaders() {
      return (loaders ??= createLoaders(sources.database, viewer));
    },
    nextStep(present = viewer) {
      viewer = present;
      loaders = undefined;
    },
  };
}
