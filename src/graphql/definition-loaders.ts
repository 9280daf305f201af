/** The batched reads around definitions; a part of the loaders of each step. */
import DataLoader from 'dataloader';
import { readDirectory, type Directory } from '../commands/definition-references.ts';
import { may, type Viewer } from '../commands/viewer.ts';
import type { DefinitionContent } from '../engine/definition.ts';
import type { Database } from '../store/database.ts';
import {
  readDefinitions,
  readDrafts,
  readNewestVersions,
  readVersions,
  type DefinitionRecord,
  type VersionRecord,
} from '../store/definitions.ts';
import { readStartableBySchema } from '../store/definitions-list.ts';
import type { ClosingReason, Definition, DefinitionVersion } from '../store/generated/prisma/client.ts';
import { byId, foundLoaders } from './found-loader.ts';

/** Null, or empty, where nothing is found and for partners, who can't read definitions. */
export interface DefinitionLoaders {
  /** By id, without the draft. */
  readonly definitions: DataLoader<string, Definition | null>;
  /** By the definition's id. */
  readonly drafts: DataLoader<string, DefinitionContent | null>;
  /** By the version's own id. */
  readonly definitionVersions: DataLoader<string, DefinitionVersion | null>;
  /** The newest version, by the definition's id. */
  readonly newestVersions: DataLoader<string, DefinitionVersion | null>;
  /** What can be started by hand on entities of a schema. */
  readonly startableDefinitions: DataLoader<string, Definition[]>;
  readonly closingReasons: DataLoader<string, ClosingReason | null>;
  /** Whom and what a content names. */
  readonly directories: DataLoader<DefinitionContent, Directory>;
}

/** The definition as the schema knows it. A draft of null is one that was not read; see `draftOf`. */
export function definitionShape(record: DefinitionRecord, organizationId: string): Definition {
  return {
    ...record,
    organizationId,
    labels: [...record.labels],
    draft: null,
    createdAt: new Date(record.createdAt),
    updatedAt: new Date(record.updatedAt),
  };
}

function versionShape(record: VersionRecord, organizationId: string): DefinitionVersion {
  return {
    ...record,
    organizationId,
    // The engine's read-only content is JSON.
    content: record.content as unknown as DefinitionVersion['content'],
    publishedAt: new Date(record.publishedAt),
  };
}

/** Loaders for one step of an operation of this viewer. */
export function createDefinitionLoaders(database: Database, viewer: Viewer): DefinitionLoaders {
  const { organizationId } = viewer;
  const mayRead = may(viewer, 'work');
  const loader = foundLoaders(mayRead);
  const toDefinition = (record: DefinitionRecord): Definition => definitionShape(record, organizationId);
  const toVersion = (record: VersionRecord): DefinitionVersion => versionShape(record, organizationId);

  return {
    definitions: loader(
      async (ids) => byId(await readDefinitions(database, organizationId, ids)),
      toDefinition,
    ),
    drafts: loader(
      (ids) => readDrafts(database, organizationId, ids),
      (draft) => draft,
    ),
    definitionVersions: loader(
      async (ids) => byId(await readVersions(database, organizationId, ids)),
      toVersion,
    ),
    newestVersions: loader((ids) => readNewestVersions(database, organizationId, ids), toVersion),
    startableDefinitions: new DataLoader(async (schemas) => {
      const found = mayRead
        ? await readStartableBySchema(database, organizationId, schemas)
        : new Map<string, DefinitionRecord[]>();
      return schemas.map((schema) => (found.get(schema) ?? []).map(toDefinition));
    }),
    closingReasons: loader(
      async (ids) =>
        byId(
          await database.prisma.closingReason.findMany({ where: { organizationId, id: { in: [...ids] } } }),
        ),
      (reason) => reason,
    ),
    directories: new DataLoader(async (contents) => {
      const directory = await readDirectory(database, organizationId, contents);
      return contents.map(() => directory);
    }),
  };
}
