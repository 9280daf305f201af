/** The diagrams as Mermaid itself draws them, in a real browser. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { definitionDiagram } from '../../src/diagram/definition-diagram.ts';
import { executionDiagram } from '../../src/diagram/execution-diagram.ts';
import { shortened } from '../../src/diagram/mermaid.ts';
import type { DefinitionContent } from '../../src/engine/definition.ts';
import type { ExecutionState } from '../../src/engine/state.ts';
import {
  BRANCHING,
  branchingExecution,
  LINEAR,
  linearExecution,
  LOOPING,
  loopingExecution,
  PARALLEL,
  parallelExecution,
  UNORDERED,
  unorderedExecution,
} from '../support/diagram-examples.ts';
import { openMermaid, type MermaidPage, type Picture } from '../support/mermaid-page.ts';
import { branch, decision, definition, edge, phase, ref, task } from '../support/workflow.ts';

let mermaid: MermaidPage;

beforeAll(async () => {
  mermaid = await openMermaid();
});
afterAll(async () => {
  await mermaid[Symbol.asyncDispose]();
});

function taskNames({ nodes }: Picture): string[] {
  return [...nodes].filter(([id]) => id.startsWith('t')).map(([, [name = '']]) => name);
}

describe('Mermaid', () => {
  it.each<[string, DefinitionContent, ExecutionState, { links: number; labels: number }]>([
    ['linear', LINEAR, linearExecution(), { links: 3, labels: 0 }],
    ['branching', BRANCHING, branchingExecution(), { links: 9, labels: 3 }],
    ['looping', LOOPING, loopingExecution(), { links: 6, labels: 3 }],
    ['parallel', PARALLEL, parallelExecution(), { links: 10, labels: 3 }],
    ['unordered', UNORDERED, unorderedExecution(), { links: 1, labels: 0 }],
  ])('draws a %s definition and its execution', async (_, content, state, { links, labels }) => {
    for (const text of [definitionDiagram(content), executionDiagram(state)]) {
      const picture = await mermaid.draw(text);
      expect(taskNames(picture).sort()).toEqual(content.tasks.map(({ name }) => name).sort());
      expect(picture.linkCount).toBe(links);
      expect(picture.linkLabels).toHaveLength(labels);
      const filled = content.phases.filter(({ key }) =>
        content.tasks.some(({ phaseKey }) => phaseKey === key),
      );
      expect(picture.frames.toSorted()).toEqual(filled.map(({ name }) => name).sort());
    }
  });

  it('colours the tasks of an execution, and draws the branch taken thick', async () => {
    const picture = await mermaid.draw(executionDiagram(parallelExecution()));
    expect(await picture.styleOf('t2')).toMatch(/fill:#8fd3bd/);
    expect(await picture.styleOf('t3')).toMatch(/fill:#f6f8fa.*stroke-dasharray/);
    expect(await picture.styleOf('t4')).toMatch(/fill:#f0e442/);
    expect(await picture.styleOf(1)).toMatch(/stroke-width:4px/);
    expect(await picture.styleOf(2)).toMatch(/opacity:0.5/);
  });

  it('draws drafts in which anything leads to anything', async () => {
    const node = fc.constantFrom('a', 'b', 'c', 'd', '#p', '#q', '#empty', 'gone');
    const pairs = fc.array(fc.record({ from: node, to: node }), { maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(pairs, pairs, async (edges, requirements) => {
        const requiredBy = (key: string) =>
          requirements.filter(({ to }) => to === key).map(({ from }) => ref(from));
        const tasks = ['a', 'b', 'c', 'd'].map((key, index) =>
          task(key, { phaseKey: [null, 'p', 'p', 'q'][index] ?? null, requirements: requiredBy(key) }),
        );
        const content = definition({
          phases: ['p', 'q', 'empty'].map((key) => phase(key)),
          tasks,
          edges: edges.map(({ from, to }) => edge(`${from} > ${to}`)),
        });
        expect(taskNames(await mermaid.draw(definitionDiagram(content))).sort()).toEqual([
          'a',
          'b',
          'c',
          'd',
        ]);
      }),
      { numRuns: 40 },
    );
  }, 120_000);

  it('needs nothing from elsewhere', async () => {
    await mermaid.draw(definitionDiagram(BRANCHING));
    expect(mermaid.requests).toEqual([]);
  });
});

/** A definition in which every place for a name has this one. */
function named(name: string): DefinitionContent {
  return definition({
    phases: [phase('p', { name }), phase('empty', { name })],
    tasks: [
      task('a', { name, phaseKey: 'p' }),
      decision('d', [branch('x', { name }), branch('y', { name })], {}, { name }),
      task('b', {
        name,
        type: 'AUTOMATION',
        schedule: {
          anchor: 'ENTITY_DATE',
          direction: 'BEFORE',
          amount: 1,
          unit: 'DAYS',
          taskKey: null,
          path: name,
          entitySchema: null,
        },
        dueRule: { amount: 1, unit: 'DAYS', anchor: 'TASK_FINISHED', taskKey: 'a', phaseKey: null },
      }),
    ],
    edges: ['a > d', 'd =x> b'].map(edge),
  });
}

