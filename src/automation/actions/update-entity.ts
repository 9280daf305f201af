/** The action that changes an entity. */
import { z } from 'zod';
import { updateEntityIn } from '../../commands/entities.ts';
import type { Attributes } from '../../engine/facts.ts';
import { globalId } from '../../store/global-id.ts';
import { defineAction } from '../action-type.ts';
import { applyMapping, attributeMappings, mappingTemplates } from '../mapping.ts';
import { entityOf, onEntityOf } from '../targets.ts';
import { render, templatesOf } from '../template.ts';

const config = z.strictObject({
  onEntityOf,
  title: z
    .string()
    .min(1)
    .max(2_000)
    .nullable()
    .default(null)
    .describe('What it is called from then on; may have variables. As before if left out.'),
  attributes: attributeMappings,
});

export const updateEntityAction = defineAction<z.infer<typeof config>>({
  type: 'UPDATE_ENTITY',
  title: 'Update an entity',
  description:
    'Changes the title or attributes of the run’s entity, or of one that an earlier action made. All other attributes stay.',
  retry: 'INSIDE',
  isOnEntity: true,
  config,
  references: () => [],
  sourceOf: (given) => given.onEntityOf,
  templates: (given) => [
    ...templatesOf({ title: given.title }),
    ...mappingTemplates('attributes', given.attributes),
  ],
  async run(context, given) {
    const { tx, variables } = context;
    const id = entityOf(context, given.onEntityOf);
    const { schema, title } = await updateEntityIn(tx, { id }, ({ attributes }) => ({
      ...(given.title === null ? {} : { title: render(given.title, variables, 'line') }),
      // What came out of a JSON column is JSON.
      attributes: applyMapping(attributes as Attributes, given.attributes, variables),
    }));
    return { type: 'DONE', output: { id: globalId('Entity', id), schema, title }, entityId: id };
  },
});
