/** Whether every run came to its end, and did inside what it had to do, exactly once. */
import { groupBy, PART_SCHEMA, type Findings, type FoundRun, type Origin, type Plan } from './findings.ts';

function nameOf({ kind, key }: Origin): string {
  return `${kind} ${key}`;
}

/** How often something is there, if not once. */
function notOnce(what: string, times: number): string[] {
  return times === 1 ? [] : [`${what} ${times} times`];
}

/** No run is lost, none is there twice, none that nobody started. */
export function judgeStarts({ expected, runs, executions }: Findings): string[] {
  const byOrigin = groupBy(runs, ({ origin }) => nameOf(origin));
  const due = new Set([
    ...expected.map(nameOf),
    ...executions.flatMap(({ id, runsAutomation }) =>
      runsAutomation ? nameOf({ kind: 'TASK', key: id }) : [],
    ),
  ]);
  return [
    ...[...due].flatMap((name) => notOnce(`${name} has its run`, byOrigin.get(name)?.length ?? 0)),
    ...[...byOrigin.keys()].flatMap((name) => (due.has(name) ? [] : [`nobody started the run of ${name}`])),
  ];
}

function judgeEnd({ status, taskStatus, actions }: FoundRun, plan: Plan): string[] {
  const done = actions.map((action) => `${action.key} ${action.status}`).join(', ');
  const due = plan.actions.map((key) => `${key} SUCCESS`).join(', ');
  return [
    ...(status === 'SUCCESS' ? [] : [`is ${status}`]),
    ...(taskStatus === null || taskStatus === 'COMPLETED' ? [] : [`its task is ${taskStatus}`]),
    ...(done === due ? [] : [`has the actions ${done}`]),
  ];
}

/** Its marks on its entity: each once, in their order. */
function judgeMarks({ mark }: FoundRun, { marks }: Plan, onEntity: readonly string[]): string[] {
  const own = onEntity.filter((text) => text.startsWith(`${mark} `));
  const due = marks.map((text) => `${mark} ${text}`);
  if (own.join() === due.join()) return [];
  return [`left the marks ${own.map((text) => text.slice(mark.length + 1)).join(', ') || 'none'}`];
}

/** All that is wrong with the runs, in words. */
export function judgeRuns(findings: Findings): string[] {
  const { runs, plans, entities, executions } = findings;
  const marksOf = new Map(entities.map(({ id, marks }) => [id, marks]));
  const made = groupBy(
    entities.filter(({ schema }) => schema === PART_SCHEMA),
    ({ title }) => title,
  );
  const started = groupBy(executions, ({ name }) => name);
  const marks = new Set(runs.map(({ mark }) => mark));
  const foreign = entities.flatMap((entity) =>
    entity.marks.filter((text) => !marks.has(text.split(' ')[0] ?? '')),
  );
  return [
    ...judgeStarts(findings),
    ...runs.flatMap((run) => {
      const plan = plans.get(run.automationId);
      if (!plan) return [`run ${run.id} is of automation ${run.automationId}, which has none`];
      return [
        ...judgeEnd(run, plan),
        ...judgeMarks(run, plan, marksOf.get(run.entityId) ?? []),
        ...notOnce('made its entity', made.get(run.mark)?.length ?? 0),
        ...notOnce('started its execution', started.get(run.mark)?.length ?? 0),
      ].map((fault) => `run ${run.id} ${fault}`);
    }),
    ...foreign.map((text) => `the mark ${text} is of no run`),
  ];
}
