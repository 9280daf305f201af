/** The page of a journey, in a browser, and the server that answers it. */
import { pino } from 'pino';
import type { Browser, Page } from 'playwright-core';
import { loadPages } from '../../src/http/pages.ts';
import { createHttpServer } from '../../src/http/server.ts';
import { launchBrowser } from './browser.ts';
import { byToken, made, openedFrom, withForm } from './journeys.ts';
import { openWorkshop, type Workshop } from './workshop.ts';

export interface OpenedPage {
  readonly page: Page;
  /** What the browser complained about, or was kept from. */
  readonly complaints: readonly string[];
}

export interface JourneyPages extends AsyncDisposable {
  readonly shop: Workshop;
  readonly browser: Browser;
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** Makes a task with this form; answers the path of its page. */
  readonly aForm: (
    parts: Parameters<typeof made>[1],
  ) => Promise<{ readonly executionId: string; readonly path: string }>;
  readonly open: (path: string, options?: Parameters<Browser['newPage']>[0]) => Promise<OpenedPage>;
}

/** Starts both; dispose them. */
export async function openJourneyPages(): Promise<JourneyPages> {
  const [shop, browser] = await Promise.all([openWorkshop(), launchBrowser()]);
  const http = createHttpServer({
    config: { host: '127.0.0.1', port: 0, maxBodyBytes: 1024, shutdownTimeoutMs: 300 },
    log: pino({ level: 'silent' }),
    journeys: byToken(shop),
    pages: await loadPages(),
    ready: () => Promise.resolve({}),
  });
  const { url } = await http.listen();
  return {
    shop,
    browser,
    url: new URL(url).origin,
    aForm: async (parts) => {
      const journeyId = await made(shop, { uiSchema: null, mapping: [], ...parts });
      const executionId = await shop.start({ tasks: [withForm('form', journeyId)] });
      const { token } = await openedFrom(shop, executionId, 'form');
      return { executionId, path: `/journeys/${token}` };
    },
    open: async (path, options) => {
      const page = await browser.newPage(options);
      const complaints: string[] = [];
      page.on('console', (message) => {
        // A refused submission is one of the answers.
        if (!message.text().includes('422')) complaints.push(message.text());
      });
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('dialog', (dialog) => complaints.push(dialog.message()));
      await page.goto(new URL(path, url).href);
      return { page, complaints };
    },
    [Symbol.asyncDispose]: async () => {
      await browser.close();
      await http.close();
      await shop[Symbol.asyncDispose]();
    },
  };
}

/** Presses the button, whatever the browser itself would say to the fields: what only the server knows comes from there. */
export async function submitUnchecked(page: Page): Promise<void> {
  await page.locator('form').evaluate((form) => {
    form.setAttribute('novalidate', '');
  });
  await page.getByRole('button', { name: 'Absenden' }).click();
}
