/** What texts and inputs can name of an entity, wherever they are filled in. */
import type { Json } from '../engine/definition.ts';
import { globalId } from '../store/global-id.ts';

/** As they are kept: what came out of a JSON column is JSON. */
interface NamedEntity {
  readonly id: string;
  readonly schema: string;
  readonly title: string;
  readonly attributes: unknown;
}

/** `entity.…` (its attributes), `entityId`, `entityTitle`, `entitySchema`; null without an entity. */
export function entityVariables(entity: NamedEntity | null) {
  return {
    entity: (entity?.attributes ?? null) as Json,
    entityId: entity && globalId('Entity', entity.id),
    entityTitle: entity?.title ?? null,
    entitySchema: entity?.schema ?? null,
  };
}