/** What is seen of a name of which nothing could be done but cutting it. */
function shown(name: string, length: number): string {
  return (shortened(name, length) || '(no name)')
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .replace('ﬂ°', 'ﬂ\u2060°')
    .replace('¶ß', '¶\u2060ß');
}

async function expectNames(name: string): Promise<void> {
  const picture = await mermaid.draw(definitionDiagram(named(name)));
  expect([...picture.nodes.keys()].sort()).toEqual(['p2', 'start', 'stop1', 't1', 't2', 't3']);
  const long = shown(name, 60);
  expect(picture.nodes.get('t1')).toEqual([long]);
  expect(picture.nodes.get('t2')).toEqual([long, 'decided by hand']);
  expect(picture.nodes.get('t3')?.[0]).toBe(long);
  expect(picture.nodes.get('t3')).toHaveLength(3);
  expect(picture.frames).toEqual([long]);
  expect(picture.linkLabels).toEqual([shown(name, 30), shown(name, 30)]);
  expect(picture.linkCount).toBe(4);
  expect(picture.activeCount).toBe(0);
}

describe('a name', () => {
  it.each([
    '',
    'end',
    'say "hi"',
    'a]b',
    '"]; style t1 fill:#f00',
    '"]\n  click t1 "javascript:alert(1)"',
    'click t1 href "https://example.com"',
    '%%{init: {"theme": "dark"}}%% %% comment',
    '`**bold** _it_`',
    '- item',
    '1. item',
    '2) item',
    '# heading',
    '> quote',
    '---',
    '===',
    '| a | b |',
    '[link](https://example.com) ![x](y)',
    'https://example.com www.example.com me@example.com',
    '<script>alert(1)</script><img src=x onerror=alert(1)><b>b</b>',
    '&lt;b&gt; &#35; #35; #quot; #amp;',
    'ﬂ°°34¶ß',
    'my style: #a; classDef x:#b; fill:#c;',
    'a|b||c',
    '$$x^2$$',
    'fa:fa-car',
    'C:\\new\\table',
    '{{entity.owner}} {a} [b] (c) ((d)) [[e]] >f]',
    'A --> B ~~~ C -.-> D @{ shape: circle }',
    ':::t1 subgraph graph flowchart default',
    '👩‍👩‍👧‍👦 Grüße 你好 مرحبا',
    '\u202egnirts desrever',
    'half \ud800 pair',
    '\u0000\u0007\u001b[31m',
    'x'.repeat(500),
    'word '.repeat(100),
    'İ'.repeat(61),
  ])('is shown as it is: %j', async (name) => {
    await expectNames(name);
  });

  it('is shown as it is, whatever it is', async () => {
    const pieces = fc.oneof(
      fc.constantFrom('#', '"', '`', '%%', '-->', '<br>', '\\n', '\n', 'end', '1.', '$$', ']', '}', ' '),
      fc.string({ unit: 'grapheme-ascii', maxLength: 3 }),
      fc.string({ unit: 'grapheme', maxLength: 2 }),
    );
    const names = fc.array(pieces, { maxLength: 25 }).map((parts) => parts.join(''));
    await fc.assert(fc.asyncProperty(names, expectNames), { numRuns: 40 });
  }, 120_000);
});
