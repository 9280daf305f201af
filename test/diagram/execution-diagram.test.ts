import { describe, expect, it } from 'vitest';
import { executionDiagram } from '../../src/diagram/execution-diagram.ts';
import type { ExecutionState, TaskStatus } from '../../src/engine/state.ts';
import { automatic, ended } from '../support/automations.ts';
import {
  BRANCHING,
  branchingExecution,
  loopingExecution,
  parallelExecution,
  unorderedExecution,
} from '../support/diagram-examples.ts';
import { after, branch, decision, edge, START, started, task } from '../support/workflow.ts';

/** The lines that say how tasks and links look. */
function looksOf(state: ExecutionState): string[] {
  const lines = executionDiagram(state).split('\n');
  return lines.map((line) => line.trim()).filter((line) => /^(class|linkStyle) /.test(line));
}

/** What stands below the name of the first task. */
function notesOf(state: ExecutionState): string[] {
  return /t1[[{]+".*\n((?:.*\n)*?.*)"/.exec(executionDiagram(state))?.[1]?.split('\n') ?? [];
}

describe('the diagram of an execution', () => {
  it('shows the status of each task and the branch that was taken', () => {
    expect(executionDiagram(branchingExecution())).toMatchInlineSnapshot(`
      "flowchart TD
        subgraph p1["Site check"]
          direction TB
          t1["Visit the site
      completed"]
          t2{{"Does the roof bear it?
      completed"}}
        end
        subgraph p2["Planning"]
          direction TB
          t3["Order a structural report
      not needed"]
          t4["Design the system
      can be done now"]
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
        classDef PENDING fill:#ffffff,stroke:#6e7781,color:#24292f
        classDef READY fill:#ffffff,stroke:#0b5cad,color:#0b2e59,stroke-width:3px
        classDef COMPLETED fill:#8fd3bd,stroke:#00664b,color:#04241a
        classDef NOT_TAKEN fill:#f6f8fa,stroke:#c4cad0,color:#656d76,stroke-dasharray:2 4
        classDef PHASE fill:transparent,stroke:#8b949e
        classDef MARK fill:#424a53,stroke:#24292f,color:#ffffff
        classDef MARK_NOT_TAKEN fill:#f6f8fa,stroke:#c4cad0,color:#656d76,stroke-dasharray:2 4
        class t5,t6,t7 PENDING
        class t4 READY
        class t1,t2 COMPLETED
        class t3 NOT_TAKEN
        class p1,p2,p3 PHASE
        class start MARK
        class stop1 MARK_NOT_TAKEN
        linkStyle 2 stroke:#2f7fd1,stroke-width:4px
        linkStyle 3,4,8 stroke:#8b949e,stroke-width:1px,opacity:0.5
      "
    `);
  });

  it('counts the rounds of a loop, and marks the way back as taken', () => {
    const text = executionDiagram(loopingExecution());
    expect(text).toContain('t3 -.->|"Changes wanted (loop, 1 of at most 3 times)"| t1');
    expect(looksOf(loopingExecution())).toContain('linkStyle 4 stroke:#2f7fd1,stroke-width:4px');
  });

  it('fades what no branch leads to', () => {
    expect(looksOf(parallelExecution())).toEqual(expect.arrayContaining(['class t3 NOT_TAKEN']));
  });

  it('fades the end of a path that was not taken', () => {
    expect(looksOf(branchingExecution())).toContain('class stop1 MARK_NOT_TAKEN');
    expect(looksOf(started(BRANCHING))).toContain('class start,stop1 MARK');
  });

  it('keeps apart what was done, skipped, failed, put on hold, and what can be done', () => {
    expect(looksOf(unorderedExecution()).slice(0, 6)).toEqual([
      'class t4 PENDING',
      'class t6 READY',
      'class t3 ON_HOLD',
      'class t2 FAILED',
      'class t1 COMPLETED',
      'class t5 SKIPPED',
    ]);
  });

  it.each<[TaskStatus, string]>([
    ['IN_PROGRESS', 'in progress'],
    ['ON_HOLD', 'on hold'],
    ['CONDITION_PENDING', 'waits for a decision'],
    ['FAILED', 'failed'],
    ['COMPLETED', 'completed'],
    ['SKIPPED', 'skipped'],
  ])('says %s in words too', (status, words) => {
    const state = started({ tasks: [task('a')] });
    const tasks = state.tasks.map((item) => ({ ...item, status }));
    expect(notesOf({ ...state, tasks })).toEqual([words]);
  });

  it('says what can be done now', () => {
    expect(notesOf(started({ tasks: [task('a')] }))).toEqual(['can be done now']);
  });

  it('says why a decision failed', () => {
    const state = started({ tasks: [decision('d', [branch('x')], { mode: 'AUTOMATIC' })] });
    expect(notesOf(state)).toEqual(['failed', 'no branch is met']);
  });

  it('says that an automation failed', () => {
    const state = ended(started({ tasks: [automatic('a')] }), 'a', 'FAILED');
    expect(notesOf(state)).toEqual(['failed', 'its automation failed']);
  });

  it('gives the due date of what is open, and not of what is finished', () => {
    const dueAt = '2026-03-31T21:59:00.000Z';
    const state = started({ tasks: [task('a', { dueAt })] });
    expect(notesOf(state)).toEqual(['can be done now', 'due 2026-03-31 21#58;59 UTC']);
    expect(notesOf(after(state, { type: 'COMPLETE_TASK', taskId: 'a' }))).toEqual(['completed']);
  });

  it('gives the rule of a due date that is not known yet', () => {
    const dueRule = {
      amount: 1,
      unit: 'DAYS',
      anchor: 'TASK_FINISHED',
      taskKey: 'b',
      phaseKey: null,
    } as const;
    const state = started({ tasks: [task('a', { dueRule }), task('b', { name: 'The other' })] });
    expect(notesOf(state)).toEqual(['can be done now', 'due 1 day after “The other”']);
  });

  it('draws tasks that were added by hand', () => {
    const state = after(started({ tasks: [task('a'), task('b')], edges: [edge('a > b')] }), {
      type: 'ADD_TASK',
      id: 'added',
      name: 'One more thing',
      description: null,
      assignees: [],
      dueAt: null,
      place: { afterTaskId: 'a', beforeTaskId: 'b' },
    });
    const text = executionDiagram(state);
    expect(text).toContain('t2["One more thing"]');
    expect(text).toContain('t1 --> t2\n  t2 --> t3');
  });

  it('names nobody', () => {
    const state = started({
      assignees: [{ type: 'USER', id: 'user-anna' }],
      tasks: [task('a', { assignees: [{ type: 'TEAM', id: 'team-field' }] })],
    });
    const text = executionDiagram(after(state, { type: 'COMPLETE_TASK', taskId: 'a' }));
    expect(text).not.toMatch(/anna|bert|field/);
    expect(START.actor).toHaveProperty('id', 'user-anna');
  });
});
