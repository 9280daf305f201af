/** What an EXTERNAL task says to its workers: each part on its own. */
import type { ExternalOutput, ExternalReference } from '../definition.ts';
import { INPUT_ROOTS, isInputPath } from '../external-output.ts';
import { LEASE_SECONDS } from '../lease.ts';
import { LIMITS, MAX_RETRIES, MAX_RETRY_AFTER_SECONDS } from '../limits.ts';
import { pathIssues, targetPathIssues } from './attribute-path.ts';
import { error, type DefinitionIssue } from './issue.ts';
import { countIssues, lengthIssues, schemaIssues } from './lengths.ts';

/** `path` is where the task has it: `tasks[3].external`. */
export function externalIssues(path: string, external: ExternalReference): DefinitionIssue[] {
  const { topic, retries, retryAfterSeconds, leaseSeconds, input, output } = external;
  return [
    ...topicIssues(`${path}.topic`, topic),
    ...rangeIssues(`${path}.retries`, retries, 1, MAX_RETRIES),
    ...countIssues(
      `${path}.retryAfterSeconds`,
      'pauses between attempts',
      retryAfterSeconds,
      LIMITS.retryAfter,
    ),
    ...retryAfterSeconds.flatMap((seconds, index) =>
      rangeIssues(`${path}.retryAfterSeconds[${index}]`, seconds, 0, MAX_RETRY_AFTER_SECONDS),
    ),
    ...rangeIssues(`${path}.leaseSeconds`, leaseSeconds, LEASE_SECONDS.min, LEASE_SECONDS.max),
    ...countIssues(`${path}.input`, 'inputs', input, LIMITS.externalValues),
    ...input.flatMap((value, index) => inputIssues(`${path}.input[${index}]`, value.path)),
    ...nameIssues(`${path}.input`, input),
    ...countIssues(`${path}.output`, 'outputs', output, LIMITS.externalValues),
    ...output.flatMap((value, index) => outputIssues(`${path}.output[${index}]`, value)),
  ];
}

function topicIssues(path: string, topic: string): DefinitionIssue[] {
  if (topic.trim() !== '' && topic === topic.trim())
    return lengthIssues(path, 'topic', topic, LIMITS.keyLength);
  return [
    error('NO_TOPIC', path, 'The topic is empty or has white space around it; workers ask for it by name.'),
  ];
}

function rangeIssues(path: string, value: number, least: number, most: number): DefinitionIssue[] {
  if (Number.isInteger(value) && value >= least && value <= most) return [];
  return [error('OUT_OF_RANGE', path, `${value} is no whole number from ${least} to ${most}.`)];
}

function inputIssues(path: string, text: string): DefinitionIssue[] {
  const issues = pathIssues(`${path}.path`, text);
  if (issues.length > 0 || isInputPath(text)) return issues;
  const message = `${JSON.stringify(text)} names nothing that a worker can be handed; it begins with ${INPUT_ROOTS.join(', ')}.`;
  return [error('INVALID_PATH', `${path}.path`, message)];
}

function nameIssues(path: string, input: ExternalReference['input']): DefinitionIssue[] {
  const seen = new Set<string>();
  return input.flatMap(({ name }, index) => {
    const at = `${path}[${index}].name`;
    const isRepeated = seen.has(name);
    seen.add(name);
    if (name.trim() === '') return [error('EMPTY_NAME', at, 'The input has no name.')];
    // Objects made of JSON have no such field of their own.
    if (name === '__proto__')
      return [error('INVALID_CHARACTER', at, 'An input can not be called __proto__.')];
    if (isRepeated)
      return [error('DUPLICATE_KEY', at, `There is an input with the name ${JSON.stringify(name)} already.`)];
    return lengthIssues(at, 'name', name, LIMITS.keyLength);
  });
}

function outputIssues(path: string, { source, target, entitySchema }: ExternalOutput): DefinitionIssue[] {
  return [
    ...pathIssues(`${path}.source`, source),
    ...targetPathIssues(`${path}.target`, target),
    ...schemaIssues(`${path}.entitySchema`, entitySchema, LIMITS.nameLength),
  ];
}
