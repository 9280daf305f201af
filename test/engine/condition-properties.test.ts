/** What holds for any conditions and any attributes. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evaluateBranches } from '../../src/engine/condition/evaluate.ts';
import type { ExecutionFact } from '../../src/engine/definition.ts';
import { anyAttributes, anyText, anyValues } from '../support/any-json.ts';
import { OPERATORS } from '../support/condition-table.ts';
import { branchResult, on, statement, verdict, worldOf } from '../support/conditions.ts';
import { branch, factsOf } from '../support/workflow.ts';

const FACTS: readonly ExecutionFact[] = [
  'NAME',
  'STATUS',
  'STARTED_AT',
  'DUE_AT',
  'ASSIGNEES',
  'TASK_STATUS',
  'TASK_FINISHED_AT',
  'PHASE_STATUS',
  'ITERATIONS',
];
describe('for any conditions and attributes', () => {
  const source = fc.oneof(
    fc.record({
      type: fc.constant('ENTITY' as const),
      entitySchema: fc.constantFrom(null, 'order', 'contract'),
      paths: fc.array(fc.oneof(anyText(), fc.constantFrom('a', 'city', 'a.b', 'a[0]', 'a[*].city')), {
        maxLength: 3,
      }),
      match: fc.constantFrom('ANY' as const, 'ALL' as const),
      offset: anyOffset(),
    }),
    fc.record({
      type: fc.constant('EXECUTION' as const),
      fact: fc.constantFrom(...FACTS),
      taskKey: fc.constantFrom(null, 'visit', 'gone'),
      phaseKey: fc.constantFrom(null, 'survey', 'gone'),
      offset: anyOffset(),
    }),
  );
  const anyStatement = fc.record({
    source,
    operator: fc.constantFrom(...OPERATORS),
    values: fc.oneof(anyValues(), fc.constantFrom(['today'], ['now-3h'], ['today+9999y'])),
    valueType: fc.constantFrom('STATIC' as const, 'RELATIVE_DATE' as const),
  });
  const anyStatements = fc.array(anyStatement, { maxLength: 5 });
  const connective = fc.constantFrom('AND' as const, 'OR' as const);
  const empty = worldOf({});

  test('evaluation answers, with a result for each statement', () => {
    fc.assert(
      fc.property(anyStatements, connective, anyAttributes(), (statements, how, attributes) => {
        const world = { ...empty, facts: factsOf(attributes) };
        const found = branchResult({ statements, connective: how }, world);
        expect(found.statements).toHaveLength(statements.length);
        expect(evaluateBranches([branch('yes', { statements, connective: how })], world)).toEqual([found]);
      }),
    );
  });

  test('the order of the statements does not matter for the verdict', () => {
    fc.assert(
      fc.property(anyStatements, connective, anyAttributes(), (statements, how, attributes) => {
        const world = { ...empty, facts: factsOf(attributes) };
        const turned = branchResult({ statements: statements.toReversed(), connective: how }, world);
        expect(turned.isMet).toBe(branchResult({ statements, connective: how }, world).isMet);
      }),
    );
  });

  test('a negation over ANY is the opposite of its operator over ALL', () => {
    fc.assert(
      fc.property(
        fc.array(anyText(), { minLength: 1 }),
        anyValues(),
        anyAttributes(),
        (paths, values, attributes) => {
          const world = { ...empty, facts: factsOf(attributes) };
          const any = verdict(statement(on(paths), 'NOT_EQUALS', values), world);
          const all = verdict(statement(on(paths, { match: 'ALL' }), 'EQUALS', values), world);
          expect(any).toBe(!all);
        },
      ),
    );
  });
});

function anyOffset() {
  return fc.option(
    fc.record({
      amount: fc.oneof(fc.integer({ min: -200, max: 200 }), fc.double()),
      unit: fc.constantFrom('MINUTES', 'DAYS', 'WORKING_DAYS', 'MONTHS', 'YEARS' as const),
    }),
  );
}
