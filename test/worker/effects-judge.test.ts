/** What `npm run prove:effects` compares with, on runs that went as they should and on such that did not. */
import { expect, test } from 'vitest';
import { planOf } from '../prove/effects/actions.ts';
import {
  FOLLOWED,
  PART_SCHEMA,
  type Arrival,
  type Findings,
  type FoundEvent,
  type FoundRun,
} from '../prove/effects/findings.ts';
import { judge } from '../prove/effects/judge.ts';
import { countRepeats } from '../prove/effects/judge-messages.ts';

const DONE = 'automation';
const DOOMED = 'doomed automation';
const common = { endpointId: '', definitionId: '', waits: false };
const plans = new Map([
  [DONE, planOf({ ...common, isDoomed: false })],
  [DOOMED, planOf({ ...common, isDoomed: true })],
]);

function runOf(id: string, automationId: string): FoundRun {
  const keys = plans.get(automationId)?.actions ?? [];
  return {
    id,
    mark: `mark-${id}`,
    automationId,
    origin: { kind: 'API', key: id },
    status: 'SUCCESS',
    entityId: 'place',
    taskStatus: null,
    actions: keys.map((key) => ({
      key,
      status: 'SUCCESS',
      deliveryId: key === 'hook' || key === 'mail' ? `${key}-${id}` : null,
    })),
  };
}

type Told = readonly [type: string, subject: string, data?: Readonly<Record<string, unknown>>];

function progress(run: FoundRun, key: string, type = 'PROGRESSED'): Told {
  return [`AUTOMATION_RUN_${type}`, run.id, { actions: [{ key, status: 'SUCCESS' }] }];
}

function storyOf(run: FoundRun): Told[] {
  const failure: Told[] = [
    ['DELIVERY_FAILED', `hook-${run.id}`],
    ['AUTOMATION_RUN_FAILED', run.id],
    ['AUTOMATION_RUN_RETRIED', run.id],
  ];
  return [
    ['AUTOMATION_RUN_STARTED', run.id],
    ['ENTITY_UPDATED', 'place'],
    progress(run, 'first'),
    ['ENTITY_CREATED', `part-${run.id}`],
    progress(run, 'create'),
    ...(run.automationId === DOOMED ? failure : []),
    progress(run, 'hook'),
    ['ENTITY_UPDATED', 'place'],
    progress(run, 'second'),
    progress(run, 'mail'),
    ['EXECUTION_STARTED', `execution-${run.id}`],
    progress(run, 'start'),
    ['ENTITY_UPDATED', 'place'],
    progress(run, 'last', 'SUCCEEDED'),
  ];
}

/** What the follower is told of the end of a run. */
function followed({ seq }: FoundEvent, parts: Partial<Arrival> = {}): Arrival {
  const message = { kind: 'EVENT', id: `event-${seq}`, mark: String(seq), content: `event ${seq}` } as const;
  return { ...message, isGenuine: true, fate: 'TAKEN', ...parts };
}

function arrival(run: FoundRun, kind: 'WEBHOOK' | 'EMAIL', parts: Partial<Arrival> = {}): Arrival {
  const key = kind === 'WEBHOOK' ? 'hook' : 'mail';
  return {
    kind,
    id: `${key}-${run.id}`,
    mark: run.mark,
    content: `${key} of ${run.id}`,
    isGenuine: true,
    fate: 'TAKEN',
    ...parts,
  };
}

/** Numbers and versions, as the log counts them. */
function logged(stories: readonly (readonly [FoundRun, Told])[]): FoundEvent[] {
  const versions = new Map<string, number>();
  return stories.map(([run, [type, subjectId, data = {}]], index) => {
    const version = (versions.get(subjectId) ?? 0) + 1;
    versions.set(subjectId, version);
    const [subject] = type.split(/_(?:RUN_)?/);
    const subjectType = subject === 'AUTOMATION' ? 'AUTOMATION_RUN' : (subject ?? '');
    return { seq: index + 1, type, subjectType, subjectId, version, runId: run.id, data };
  });
}

const [first, second] = [runOf('1', DONE), runOf('2', DOOMED)];

const EVENTS = logged([first, second].flatMap((run) => storyOf(run).map((told) => [run, told] as const)));
const [end, ...otherEnds] = EVENTS.filter(({ type }) => type === FOLLOWED.type);
if (!end) throw new Error('no run has ended');

