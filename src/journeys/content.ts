/** What a journey says: a form or where one is, and what becomes of what is submitted. Everything here is JSON. */
import type { AttributeMapping } from '../automation/mapping.ts';
import type { JsonObject } from '../commands/merge-patch.ts';

/** FORM: it is filled in here. LINK: somewhere else, and comes back signed. */
export type JourneyKind = 'FORM' | 'LINK';

/** The entity that a submission makes if it belongs to none. */
export interface CreatedEntity {
  readonly entitySchema: string;
  /** May have variables. */
  readonly title: string;
  /** Written before the journey's own mapping. */
  readonly attributes: readonly AttributeMapping[];
}

/** What a session takes from its journey when it is opened; later changes of the journey don't reach it. */
export interface FrozenContent {
  readonly name: string;
  /** Markdown. */
  readonly description: string | null;
  readonly kind: JourneyKind;
  /** JSON Schema of what is submitted: of a FORM always, of a LINK if what comes back is to be validated. */
  readonly schema: JsonObject | null;
  /** Of a FORM: hints for who renders it, as react-jsonschema-form understands them. */
  readonly uiSchema: JsonObject | null;
  /** Of a LINK: where the form is. */
  readonly url: string | null;
  /** What is written into the attributes of the entity. */
  readonly mapping: readonly AttributeMapping[];
  readonly creates: CreatedEntity | null;
}

export interface JourneyContent extends FrozenContent {
  /** How long a session can be used, in hours. */
  readonly sessionHours: number;
  /** Whether anybody may open it, by a permanent link. */
  readonly isPublic: boolean;
}

/** The content of a session. */
export interface SessionContent extends FrozenContent {
  /** Whether its submission completes the task. */
  readonly completesTask: boolean;
}

/** Stored JSON as what it was when it was stored. */
export function storedContent(json: unknown): JourneyContent {
  return json as JourneyContent;
}

/** Stored JSON as what it was when it was stored. */
export function storedSessionContent(json: unknown): SessionContent {
  return json as SessionContent;
}

/** What a session of the journey is to be like, as the journey is now. */
export function frozen(content: JourneyContent, completesTask: boolean): SessionContent {
  const { sessionHours: _hours, isPublic: _isPublic, ...rest } = content;
  return { ...rest, completesTask };
}
