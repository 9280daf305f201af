/** Lists of automations; and which of them can be run by hand. */
import { AUTOMATION_COLUMNS, type AutomationRecord } from './automations.ts';
import { designList, type DesignTable } from './design-list.ts';
import { byHandReader } from './designs-by-hand.ts';

const AUTOMATIONS: DesignTable = {
  name: 'automation',
  alias: 'a',
  columns: AUTOMATION_COLUMNS,
  // They have none.
  labels: `'{}'::text[]`,
};

/** All automations of an organization. */
export const automationList = designList<AutomationRecord>(AUTOMATIONS);

/** The automations that can be run by hand on entities of each of these schemas, by name. */
export const readRunnableBySchema = byHandReader<AutomationRecord>(AUTOMATIONS);
