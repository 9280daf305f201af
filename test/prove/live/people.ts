/** People who go on working while servers come and go. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Role } from '../../../src/commands/viewer.ts';
import { signDemoToken } from '../../../src/http/demo-tokens.ts';
import type { Chance } from '../chance.ts';
import type { Person } from '../client.ts';

/** What happened to commands on their way. */
export interface Losses {
  /** Commands whose answer was lost: they may have been done, or not. */
  lost: number;
}

export interface PeopleOptions {
  readonly secret: string;
  /** The address of one of the servers, another one each time. */
  readonly url: () => string;
  readonly chance: Chance;
  readonly losses: Losses;
  /** Waited for before each command. */
  readonly pace: () => Promise<void>;
}

interface Response<Data> {
  readonly data?: Data;
  readonly errors?: unknown;
}

/** No answer takes so long, whatever happens to the database. */
const PATIENCE_MS = 45_000;
const LONGEST_PAUSE_MS = 200;
const TRIES = 200;

/** Makes people of the organization whose external id is given. */
export function createSignIn({ secret, url, chance, losses, pace }: PeopleOptions) {
  async function send<Data>(token: string, query: string, variables: unknown): Promise<Response<Data>> {
    const response = await fetch(url(), {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    return (await response.json()) as Response<Data>;
  }

  /** A command that never left may be given again, to another server. */
  async function sendOnce<Data>(
    token: string,
    query: string,
    variables: unknown,
  ): Promise<Response<Data> | null> {
    for (let tries = 0; tries < TRIES; tries += 1) {
      try {
        return await send<Data>(token, query, variables);
      } catch (error) {
        const { cause } = error as { readonly cause?: { readonly code?: string } };
        if (cause?.code !== 'ECONNREFUSED') return null;
        await delay(chance.below(LONGEST_PAUSE_MS));
      }
    }
    return null;
  }

  return async (
    organizationExternalId: string,
    externalId: string,
    roles: readonly Role[],
  ): Promise<Person> => {
    const key = new TextEncoder().encode(secret);
    const token = await signDemoToken(key, { externalId, organizationExternalId, roles, name: externalId });

    async function command<Data>(query: string, variables: unknown): Promise<Data> {
      await pace();
      const answer = await sendOnce<Data>(token, query, variables);
      if (answer?.data && !answer.errors) return answer.data;
      losses.lost += 1;
      await delay(chance.below(LONGEST_PAUSE_MS));
      // As if another one had been faster: whoever asked reads anew before they go on.
      return { answer: { code: 'VERSION_CONFLICT' } } as Data;
    }

    async function question<Data>(query: string, variables: unknown): Promise<Data> {
      let last: unknown;
      for (let tries = 0; tries < TRIES; tries += 1) {
        const answer = await send<Data>(token, query, variables).catch((error: unknown) => ({
          data: undefined,
          errors: error,
        }));
        if (answer.data && !answer.errors) return answer.data;
        last = answer.errors;
        await delay(chance.below(LONGEST_PAUSE_MS));
      }
      throw new Error(`${query} was never answered: ${JSON.stringify(last)}`);
    }

    return {
      token,
      ask: (query, variables = {}) =>
        query.startsWith('mutation') ? command(query, variables) : question(query, variables),
    };
  };
}

export type SignIn = ReturnType<typeof createSignIn>;
