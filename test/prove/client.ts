/** The API over HTTP, as one person. */
import { signDemoToken } from '../../src/http/demo-tokens.ts';

/** The organization of the proof. */
export const ORGANIZATION = 'proof';

export interface Person {
  readonly token: string;
  /** Runs an operation; throws if it has errors. */
  ask<Data>(query: string, variables?: Readonly<Record<string, unknown>>): Promise<Data>;
}

/** A mutation's answer. */
export interface Answer<Payload> {
  /** Of a problem. */
  readonly code?: string;
  readonly payload: Payload;
}

/** Somebody with a token that the server's secret has signed. */
export async function signIn(
  url: string,
  secret: string,
  externalId: string,
  roles: readonly ('admin' | 'member')[] = ['member'],
): Promise<Person> {
  const token = await signDemoToken(new TextEncoder().encode(secret), {
    externalId,
    organizationExternalId: ORGANIZATION,
    roles,
    name: externalId,
  });
  return {
    token,
    async ask<Data>(query: string, variables: Readonly<Record<string, unknown>> = {}): Promise<Data> {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ query, variables }),
      });
      const { data, errors } = (await response.json()) as { data?: Data; errors?: unknown };
      if (errors !== undefined || !data) throw new Error(`${query} failed: ${JSON.stringify(errors)}`);
      return data;
    },
  };
}

/** Runs a mutation; a problem is an answer. `selection`: what to read of its payload. */
export async function mutate<Payload>(
  person: Person,
  name: string,
  input: Readonly<Record<string, unknown>>,
  selection: string,
): Promise<Answer<Payload>> {
  const typeName = name.charAt(0).toUpperCase() + name.slice(1);
  const { answer } = await person.ask<{ answer: { code?: string } & Payload }>(
    `mutation ($input: ${typeName}Input!) { answer: ${name}(input: $input) {
       ... on Problem { code } ... on ${typeName}Payload { ${selection} } } }`,
    { input },
  );
  return { ...(answer.code === undefined ? {} : { code: answer.code }), payload: answer };
}

/** The payload of a mutation that must be done. */
export async function required<Payload>(answer: Promise<Answer<Payload>>): Promise<Payload> {
  const { code, payload } = await answer;
  if (code !== undefined) throw new Error(`refused: ${code}`);
  return payload;
}
