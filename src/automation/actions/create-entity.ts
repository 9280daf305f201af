/** The action that makes an entity. */
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { createEntityIn, SCHEMA_NAME } from '../../commands/entities.ts';
import { globalId } from '../../store/global-id.ts';
import { defineAction } from '../action-type.ts';
import { applyMapping, attributeMappings, mappingTemplates } from '../mapping.ts';
import { render, templatesOf } from '../template.ts';

const config = z.strictObject({
  schema: z
    .string()
    .max(63)
    .regex(SCHEMA_NAME, { error: 'A schema is lower-case letters, digits, - and _, a letter first.' })
    .describe('What kind of object it is: `service_order`.'),
  title: z.string().min(1).max(2_000).describe('What it is called; may have variables.'),
  attributes: attributeMappings,
});

export const createEntityAction = defineAction<z.infer<typeof config>>({
  type: 'CREATE_ENTITY',
  title: 'Create an entity',
  description:
    'Makes an entity. Later actions can name it: its id, schema and title are what this one puts out.',
  retry: 'INSIDE',
  isOnEntity: true,
  config,
  references: () => [],
  templates: ({ title, attributes }) => [
    ...templatesOf({ title }),
    ...mappingTemplates('attributes', attributes),
  ],
  async run({ tx, variables }, { schema, title, attributes }) {
    const entity = await createEntityIn(tx, uuidv7(), {
      schema,
      title: render(title, variables, 'line'),
      attributes: applyMapping({}, attributes, variables),
    });
    return {
      type: 'DONE',
      output: { id: globalId('Entity', entity.id), schema, title: entity.title },
      entityId: entity.id,
    };
  },
});
