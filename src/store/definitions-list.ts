/** Lists of definitions; and which of them can be started. */
import { DEFINITION_COLUMNS, type DefinitionRecord } from './definitions.ts';
import { designList, type DesignTable } from './design-list.ts';
import { byHandReader } from './designs-by-hand.ts';

const DEFINITIONS: DesignTable = {
  name: 'definition',
  alias: 'd',
  columns: DEFINITION_COLUMNS,
  labels: 'd.labels',
};

/** All definitions of an organization. */
export const definitionList = designList<DefinitionRecord>(DEFINITIONS);

/** The definitions that can be started by hand on entities of each of these schemas, by name. */
export const readStartableBySchema = byHandReader<DefinitionRecord>(DEFINITIONS);
