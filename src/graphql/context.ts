/** What every resolver can reach: the caller, and the loaders of this operation. */
import type { Logger } from 'pino';
import type { Caller } from '../commands/execute.ts';
import type { Viewer } from '../commands/viewer.ts';
import type { Live } from '../live/live.ts';
import type { Database } from '../store/database.ts';
import { createLoaders, type Loaders } from './loaders.ts';
import type { Patience } from './look-until.ts';

/** What of the server's settings matters to what is asked of it. */
export interface Settings {
  /** Where webhooks may be sent: to public addresses by HTTPS, or anywhere. */
  readonly webhookTargets: 'public' | 'any';
  /** The address of this server for the outside, without a slash at its end. */
  readonly publicUrl: () => string;
}

const DEFAULT_SETTINGS: Settings = { webhookTargets: 'public', publicUrl: () => 'http://localhost' };

export interface Context extends Caller {
  readonly live: Live;
  readonly log: Logger;
  readonly settings: Settings;
  /** How long fields wait for their `atLeast`; `AT_LEAST_PATIENCE` if left out. */
  readonly atLeastPatience?: Patience;
  /** Aborted when whoever asked has gone; left out where nobody can tell. */
  readonly signal?: AbortSignal | undefined;
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
  /** Public addresses only, at http://localhost, if left out. */
  readonly settings?: Settings;
  readonly atLeastPatience?: Patience;
  readonly signal?: AbortSignal | undefined;
}

/** A context for one operation of one viewer. `first`: the loaders of the first step, if others have read for it already. */
export function createContext(sources: ContextSources, asking: Viewer, first?: Loaders): Context {
  let viewer = asking;
  // Made when first asked for: a subscription holds its context, and mostly never reads by it.
  let loaders = first;
  return {
    ...sources,
    settings: sources.settings ?? DEFAULT_SETTINGS,
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
