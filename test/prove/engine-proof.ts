/** The proof that the engine does what the model does, in many random flows. */
import fc from 'fast-check';
import { compare } from '../model/compare.ts';
import { counted, NO_FIGURES, type Figures } from '../model/figures.ts';
import { describeCase } from './describe-case.ts';
import { arbitraryFlowCase } from '../support/random-flows.ts';

export interface EngineProofOptions {
  readonly seed: number;
  readonly cases: number;
  /** Told now and then how many cases are done. */
  readonly onProgress: (done: number) => void;
}

export interface EngineProof {
  readonly figures: Figures;
  readonly seconds: number;
  /** The smallest case that could be found in which they differ, in words; null if there is none. */
  readonly difference: string | null;
}

const CASES_BETWEEN_REPORTS = 500;

/** Deterministic but for the seconds. */
export function proveEngine({ seed, cases, onProgress }: EngineProofOptions): EngineProof {
  const begin = performance.now();
  let figures = NO_FIGURES;
  const details = fc.check(
    fc.property(arbitraryFlowCase, (flowCase) => {
      figures = counted(figures, flowCase, compare(flowCase));
      if (figures.cases % CASES_BETWEEN_REPORTS === 0) onProgress(figures.cases);
    }),
    { seed, numRuns: cases },
  );
  return {
    figures,
    seconds: (performance.now() - begin) / 1000,
    difference: details.counterexample
      ? `${describeCase(details.counterexample[0])}\n\n${describeError(details.errorInstance)}`
      : null,
  };
}

function describeError(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
