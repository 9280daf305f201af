/** The page of a link to confirm a task, in a browser. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { handOver, openDoor, requestsOf, visit, type Door } from '../support/confirmations.ts';
import { openWorkshop, type Workshop } from '../support/workshop.ts';

let shop: Workshop;
let door: Door;
let browser: Browser;

beforeAll(async () => {
  [shop, browser] = await Promise.all([openWorkshop(), launchBrowser()]);
  door = await openDoor(shop.caller);
}, 60_000);
afterAll(async () => {
  await browser.close();
  await door[Symbol.asyncDispose]();
  await shop[Symbol.asyncDispose]();
});

/** A task whose name and message would be markup, were they not escaped. */
async function waiting(): Promise<{ readonly executionId: string; readonly url: string }> {
  const rule = { mode: 'MANUAL', to: null, message: '<b>{{entity.date}}</b>\n& then?' } as const;
  const executionId = await shop.start(
    { tasks: [visit(rule, { name: 'Visit <script>document.title = "run"</script>' })] },
    [await shop.entity({ date: '<img src=x onerror=alert(1)>' })],
  );
  return { executionId, url: `${door.url}/confirmations/${await handOver(shop, executionId)}` };
}

interface Opened {
  readonly page: Page;
  /** Whatever the browser complained about, or asked for beside the page. */
  readonly complaints: readonly string[];
}

async function open(url: string): Promise<Opened> {
  const page = await browser.newPage({ javaScriptEnabled: true });
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('dialog', (dialog) => complaints.push(dialog.message()));
  page.on('request', (request) => {
    if (request.url() !== url && !request.url().endsWith('/favicon.ico')) complaints.push(request.url());
  });
  await page.goto(url);
  return { page, complaints };
}

test('shows what is asked as text, and nothing is confirmed before a button is pressed', async () => {
  const { executionId, url } = await waiting();
  const { page, complaints } = await open(url);
  await page.reload();
  expect(await page.locator('h1').innerText()).toBe('Visit <script>document.title = "run"</script>');
  expect(await page.locator('main').innerText()).toContain('<b><img src=x onerror=alert(1)></b>\n& then?');
  expect(await page.title()).toContain('Visit');
  expect(await page.getAttribute('html', 'lang')).toBe('de');
  expect((await shop.task(executionId, 'visit')).status).toBe('WAITING_FOR_CONFIRMATION');
  // Its own style is let through, and makes the buttons large enough for fingers.
  const box = await page.getByRole('button', { name: 'Bestätigen' }).boundingBox();
  expect(box?.height).toBeGreaterThan(40);

  await page.getByLabel('Kommentar').fill('Gern\num 9 Uhr');
  await page.getByLabel('Ihr Name').fill('Clara');
  await page.getByRole('button', { name: 'Bestätigen' }).click();
  await page.getByText('Vielen Dank').waitFor();
  const task = await shop.task(executionId, 'visit');
  expect(task.status).toBe('COMPLETED');
  expect((await requestsOf(shop, task.id))[0]?.answer).toMatchObject({
    by: 'Clara',
    comment: 'Gern\num 9 Uhr',
  });

  await page.goto(url);
  expect(await page.locator('main').innerText()).toContain('Bestätigt am');
  expect(await page.getByRole('button').count()).toBe(0);
  expect(complaints).toEqual([]);
});

test('declines by the other button', async () => {
  const { executionId, url } = await waiting();
  const { page, complaints } = await open(url);
  await page.getByRole('button', { name: 'Ablehnen' }).click();
  await page.getByText('Abgelehnt am').waitFor();
  expect((await shop.task(executionId, 'visit')).status).toBe('FAILED');
  expect(complaints).toEqual([]);
});

test('Enter in the field for the name answers nothing: only a pressed button does', async () => {
  const { executionId, url } = await waiting();
  const { page } = await open(url);
  const answers: (string | null)[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST') answers.push(request.postData());
  });
  await page.getByLabel('Ihr Name').fill('Clara');
  await page.getByLabel('Ihr Name').press('Enter');
  await page.getByRole('button', { name: 'Ablehnen' }).press('Enter');
  await page.getByText('Abgelehnt am').waitFor();
  expect(answers).toEqual(['comment=&name=Clara&answer=decline']);
  expect((await shop.task(executionId, 'visit')).status).toBe('FAILED');
});

test('works without scripts, on a telephone, too', async () => {
  const { executionId, url } = await waiting();
  const page = await browser.newPage({ javaScriptEnabled: false, viewport: { width: 320, height: 640 } });
  await page.goto(url);
  const { scrollWidth, clientWidth } = await page
    .locator('html')
    .evaluate((html) => ({ scrollWidth: html.scrollWidth, clientWidth: html.clientWidth }));
  expect([clientWidth, scrollWidth]).toEqual([320, 320]);
  await page.getByRole('button', { name: 'Bestätigen' }).click();
  await page.getByText('Vielen Dank').waitFor();
  expect((await shop.task(executionId, 'visit')).status).toBe('COMPLETED');
});
