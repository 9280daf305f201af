/** Journeys: forms that people fill in. (How they are changed: journey-commands.ts.) */
import { storedContent } from '../journeys/content.ts';
import { countJourneys, listJourneys, type JourneyRecord } from '../store/journeys.ts';
import { builder } from './builder.ts';
import { defineConnection } from './connection.ts';
import { argumentKey } from './ids.ts';
import { CreatedEntityRef, JourneyKindEnum, MappingRef } from './journey-content.ts';
import { decodeKeyset, searchText } from './keyset.ts';
import { pageArguments, pageSize, toPage } from './page.ts';
import { JourneyRef } from './refs.ts';

function contentOf({ content }: JourneyRecord) {
  return storedContent(content);
}

builder.node(JourneyRef, {
  description:
    'A form that people fill in, here or elsewhere, and what becomes of what they submit. Partners can’t read it, only the sessions of their own tasks.',
  id: { description: 'Global id.', resolve: ({ id }) => id },
  loadOne: (id: string, { loaders }) => loaders.journeys.load(id),
  fields: (t) => ({
    name: t.exposeString('name', { description: 'What people call it.' }),
    description: t.string({
      nullable: true,
      description: 'What it is for, in Markdown; shown above the form.',
      resolve: (journey) => contentOf(journey).description,
    }),
    kind: t.field({
      type: JourneyKindEnum,
      description: 'Where it is filled in.',
      resolve: (journey) => contentOf(journey).kind,
    }),
    schema: t.field({
      type: 'JSON',
      nullable: true,
      description: 'JSON Schema of what is submitted; null for a LINK that validates nothing.',
      resolve: (journey) => contentOf(journey).schema,
    }),
    uiSchema: t.field({
      type: 'JSON',
      nullable: true,
      description: 'Of a FORM: hints for who renders it, as react-jsonschema-form has them.',
      resolve: (journey) => contentOf(journey).uiSchema,
    }),
    url: t.string({
      nullable: true,
      description: 'Of a LINK: where the outside form is.',
      resolve: (journey) => contentOf(journey).url,
    }),
    mapping: t.field({
      type: [MappingRef],
      complexity: { multiplier: 10 },
      description: 'What is written into the attributes of the entity, in this order.',
      resolve: (journey) => [...contentOf(journey).mapping],
    }),
    creates: t.field({
      type: CreatedEntityRef,
      nullable: true,
      description: 'The entity that a submission makes if it belongs to none; null for none.',
      resolve: (journey) => contentOf(journey).creates,
    }),
    sessionHours: t.int({
      description: 'How long a session can be used, in hours.',
      resolve: (journey) => contentOf(journey).sessionHours,
    }),
    isPublic: t.boolean({
      description: 'Whether anybody may open it by `publicUrl`.',
      resolve: (journey) => contentOf(journey).isPublic,
    }),
    publicUrl: t.string({
      nullable: true,
      description:
        'The permanent link by which anybody can fill it in, without an account and as often as they like; null if it is not public. It works while the journey is enabled.',
      resolve: ({ publicKey }, _args, { settings }) =>
        publicKey && `${settings.publicUrl()}/journeys/${publicKey}`,
    }),
    previousSecretExpiresAt: t.field({
      type: 'DateTime',
      nullable: true,
      description:
        'Of a LINK: until when what is signed with the secret before the present one is, or was, taken; null if it has only had one.',
      resolve: ({ previousSecretExpiresAt }) => previousSecretExpiresAt,
    }),
    isEnabled: t.exposeBoolean('isEnabled', {
      description: 'Whether it can be opened. Sessions that are open go on.',
    }),
    isArchived: t.exposeBoolean('isArchived', {
      description: 'Whether it is put away: in no list unless asked for, not to be opened or changed.',
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
      description: 'When it was last changed.',
      resolve: ({ updatedAt }) => updatedAt,
    }),
  }),
});

const JourneyConnection = defineConnection('Journey', JourneyRef);

const FilterInput = builder.inputType('JourneyFilter', {
  description: 'Which journeys a list shows. All conditions must hold.',
  fields: (t) => ({
    search: t.string({ description: 'Only those with this text in their name, in upper or lower case.' }),
    isEnabled: t.boolean({ description: 'Only enabled ones, or only disabled ones.' }),
    isArchived: t.boolean({
      description: 'Only archived ones, or (false, and if left out) only those that are not.',
    }),
  }),
});

builder.queryFields((t) => ({
  journey: t.field({
    type: JourneyRef,
    nullable: true,
    authScopes: { work: true },
    description: 'One journey, also an archived one; null if there is none with this id (here).',
    args: { id: t.arg.id({ required: true, description: 'The journey’s id.' }) },
    resolve: (_root, { id }, { loaders }) => loaders.journeys.load(argumentKey('Journey', id)),
  }),
  journeys: t.field({
    type: JourneyConnection,
    nullable: true,
    authScopes: { work: true },
    description: 'The organization’s journeys by name, archived ones only if asked for.',
    args: {
      filter: t.arg({ type: FilterInput, description: 'Which ones; all that are not archived if left out.' }),
      ...pageArguments(),
    },
    resolve: async (_root, { filter, first, after }, { database, viewer: { organizationId } }) => {
      const size = pageSize(first);
      const [name, id] = decodeKeyset(after, ['text', 'uuid']) ?? [null, null];
      const conditions = {
        search: searchText('search', filter?.search) ?? null,
        isEnabled: filter?.isEnabled ?? null,
        isArchived: filter?.isArchived ?? false,
      };
      const place = name === null ? null : { name, id };
      const rows = await listJourneys(database, organizationId, conditions, place, size + 1);
      return {
        ...toPage(rows, size, after, ({ sortValue, id: last }) => [sortValue, last]),
        totalCount: () => countJourneys(database, organizationId, conditions),
      };
    },
  }),
}));
