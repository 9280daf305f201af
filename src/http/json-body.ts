/** Bodies of requests that are JSON objects, from programs. */
import { checkJsonObject } from '../commands/attributes.ts';
import type { JsonObject } from '../commands/merge-patch.ts';

/** Whether the content type says JSON. */
export function isJsonType(contentType: string | undefined): boolean {
  return /^application\/([\w.-]+\+)?json\s*(;|$)/i.test(contentType ?? '');
}

/** What came with the request: an object, nothing for none. Throws a refusal that says what is wrong. */
export function jsonObjectOf(body: Buffer, limit: number): JsonObject {
  if (body.length === 0) return {};
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString('utf8'));
  } catch {
    parsed = undefined;
  }
  return checkJsonObject('The body', parsed, limit);
}
