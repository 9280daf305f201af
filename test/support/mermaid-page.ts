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
      const seen = await page.evaluate<Seen>(
        `mermaid.render('chart', ${JSON.stringify(text)}).then(${READ})`,
      );
      return pictureOn(page, seen);
    },
    [Symbol.asyncDispose]: () => browser.close(),
  };
}

/** What is read from the page, at once: each question to a browser takes some 20 ms. */
interface Seen {
  readonly ids: readonly string[];
  readonly texts: readonly string[];
  readonly frames: readonly string[];
  readonly labels: readonly string[];
  readonly linkCount: number;
  readonly activeCount: number;
}

/** Runs in the page, with what Mermaid drew. */
const READ = `({ svg }) => {
  const picture = document.querySelector('#picture');
  picture.innerHTML = svg;
  const all = (selector) => [...picture.querySelectorAll(selector)];
  const texts = (selector) => all(selector).map(({ innerText }) => innerText);
  return {
    ids: all('g.node').map(({ id }) => id),
    texts: texts('g.node .nodeLabel'),
    frames: texts('.cluster-label .nodeLabel'),
    labels: texts('span.edgeLabel'),
    linkCount: all('path.flowchart-link:not(.edge-thickness-invisible)').length,
    activeCount: all('script, a, img, iframe, [onclick]').length,
  };
}`;

function pictureOn(page: Page, { ids, texts, frames, labels, linkCount, activeCount }: Seen): Picture {
  return {
    nodes: new Map(ids.map((id, index) => [shortId(id), (texts[index] ?? '').trim().split('\n')])),
    frames,
    linkLabels: labels.map((label) => label.trim()).filter((label) => label !== ''),
    linkCount,
    activeCount,
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
