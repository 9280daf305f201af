/** Whether the log has no gaps, and tells of each run what it did, once and in order. */
import { groupBy, type Findings, type FoundEvent, type FoundRun, type Plan } from './findings.ts';

/** What each action does inside, as the type of its event. Those without one only wait for the outside. */
const EFFECTS: Readonly<Record<string, string>> = {
  first: 'ENTITY_UPDATED',
  create: 'ENTITY_CREATED',
  second: 'ENTITY_UPDATED',
  start: 'EXECUTION_STARTED',
  last: 'ENTITY_UPDATED',
};
const TOLD = new Set([...Object.values(EFFECTS), 'DELIVERY_FAILED']);

/** That it has come further, waits or waits no more, is told by its actions. */
const ON_THE_WAY: ReadonlySet<string> = new Set([
  'AUTOMATION_RUN_PROGRESSED',
  'AUTOMATION_RUN_PAUSED',
  'AUTOMATION_RUN_RESUMED',
]);

/** They have versions without events, or were there before their first one. */
const NOT_COUNTED: ReadonlySet<string> = new Set(['NOTE', 'USER', 'TEAM', 'DELIVERY']);

/** Where numbers are not 1, 2, 3…; null if they are. */
function gapIn(numbers: readonly number[]): string | null {
  const at = numbers.findIndex((number, index) => number !== index + 1);
  return at < 0 ? null : `${numbers[at]} in the place of ${at + 1}`;
}

function judgeNumbers({ events, lastSeq }: Findings): string[] {
  const gap = gapIn(events.map(({ seq }) => seq));
  const versions = groupBy(
    events.filter(({ subjectType }) => !NOT_COUNTED.has(subjectType)),
    ({ subjectType, subjectId }) => `${subjectType} ${subjectId}`,
  );
  return [
    ...(gap === null ? [] : [`the log has ${gap}`]),
    ...(lastSeq === events.length ? [] : [`the log has ${events.length} events and counts ${lastSeq}`]),
    ...[...versions].flatMap(([subject, own]) => {
      const missing = gapIn(own.map(({ version }) => version));
      return missing === null ? [] : [`the log has of ${subject} version ${missing}`];
    }),
  ];
}

/** What is told of a run by one event: what it did, which actions are done, how it stands. */
function told({ type, subjectType, data }: FoundEvent): string[] {
  if (subjectType !== 'AUTOMATION_RUN') return TOLD.has(type) ? [type] : [];
  const { actions = [] } = data as { readonly actions?: readonly { key: string; status: string }[] };
  const done = actions.flatMap(({ key, status }) => (status === 'SUCCESS' ? [`${key} done`] : []));
  return [...done, ...(ON_THE_WAY.has(type) ? [] : [type.replace('AUTOMATION_RUN_', '')])];
}

function storyDue({ actions, isDoomed }: Plan): string[] {
  const steps = actions.flatMap((key) => {
    const effect = EFFECTS[key];
    const failure = key === 'hook' && isDoomed ? ['DELIVERY_FAILED', 'FAILED', 'RETRIED'] : [];
    return [...failure, ...(effect === undefined ? [] : [effect]), `${key} done`];
  });
  return ['STARTED', ...steps, 'SUCCEEDED'];
}

function judgeStory({ id }: FoundRun, plan: Plan, events: readonly FoundEvent[]): string[] {
  const story = events.flatMap(told).join(', ');
  const due = storyDue(plan).join(', ');
  return story === due ? [] : [`run ${id} has the story ${story || 'of nothing'}; it should be ${due}`];
}

/** All that is wrong with the log, in words. */
export function judgeLog(findings: Findings): string[] {
  const { runs, plans, events } = findings;
  // Its own events, wherever they came from, and what it did to others; a run that it set off tells its own story.
  const storyOf = groupBy(events, ({ subjectType, subjectId, runId }) =>
    subjectType === 'AUTOMATION_RUN' ? subjectId : (runId ?? ''),
  );
  return [
    ...judgeNumbers(findings),
    ...runs.flatMap((run) => {
      const plan = plans.get(run.automationId);
      return plan ? judgeStory(run, plan, storyOf.get(run.id) ?? []) : [];
    }),
  ];
}
