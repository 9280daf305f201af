/** A real browser: the one inside an npm package on Linux x64, an installed Chrome elsewhere. */
import { chromium, type Browser } from 'playwright-core';

/** Starts it, headless. Close it. */
export async function launchBrowser(): Promise<Browser> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return chromium.launch({ channel: 'chrome' });
  const { default: packaged } = await import('@sparticuz/chromium');
  return chromium.launch({ executablePath: await packaged.executablePath(), args: packaged.args });
}
