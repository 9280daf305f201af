/** Entities: their fields, their list, and how they are made and changed. */
import { createEntity, deleteEntity, updateEntity } from '../commands/entities.ts';
import { countEntities, readEntityPage } from '../store/entity-list.ts';
import type { EntityRecord } from '../store/entities.ts';
import { builder } from './builder.ts';
import { defineConnection } from './connection.ts';
import type { Context } from './context.ts';
import { ENTITY_ORDERS, EntityFilterInput, EntityOrderEnum, toEntityFilter } from './entity-filter.ts';
import { argumentKey, encodeId, inputKey, notFound } from './ids.ts';
import { decodeKeyset } from './keyset.ts';
import { defineMutation } from './mutation.ts';
import { pageArguments, pageSize, toPage } from './page.ts';
import { EntityRef } from './refs.ts';

builder.node(EntityRef, {
  description: 'A business object that work is about: an opportunity, a contract, an order…',
  id: { description: 'Global id.', resolve: ({ id }) => id },
  loadOne: (id: string, { loaders }) => loaders.entities.load(id),
  fields: (t) => ({
    schema: t.exposeString('schema', {
      description: 'What kind of object it is, in lower case: `opportunity`. Stays as it is.',
    }),
    title: t.exposeString('title', { description: 'What the object is called, 1 to 500 characters.' }),
    attributes: t.field({
      type: 'JSON',
      description: 'Everything else that is known of it: a JSON object of at most 256 KiB.',
      resolve: ({ attributes }) => attributes,
    }),
    version: t.exposeInt('version', {
      description: 'Counts the changes of this object, from 1; see `expectedVersion`.',
    }),
    createdAt: t.field({
      type: 'DateTime',
      description: 'When it was made.',
      resolve: ({ createdAt }) => createdAt,
    }),
    updatedAt: t.field({
      type: 'DateTime',
      description: 'When its title or attributes last changed.',
      resolve: ({ updatedAt }) => updatedAt,
    }),
  }),
});

export const EntityConnection = defineConnection('Entity', EntityRef);

builder.queryFields((t) => ({
  entity: t.field({
    type: EntityRef,
    nullable: true,
    description:
      'One entity; null if there is none with this id (here). Partners see those of their executions.',
    args: { id: t.arg.id({ required: true, description: 'The entity’s id.' }) },
    resolve: (_root, { id }, { loaders }) => loaders.entities.load(argumentKey('Entity', id)),
  }),
  entities: t.field({
    type: EntityConnection,
    nullable: true,
    description: 'The organization’s entities. Partners see those of their executions.',
    args: {
      filter: t.arg({ type: EntityFilterInput, description: 'Which; all if left out.' }),
      orderBy: t.arg({
        type: EntityOrderEnum,
        defaultValue: 'TITLE_ASC',
        description: 'In which order; a cursor is only good for the order that it comes from.',
      }),
      ...pageArguments(),
    },
    resolve: async (_root, { filter, orderBy, first, after }, { database, viewer }) => {
      const size = pageSize(first);
      const order = ENTITY_ORDERS[orderBy ?? 'TITLE_ASC'];
      const keyset = decodeKeyset(after, [order.field === 'title' ? 'text' : 'instant', 'uuid']);
      const which = toEntityFilter(filter, viewer);
      const entities = await readEntityPage(
        database,
        viewer.organizationId,
        which,
        order,
        keyset && { value: keyset[0], id: keyset[1] },
        size + 1,
      );
      return {
        ...toPage(entities, size, after, (entity) => [entity[order.field], entity.id]),
        totalCount: () => countEntities(database, viewer.organizationId, which),
      };
    },
  }),
}));

/** The entity that was written; ends the field with NOT_FOUND if it has been deleted since. */
async function readEntity(id: string, { loaders }: Context): Promise<EntityRecord> {
  const entity = await loaders.entities.load(id);
  if (!entity) throw notFound('Entity');
  return entity;
}

defineMutation('createEntity', {
  description: 'Adds an entity. Needs the role member.',
  input: (t) => ({
    schema: t.string({
      required: true,
      description:
        'What kind of object it is: 1 to 63 lower-case letters, digits, - and _, a letter first. Stays as it is.',
    }),
    title: t.string({ required: true, description: 'What the object is called, 1 to 500 characters.' }),
    attributes: t.field({
      type: 'JSON',
      description:
        'Everything else that is known: a JSON object of at most 256 KiB, 20 levels deep. Numbers are 64-bit floating point, so integers beyond ±9007199254740991 belong into text.',
    }),
    idempotencyKey: t.string({
      description: 'Makes a repeated request answer the first one’s entity, 1 to 200 characters.',
    }),
  }),
  problems: ['IDEMPOTENCY_CONFLICT'],
  run: ({ schema, title, attributes, idempotencyKey }, context) =>
    createEntity(context, {
      schema,
      title,
      attributes: attributes ?? {},
      idempotencyKey: idempotencyKey ?? undefined,
    }),
  payload: (t) => ({
    entity: t.field({
      type: EntityRef,
      description: 'The new entity.',
      resolve: ({ value }, _args, context) => readEntity(value, context),
    }),
  }),
});

defineMutation('updateEntity', {
  description: 'Changes an entity’s title or attributes, or nothing at all. Needs the role member.',
  input: (t) => ({
    entityId: t.id({ required: true, description: 'The entity.' }),
    title: t.string({ description: 'The new title.' }),
    attributes: t.field({
      type: 'JSON',
      description:
        'A JSON merge patch (RFC 7396): members that are given replace those that are there, null removes one, all others stay. `{ "customer": { "phone": null } }` removes the phone number only.',
    }),
    expectedVersion: t.int({ description: 'Refuses if the entity has another version by now.' }),
  }),
  problems: ['NOT_FOUND', 'VERSION_CONFLICT'],
  run: ({ entityId, title, attributes, expectedVersion }, context) =>
    updateEntity(context, {
      id: inputKey('entityId', 'Entity', entityId),
      title: title ?? undefined,
      attributes: attributes ?? undefined,
      expectedVersion: expectedVersion ?? undefined,
    }),
  payload: (t) => ({
    entity: t.field({
      type: EntityRef,
      description: 'The entity as it is now.',
      resolve: ({ value }, _args, context) => readEntity(value, context),
    }),
  }),
});

defineMutation('deleteEntity', {
  description:
    'Deletes an entity that no execution is about. Its events stay in the log; the last one tells what it was. Needs the role member.',
  input: (t) => ({
    entityId: t.id({ required: true, description: 'The entity.' }),
    expectedVersion: t.int({ description: 'Refuses if the entity has another version by now.' }),
  }),
  problems: ['NOT_FOUND', 'VERSION_CONFLICT', 'ENTITY_IN_USE'],
  run: ({ entityId, expectedVersion }, context) =>
    deleteEntity(context, {
      id: inputKey('entityId', 'Entity', entityId),
      expectedVersion: expectedVersion ?? undefined,
    }),
  payload: (t) => ({
    entityId: t.id({
      description: 'The id that it had.',
      resolve: ({ value }) => encodeId('Entity', value),
    }),
  }),
});
