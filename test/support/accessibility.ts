/** What can be told by a program of whether everybody can use a page. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Locator, Page } from 'playwright-core';

const AXE = await readFile(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');

/** What axe has to say against the page as it is: the rule, and where it is not kept. */
export async function violationsOn(page: Page): Promise<readonly string[]> {
  await page.evaluate(AXE);
  return page.evaluate<string[]>(`axe.run({ resultTypes: ['violations'] }).then(({ violations }) =>
    violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => id + ': ' + target.join(' '))))`);
}

/** The contrast of an element's border with what is inside of it, from 1 to 21. https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
export async function borderContrast(element: Locator): Promise<number> {
  const colors = await element.evaluate((node) => {
    const { borderTopColor, backgroundColor } = getComputedStyle(node);
    return [borderTopColor, backgroundColor];
  });
  const [darker = 0, lighter = 0] = colors.map(luminance).sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

/** Of an opaque color: `rgb(31, 95, 191)`. */
function luminance(color: string): number {
  const channels = /^rgb\((\d+), (\d+), (\d+)\)$/.exec(color)?.slice(1);
  if (!channels) throw new Error(`${color} is not opaque`);
  const [red = 0, green = 0, blue = 0] = channels.map((channel) => {
    const share = Number(channel) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
