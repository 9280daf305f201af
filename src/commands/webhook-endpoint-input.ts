/** Checks of what is given for webhook endpoints. Each refuses with the field's path, or answers the clean value. */
import { checkHeader } from '../outgoing/headers.ts';
import { checkTarget, type Targets } from '../outgoing/target.ts';
import type { EndpointHeader } from '../store/webhook-endpoints.ts';
import type { InputIssue } from '../engine/result.ts';
import { refuseInput, refuseIssues } from './problem.ts';
import { isSubscription } from './webhook-types.ts';

/** Longest name of an endpoint, in characters. */
export const MAX_NAME_LENGTH = 200;
const MAX_HEADERS = 20;
const MAX_EVENT_TYPES = 200;
/** A week. */
const MAX_HOURS = 168;

/** The URL as it is called. What its host leads to is checked again with each request. */
export function checkUrl(path: string, url: string, targets: Targets): string {
  const check = checkTarget(url, targets);
  return check.ok ? check.url.href : refuseInput(path, 'INVALID_VALUE', `${path} ${check.message}.`);
}

/** What it subscribes to, each once. */
export function checkEventTypes(path: string, names: readonly string[]): string[] {
  if (names.length > MAX_EVENT_TYPES)
    refuseInput(
      path,
      'TOO_MANY',
      `${path} has ${names.length} entries; at most ${MAX_EVENT_TYPES} are allowed.`,
    );
  refuseIssues(
    names.flatMap((name, index): InputIssue[] => {
      if (isSubscription(name)) return [];
      const at = `${path}[${index}]`;
      const message = `${at} is ${JSON.stringify(name.slice(0, 100))}, must be a type of webhook like task.completed, or task.* for all of a subject; webhookEventTypes lists them.`;
      return [{ path: at, code: 'INVALID_VALUE', message }];
    }),
  );
  return [...new Set(names)];
}

/** Headers that may be sent with each message. Values are not repeated in what is answered: they may be passwords. */
export function checkHeaders(path: string, headers: readonly EndpointHeader[]): EndpointHeader[] {
  if (headers.length > MAX_HEADERS)
    refuseInput(
      path,
      'TOO_MANY',
      `${path} has ${headers.length} entries; at most ${MAX_HEADERS} are allowed.`,
    );
  const names = headers.map(({ name }) => name.toLowerCase());
  refuseIssues(
    headers.flatMap(({ name, value }, index): InputIssue[] => {
      const at = `${path}[${index}]`;
      const check = checkHeader(name, value);
      if (!check.ok) {
        const field = check.code === 'INVALID_HEADER_VALUE' ? 'value' : 'name';
        return [{ path: `${at}.${field}`, code: 'INVALID_VALUE', message: `${at} ${check.message}.` }];
      }
      if (names.indexOf(name.toLowerCase()) === index) return [];
      const message = `${at} has the name of one before it; a header is sent once.`;
      return [{ path: `${at}.name`, code: 'INVALID_VALUE', message }];
    }),
  );
  return headers.map(({ name, value }) => ({ name, value }));
}

/** For how long an old secret is still good: 0 to 168 hours. */
export function checkHours(path: string, hours: number): number {
  if (hours >= 0 && hours <= MAX_HOURS) return hours;
  return refuseInput(path, 'OUT_OF_RANGE', `${path} is ${hours}, must be from 0 to ${MAX_HOURS}.`);
}