/** Two runs that did what they had to, one after the other. */
const GOOD: Findings = {
  expected: [first.origin, second.origin],
  plans,
  runs: [first, second],
  entities: [
    {
      id: 'place',
      schema: 'place',
      title: 'Place',
      marks: [first, second].flatMap(({ mark }) => [`${mark} first`, `${mark} second`, `${mark} last`]),
    },
    ...[first, second].map(({ id, mark }) => ({
      id: `part-${id}`,
      schema: PART_SCHEMA,
      title: mark,
      marks: [],
    })),
  ],
  executions: [first, second].map(({ id, mark }) => ({
    id: `execution-${id}`,
    name: mark,
    runsAutomation: false,
  })),
  deliveries: [
    ...[first, second].flatMap(({ id }) =>
      ['hook', 'mail'].map((key) => ({ id: `${key}-${id}`, runId: id, eventSeq: null, status: 'DELIVERED' })),
    ),
    ...[end, ...otherEnds].map(({ seq }) => ({
      ...{ id: `event-${seq}`, runId: null, eventSeq: seq, status: 'DELIVERED' },
    })),
  ],
  events: EVENTS,
  lastSeq: storyOf(first).length + storyOf(second).length,
  arrivals: [
    arrival(first, 'WEBHOOK', { fate: 'CUT' }),
    arrival(second, 'WEBHOOK', { fate: 'REFUSED' }),
    arrival(first, 'WEBHOOK'),
    arrival(first, 'EMAIL'),
    arrival(second, 'WEBHOOK'),
    arrival(first, 'EMAIL'),
    arrival(second, 'EMAIL'),
    followed(end, { fate: 'REFUSED' }),
    ...[end, ...otherEnds].map((event) => followed(event)),
  ],
};

function withRun(parts: Partial<FoundRun>): Partial<Findings> {
  return { runs: [{ ...first, ...parts }, second] };
}

function withMarks(change: (marks: readonly string[]) => readonly string[]): Partial<Findings> {
  return { entities: GOOD.entities.map((entity) => ({ ...entity, marks: change(entity.marks) })) };
}

function withArrivals(change: (arrival: Arrival, index: number) => Arrival[]): Partial<Findings> {
  return { arrivals: GOOD.arrivals.flatMap(change) };
}

/** The log as it would be if this had been told by the first run. */
function withStory(change: (story: Told[]) => Told[]): Partial<Findings> {
  const events = logged([
    ...change(storyOf(first)).map((told) => [first, told] as const),
    ...storyOf(second).map((told) => [second, told] as const),
  ]);
  return { events, lastSeq: events.length };
}

/** As if an effect had been applied in another transaction than the one that says that it is done, and so again after a kill. */
const APPLIED_TWICE: Partial<Findings> = {
  ...withMarks((marks) => marks.flatMap((text) => (text === 'mark-1 first' ? [text, text] : [text]))),
  ...withStory(([started = ['', ''], updated = ['', ''], ...rest]) => [started, updated, updated, ...rest]),
};

const FRESH_ID = withArrivals((one, index) => [index === 0 ? { ...one, id: 'hook-other' } : one]);

test('Runs that did everything once have no faults', () => {
  expect(judge(GOOD)).toEqual([]);
});

