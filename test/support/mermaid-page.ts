/** Mermaid in a real browser, as pages that show diagrams run it. */
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { launchBrowser } from './browser.ts';

const BUNDLE = fileURLToPath(import.meta.resolve('mermaid/dist/mermaid.min.js'));

export interface Picture {
  /** The lines of each node, by its id in the diagram. */
  readonly nodes: ReadonlyMap<string, readonly string[]>;
  /** The titles of the frames. */
  readonly frames: readonly string[];
  /** The texts on links, without empty ones. */
  readonly linkLabels: readonly string[];
  /** The links that are seen. */
  readonly linkCount: number;
  /** The CSS declarations of a node's shape, or those of a link by its number. */
  readonly styleOf: (target: string | number) => Promise<string>;
  /** How many elements could do something: scripts, anchors, images, frames. */
  readonly activeCount: number;
}

export interface MermaidPage extends AsyncDisposable {
  /** Draws the diagram; throws what Mermaid throws. */
  readonly draw: (text: string) => Promise<Picture>;
  /** The addresses that the page asked for. */
  readonly requests: readonly string[];
}

/** Starts a browser with an empty page; Mermaid's settings are its own, which are strict. */
export async function openMermaid(): Promise<MermaidPage> {
  const browser = await launchBrowser();
  const page = await browser.newPage();
  const requests: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  await page.setContent('<div id="picture"></div>');
  await page.addScriptTag({ path: BUNDLE });
  await page.evaluate('mermaid.initialize({ startOnLoad: false, suppressErrorRendering: true })');
  return {
    requests,
    draw: async (text) => {
      await page.evaluate(
        `mermaid.render('chart', ${JSON.stringify(text)})
           .then(({ svg }) => { document.querySelector('#picture').innerHTML = svg; })`,
      );
      return pictureOn(page);
    },
    [Symbol.asyncDispose]: () => browser.close(),
  };
}

async function pictureOn(page: Page): Promise<Picture> {
  const ids = await page.evaluate<string[]>(
    `[...document.querySelectorAll('#picture g.node')].map(({ id }) => id)`,
  );
  const texts = await page.locator('#picture g.node .nodeLabel').allInnerTexts();
  const labels = await page.locator('#picture span.edgeLabel').allInnerTexts();
  return {
    nodes: new Map(ids.map((id, index) => [shortId(id), (texts[index] ?? '').trim().split('\n')])),
    frames: await page.locator('#picture .cluster-label .nodeLabel').allInnerTexts(),
    linkLabels: labels.map((label) => label.trim()).filter((label) => label !== ''),
    linkCount: await page.locator('#picture path.flowchart-link:not(.edge-thickness-invisible)').count(),
    activeCount: await page.locator('#picture').locator('script, a, img, iframe, [onclick]').count(),
    styleOf: async (target) => {
      const found =
        typeof target === 'number'
          ? page.locator('#picture path.flowchart-link').nth(target)
          : page.locator(`#picture g.node[id*="flowchart-${target}-"] > .label-container`);
      return (await found.getAttribute('style')) ?? '';
    },
  };
}

/** Mermaid writes `chart-flowchart-t1-0`. */
function shortId(id: string): string {
  return /flowchart-(\w+)-\d+$/.exec(id)?.[1] ?? id;
}
