import { describe, expect, it } from 'vitest';
import { definitionDiagram } from '../../src/diagram/definition-diagram.ts';
import type { DefinitionContent } from '../../src/engine/definition.ts';
import { BRANCHING, LINEAR, LOOPING, PARALLEL, UNORDERED } from '../support/diagram-examples.ts';
import { branch, decision, definition, edge, phase, task } from '../support/workflow.ts';

/** The diagram without colours, each line trimmed. */
function linesOf(parts: Partial<DefinitionContent>): string[] {
  return definitionDiagram(definition(parts))
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^(flowchart|classDef|class|linkStyle|direction) /.test(line));
}

describe('the diagram of a definition', () => {
  it('is a chain where tasks follow one another', () => {
    expect(definitionDiagram(LINEAR)).toMatchInlineSnapshot(`
      "flowchart TD
        t1["Call the customer back
      due 1 working day after the start"]
        t2["Decide what to offer"]
        t3["Make the offer
      due 2 working days after “Call the customer back”"]
        start(("Start"))
        start --> t1
        t1 --> t2
        t2 --> t3
        classDef MANUAL fill:#e8f1fb,stroke:#3b6ea8,color:#10243b
        classDef MARK fill:#424a53,stroke:#24292f,color:#ffffff
        class t1,t2,t3 MANUAL
        class start MARK
      "
    `);
  });

  it('shows the branches of a decision, and where a path ends', () => {
    expect(definitionDiagram(BRANCHING)).toMatchInlineSnapshot(`
      "flowchart TD
        subgraph p1["Site check"]
          direction TB
          t1["Visit the site
      due 5 working days after the start"]
          t2{{"Does the roof bear it?"}}
        end
        subgraph p2["Planning"]
          direction TB
          t3["Order a structural report"]
          t4["Design the system"]
          t5[["Order the material"]]
        end
        subgraph p3["Installation"]
          direction TB
          t6["Mount the modules"]
          t7["Connect to the grid"]
        end
        start(("Start"))
        stop1(("End"))
        start --> t1
        t1 --> t2
        t2 -->|"Roof is fine"| t4
        t2 -->|"Needs a structural engineer (default)"| t3
        t3 --> t4
        t4 --> t5
        p2 --> p3
        t6 --> t7
        t2 -->|"Not possible"| stop1
        t5 ~~~ t6
        classDef MANUAL fill:#e8f1fb,stroke:#3b6ea8,color:#10243b
        classDef AUTOMATION fill:#eee9f8,stroke:#6b55a8,color:#241a40
        classDef DECISION fill:#fdf0cc,stroke:#a87800,color:#3a2900
        classDef PHASE fill:transparent,stroke:#8b949e
        classDef MARK fill:#424a53,stroke:#24292f,color:#ffffff
        class t1,t3,t4,t6,t7 MANUAL
        class t5 AUTOMATION
        class t2 DECISION
        class p1,p2,p3 PHASE
        class start,stop1 MARK
      "
    `);
  });

  it('shows loops as dotted links', () => {
    expect(linesOf(LOOPING)).toMatchInlineSnapshot(`
      [
        "t1["Draft or revise the contract"]",
        "t2["Review by the legal team",
        "waits 1 day"]",
        "t3{{"Do both sides agree?",
        "decided by hand"}}",
        "t4[["Sign"]]",
        "start(("Start"))",
        "stop1(("End"))",
        "start --> t1",
        "t1 --> t2",
        "t2 --> t3",
        "t3 -->|"Agreed"| t4",
        "t3 -.->|"Changes wanted (loop, at most 3 times)"| t1",
        "t3 -->|"Give up (exit, default)"| stop1",
      ]
    `);
  });

  it('shows requirements, schedules and due dates', () => {
    expect(linesOf(PARALLEL)).toMatchInlineSnapshot(`
      [
        "subgraph p1["Preparation"]",
        "t1{{"What is supplied?",
        "takes every branch that is met"}}",
        "t2[["Cancel the electricity contract"]]",
        "t3[["Cancel the gas contract"]]",
        "end",
        "subgraph p2["Switch"]",
        "t4["Read the meters",
        "waits until 3 days before contract#46;startsOn"]",
        "t5["Register with the grid operator"]",
        "t6["Send the welcome letter",
        "due 2 weeks after “Preparation”"]",
        "end",
        "start(("Start"))",
        "stop1(("End"))",
        "start --> t1",
        "t1 -->|"Electricity"| t2",
        "t1 -->|"Gas"| t3",
        "t2 --> t5",
        "t3 --> t5",
        "t5 --> t4",
        "t4 --> t6",
        "t1 -->|"Neither (default)"| stop1",
        "t3 -.-o t6",
        "p1 -.-o t6",
        "t3 ~~~ t6",
      ]
    `);
  });

  it('is a list for each phase where nothing has an order', () => {
    expect(linesOf(UNORDERED)).toMatchInlineSnapshot(`
      [
        "subgraph p1["Before the first day"]",
        "t1["Order a laptop"]",
        "t2[["Make the accounts"]]",
        "t3["Prepare the desk"]",
        "end",
        "subgraph p2["First week"]",
        "t4["Show the house"]",
        "t5["Lunch with the team"]",
        "end",
        "p3["Later",
        "no tasks"]",
        "t6["Collect the papers"]",
        "t3 -.-o t4",
        "t1 ~~~ t2",
        "t2 ~~~ t3",
        "t4 ~~~ t5",
      ]
    `);
  });

  it('is a chain through the phases in their order where a sequence has phases', () => {
    const lines = linesOf({
      isSequential: true,
      phases: [phase('one'), phase('two')],
      tasks: [task('c'), task('b', { phaseKey: 'two' }), task('a', { phaseKey: 'one' })],
    });
    expect(lines.filter((line) => line.includes('-->'))).toEqual(['start --> t3', 't3 --> t2', 't2 --> t1']);
  });

  it('says which edges of a decision are taken in any case', () => {
    const lines = linesOf({
      tasks: [decision('d', [branch('x')]), task('a')],
      edges: ['d > a', 'd =x> a'].map(edge),
    });
    expect(lines).toContain('t1 -->|"always"| t2');
  });

  it('begins at a phase that stands for its tasks', () => {
    const lines = linesOf({
      phases: [phase('one'), phase('two')],
      tasks: [task('a', { phaseKey: 'one' }), task('b', { phaseKey: 'two' })],
      edges: [edge('#one > #two')],
    });
    expect(lines.filter((line) => line.startsWith('start --'))).toEqual(['start --> p1']);
  });

  it('shows a date that is fixed', () => {
    expect(linesOf({ tasks: [task('a', { dueAt: '2026-03-31T21:59:00.000Z' })] })).toEqual([
      't1["a',
      'due 2026-03-31 21#58;59 UTC"]',
    ]);
  });
});

