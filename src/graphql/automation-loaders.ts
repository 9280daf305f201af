/** The batched reads around automations; a part of the loaders of each step. */
import DataLoader from 'dataloader';
import { storedContent } from '../automation/automation-session.ts';
import type { AutomationContent } from '../automation/content.ts';
import { issuesOfAutomations } from '../automation/references.ts';
import type { AutomationIssue } from '../commands/automation-issue.ts';
import { may, type Viewer } from '../commands/viewer.ts';
import {
  readAutomationDrafts,
  readAutomations,
  readAutomationVersions,
  readNewestAutomationVersions,
  type AutomationRecord,
  type AutomationVersionRecord,
} from '../store/automations.ts';
import type { Database } from '../store/database.ts';
import type { Automation, AutomationVersion } from '../store/generated/prisma/client.ts';
import { byId, foundLoaders } from './found-loader.ts';

/** Null where nothing is found and for partners, who can't read automations. */
export interface AutomationLoaders {
  /** By id, without the draft. */
  readonly automations: DataLoader<string, Automation | null>;
  /** By the automation's id. */
  readonly automationDrafts: DataLoader<string, AutomationContent | null>;
  /** By the version's own id. */
  readonly automationVersions: DataLoader<string, AutomationVersion | null>;
  /** The newest version, by the automation's id. */
  readonly newestAutomationVersions: DataLoader<string, AutomationVersion | null>;
  /** What is wrong with a content. */
  readonly automationIssues: DataLoader<AutomationContent, readonly AutomationIssue[]>;
}

/** The automation as the schema knows it. Its draft, and since when the guard counts, are null: they are not read here. */
export function automationShape(record: AutomationRecord, organizationId: string): Automation {
  return {
    ...record,
    organizationId,
    draft: null,
    enabledAt: null,
    disabledAt: record.disabledAt === null ? null : new Date(record.disabledAt),
    createdAt: new Date(record.createdAt),
    updatedAt: new Date(record.updatedAt),
  };
}

function versionShape(record: AutomationVersionRecord, organizationId: string): AutomationVersion {
  return {
    ...record,
    organizationId,
    // What came out of a JSON column is JSON.
    content: record.content as AutomationVersion['content'],
    publishedAt: new Date(record.publishedAt),
  };
}

/** Loaders for one step of an operation of this viewer. */
export function createAutomationLoaders(database: Database, viewer: Viewer): AutomationLoaders {
  const { organizationId } = viewer;
  const loader = foundLoaders(may(viewer, 'work'));
  const toVersion = (record: AutomationVersionRecord) => versionShape(record, organizationId);

  return {
    automations: loader(
      async (ids) => byId(await readAutomations(database, organizationId, ids)),
      (record) => automationShape(record, organizationId),
    ),
    automationDrafts: loader((ids) => readAutomationDrafts(database, organizationId, ids), storedContent),
    automationVersions: loader(
      async (ids) => byId(await readAutomationVersions(database, organizationId, ids)),
      toVersion,
    ),
    newestAutomationVersions: loader(
      (ids) => readNewestAutomationVersions(database, organizationId, ids),
      toVersion,
    ),
    automationIssues: new DataLoader((contents) => issuesOfAutomations(database, organizationId, contents)),
  };
}
