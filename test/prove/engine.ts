/**
 * `npm run prove:engine [-- <seed> [<cases>]]`: 10,000 random flows with random commands, in the engine and in the model. Prints what
 * happened; exits with 1 and the smallest counterexample if they differ.
 */
import { proveEngine, type EngineProof } from './engine-proof.ts';

function report({ figures, seconds, difference }: EngineProof, seed: number): string {
  const refused = Object.entries(figures.refused).sort(([, a], [, b]) => b - a);
  const refusals = refused.reduce((sum, [, count]) => sum + count, 0);
  const rows: readonly (readonly [string, number])[] = [
    ['tasks', figures.tasks],
    ['joins', figures.joins],
    ['commands accepted', figures.commands - refusals],
    ['commands refused', refusals],
    ...refused.map(([code, count]) => [`  ${code}`, count] as const),
    ['decisions taken', figures.decided],
    ['loops', figures.looped],
    ['tasks scheduled', figures.scheduled],
    ['tasks failed', figures.failed],
    ['tasks found dead', figures.buried],
    ['tasks revived', figures.revived],
    ['automations run', figures.runs],
    ['runs that came to an end', figures.endedRuns],
    ['runs tried again', figures.continuedRuns],
    ['tasks fetched by workers', figures.leases],
    ['tasks completed by workers', figures.completedByWorkers],
    ['leases expired', figures.expiredLeases],
    ['executions done at the end', figures.finishedExecutions],
  ];
  return [
    `seed ${seed}: ${figures.cases} cases, ${seconds.toFixed(1)} s, ${Math.round(figures.cases / seconds)} cases/s`,
    '',
    ...rows.map(([name, count]) => name.padEnd(30) + String(count).padStart(9)),
    '',
    difference ?? 'Engine and model agree after every command.',
    '',
  ].join('\n');
}

const [seed = 1, cases = 10_000] = process.argv.slice(2).map(Number);
if (!Number.isSafeInteger(seed) || !Number.isSafeInteger(cases)) {
  process.stderr.write('Seed and number of cases must be whole numbers.\n');
  process.exitCode = 1;
} else {
  const proof = proveEngine({
    seed,
    cases,
    onProgress: (done) => process.stdout.write(`${done} of ${cases} cases\n`),
  });
  process.stdout.write(report(proof, seed));
  if (proof.difference !== null) process.exitCode = 1;
}