test.each<[what: string, change: Partial<Findings>, fault: string]>([
  ['a run that is lost', { runs: [second] }, 'API 1 has its run 0 times'],
  [
    'a run that was started twice',
    { runs: [...GOOD.runs, { ...first, id: '3' }] },
    'API 1 has its run 2 times',
  ],
  ['a run that nobody started', { expected: [first.origin] }, 'nobody started the run of API 2'],
  [
    'an execution whose automation never ran',
    { executions: GOOD.executions.map((one) => ({ ...one, runsAutomation: one.id === 'execution-1' })) },
    'TASK execution-1 has its run 0 times',
  ],
  ['a run that has not come to its end', withRun({ status: 'IN_PROGRESS' }), 'run 1 is IN_PROGRESS'],
  [
    'a task that does not know that its run is over',
    withRun({ taskStatus: 'IN_PROGRESS' }),
    'its task is IN_PROGRESS',
  ],
  [
    'an action that was left out',
    withRun({ actions: first.actions.slice(1) }),
    'has the actions create SUCCESS',
  ],
  ['an effect that is not done with its action', APPLIED_TWICE, 'left the marks first, first, second, last'],
  ['an effect that is told of twice', APPLIED_TWICE, 'ENTITY_UPDATED, ENTITY_UPDATED, first done'],
  [
    'an update that was lost to another one',
    withMarks((marks) => marks.filter((text) => text !== 'mark-1 second')),
    'left the marks first, last',
  ],
  [
    'effects in another order',
    withMarks((marks) => [...marks].reverse()),
    'left the marks last, second, first',
  ],
  ['a mark that nobody made', withMarks((marks) => [...marks, 'mark-9 first']), 'mark-9 first is of no run'],
  [
    'an entity that was made twice',
    {
      entities: GOOD.entities.flatMap((one) =>
        one.id === 'part-1' ? [one, { ...one, id: 'part-3' }] : [one],
      ),
    },
    'made its entity 2 times',
  ],
  [
    'an execution that was not started',
    { executions: GOOD.executions.slice(1) },
    'started its execution 0 times',
  ],
  ['a sender that takes a fresh id each time', FRESH_ID, 'its hook arrived under different ids'],
  [
    'an id that stands for two messages',
    withArrivals((one) => [one.kind === 'EMAIL' ? { ...one, id: 'mail-1' } : one]),
    'EMAIL mail-1 stands for different messages',
  ],
  [
    'a message whose content changes',
    withArrivals((one, index) => [index === 0 ? { ...one, content: 'something else' } : one]),
    'its hook arrived with different contents',
  ],
  [
    'a signature that is wrong',
    withArrivals((one, index) => [index === 0 ? { ...one, isGenuine: false } : one]),
    'its hook was wrongly signed',
  ],
  [
    'a message that never arrived',
    withArrivals((one) => (one.id === 'mail-1' ? [] : [one])),
    'its mail never arrived',
  ],
  [
    'a message that was only refused',
    withArrivals((one) => [one.id === 'mail-2' ? { ...one, fate: 'REFUSED' } : one]),
    'its mail was never taken',
  ],
  [
    'a mail that does not wait for the webhook before it',
    withArrivals((one, index) => (index === 0 ? [one, arrival(first, 'EMAIL')] : [one])),
    'its mail arrived before its webhook',
  ],
  [
    'a message of no run',
    withArrivals((one) => [one, { ...one, id: 'x', mark: 'y' }]),
    'tells of y, which is no run',
  ],
  [
    'a message that is there twice',
    { deliveries: [...GOOD.deliveries, { id: 'hook-3', runId: '1', eventSeq: null, status: 'DELIVERED' }] },
    'has 3 messages instead of 2',
  ],
  [
    'a message that is not known to have arrived',
    { deliveries: GOOD.deliveries.map((one) => ({ ...one, status: 'PENDING' })) },
    'its message hook-1 is PENDING',
  ],
  [
    'an event that its follower was never told of',
    withArrivals((one) => (one.id === `event-${end.seq}` ? [] : [one])),
    `event ${end.seq}: its message never arrived`,
  ],
  [
    'an event that is told under a fresh id each time',
    withArrivals((one) => [one.kind === 'EVENT' && one.fate === 'REFUSED' ? { ...one, id: 'x' } : one]),
    `event ${end.seq}: its message arrived under different ids`,
  ],
  [
    'an event that has two messages',
    {
      deliveries: [
        ...GOOD.deliveries,
        { id: 'event-x', runId: null, eventSeq: end.seq, status: 'DELIVERED' },
      ],
    },
    `event ${end.seq}: has 2 messages instead of 1`,
  ],
  [
    'a message that tells of what is not followed',
    withArrivals((one) => (one.kind === 'EVENT' ? [one, { ...one, id: 'event-1', mark: '1' }] : [one])),
    'a message tells of event 1, which is not followed',
  ],
  [
    'a gap in the log',
    { events: GOOD.events.filter(({ seq }) => seq !== 4) },
    'the log has 5 in the place of 4',
  ],
  ['an event that is counted and missing', { lastSeq: GOOD.lastSeq + 1 }, `counts ${GOOD.lastSeq + 1}`],
  [
    'a change without an event',
    { events: GOOD.events.map((one) => (one.seq === 5 ? { ...one, version: one.version + 1 } : one)) },
    'the log has of AUTOMATION_RUN 1 version 4 in the place of 3',
  ],
  [
    'an action that was done twice',
    withStory((story) => [...story, progress(first, 'last')]),
    'last done, SUCCEEDED, last done',
  ],
  [
    'a doomed run that never failed',
    { plans: new Map([...plans, [DONE, planOf({ ...common, isDoomed: true })]]) },
    'it should be STARTED, ENTITY_UPDATED, first done, ENTITY_CREATED, create done, DELIVERY_FAILED, FAILED, RETRIED',
  ],
])('Finds %s', (_what, change, fault) => {
  expect(judge({ ...GOOD, ...change }).join('\n')).toContain(fault);
});

test('Counts the messages that came more than once, and those of them that had been taken', () => {
  expect(countRepeats(GOOD.arrivals, 'WEBHOOK')).toEqual({ repeated: 2, repeatedThoughTaken: 0 });
  expect(countRepeats(GOOD.arrivals, 'EMAIL')).toEqual({ repeated: 1, repeatedThoughTaken: 1 });
});