describe('the diagram of an unfinished draft', () => {
  it('leaves out what refers to something that is not there', () => {
    const lines = linesOf({
      tasks: [task('a', { phaseKey: 'gone', requirements: [{ taskKey: 'gone' }, { phaseKey: 'gone' }] })],
      edges: ['a > gone', '#gone > a', 'a > __proto__'].map(edge),
    });
    expect(lines).toEqual(['t1["a"]']);
  });

  it('means the first of several things with one key', () => {
    const lines = linesOf({
      tasks: [task('a'), task('a'), task('b')],
      edges: [edge('a > b')],
    });
    expect(lines).toContain('t1 --> t3');
  });

  it('leaves out what links a phase with itself or a task of its own', () => {
    const lines = linesOf({
      phases: [phase('p')],
      tasks: [task('a', { phaseKey: 'p', requirements: [{ phaseKey: 'p' }] })],
      edges: ['#p > #p', '#p > a', 'a > #p'].map(edge),
    });
    expect(lines.filter((line) => line.includes('--'))).toEqual([]);
  });

  it('is one of an empty page where there is nothing', () => {
    expect(definitionDiagram(definition())).toBe('flowchart TD\n');
  });
});

it('is written for the largest definition, a line for each edge', () => {
  const keys = Array.from({ length: 1_000 }, (_, index) => `task-${index}`);
  const content = definition({
    phases: Array.from({ length: 200 }, (_, index) => phase(`phase-${index}`)),
    tasks: keys.map((key, index) => task(key, { name: 'x'.repeat(500), phaseKey: `phase-${index % 200}` })),
    edges: Array.from({ length: 5_000 }, (_, index) => ({
      from: { taskKey: `task-${index % 1_000}` },
      to:
        index % 2 === 0
          ? { taskKey: `task-${(index * 7) % 1_000}` }
          : { phaseKey: `phase-${(index * 7) % 200}` },
      branchKey: null,
    })),
  });
  expect(definitionDiagram(content).split('\n').length).toBeGreaterThan(5_000);
});
