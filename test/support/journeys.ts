/** Journeys in few words: their contents, making and opening them, and filling them in by their tokens. */
import type { AttributeMapping } from '../../src/automation/mapping.ts';
import type { CommandResult } from '../../src/commands/execute.ts';
import type { Problem } from '../../src/commands/problem.ts';
import type { JourneyReference, TaskDefinition } from '../../src/engine/definition.ts';
import { createJourneys } from '../../src/journeys/by-token.ts';
import type { JourneyContent } from '../../src/journeys/content.ts';
import { createJourney } from '../../src/journeys/journeys.ts';
import { openJourney, type OpenedJourney, type OpenJourneyInput } from '../../src/journeys/open-journey.ts';
import type { Database } from '../../src/store/database.ts';
import { task } from './workflow.ts';
import type { Workshop } from './workshop.ts';

export const PUBLIC_URL = 'https://handrail.example';

/** Copies from the data, or from elsewhere, into an attribute. */
export function copy(
  target: string,
  source: string,
  parts: Partial<AttributeMapping> = {},
): AttributeMapping {
  return { target, mode: 'COPY', source, isUnique: false, clearsIfEmpty: false, ...parts };
}

/** Asks for an address, which it writes into the entity. */
export function form(parts: Partial<JourneyContent> = {}): JourneyContent {
  return {
    name: 'Address',
    description: 'Where do you **live**?',
    kind: 'FORM',
    schema: {
      type: 'object',
      properties: {
        address: {
          type: 'object',
          properties: { zip: { type: 'string', pattern: '^[0-9]{5}$' }, city: { type: 'string' } },
          required: ['zip'],
        },
        email: { type: 'string', format: 'email' },
      },
      required: ['address'],
    },
    uiSchema: { email: { 'ui:placeholder': 'you@example.org' } },
    url: null,
    mapping: [copy('zip', 'data.address.zip'), copy('city', 'data.address.city')],
    creates: null,
    sessionHours: 24,
    isPublic: false,
    ...parts,
  };
}

/** A form somewhere else. */
export function link(parts: Partial<JourneyContent> = {}): JourneyContent {
  const url = 'https://forms.example/address?lang=de';
  return form({ kind: 'LINK', uiSchema: null, url, ...parts });
}

export const RIGHT = { address: { zip: '12345', city: 'Lindental' } };

export function valueOf<T>(result: CommandResult<T>): T {
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.problem)}`);
  return result.value;
}

/** The problem; throws if it was done. */
export function problemOf(result: { readonly ok: boolean } | null): Problem {
  if (result === null || !('problem' in result)) throw new Error('it was done');
  return result.problem as Problem;
}

export async function made(shop: Workshop, parts: Partial<JourneyContent> = {}): Promise<string> {
  const content = parts.kind === 'LINK' ? link(parts) : form(parts);
  return valueOf(await createJourney(shop.caller, { content })).id;
}

/** A task with a form, which completes it unless told. */
export function withForm(
  key: string,
  journeyId: string,
  reference: Partial<JourneyReference> = {},
  parts: Partial<TaskDefinition> = {},
): TaskDefinition {
  return task(key, { journey: { journeyId, completesTask: true, ...reference }, ...parts });
}

const NOTHING: OpenJourneyInput = { taskId: null, journeyId: null, entityId: null };

export async function opened(shop: Workshop, input: Partial<OpenJourneyInput>): Promise<OpenedJourney> {
  return valueOf(await openJourney(shop.caller, { ...NOTHING, ...input }));
}

export async function refusedToOpen(shop: Workshop, input: Partial<OpenJourneyInput>): Promise<Problem> {
  return problemOf(await openJourney(shop.caller, { ...NOTHING, ...input }));
}

/** Opens the form of the task with this key. */
export async function openedFrom(shop: Workshop, executionId: string, key: string): Promise<OpenedJourney> {
  return opened(shop, { taskId: (await shop.task(executionId, key)).id });
}

/** What people without an account do. */
export function byToken(shop: Workshop, database: Database = shop.database) {
  return createJourneys({ database, clock: () => shop.clock.now(), publicUrl: () => PUBLIC_URL });
}
