/** The page of a journey, in a browser. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openJourneyPages, submitUnchecked, type JourneyPages } from '../support/journey-page.ts';

let pages: JourneyPages;

beforeAll(async () => {
  pages = await openJourneyPages();
}, 60_000);
afterAll(async () => {
  await pages[Symbol.asyncDispose]();
});

const SCHEMA = {
  type: 'object',
  required: ['name'],
  properties: {
    name: { type: 'string', title: 'Name' },
    iban: { type: 'string', title: 'IBAN', pattern: '^DE[0-9]{20}$' },
    heats: { type: 'boolean', title: 'Wärmepumpe' },
    meters: {
      type: 'array',
      title: 'Zähler',
      items: { type: 'object', properties: { number: { type: 'string', title: 'Nummer', minLength: 3 } } },
    },
  },
  if: { properties: { heats: { const: true } }, required: ['heats'] },
  then: { properties: { power: { type: 'number', title: 'Leistung' } }, required: ['power'] },
};

function aForm(parts: Parameters<JourneyPages['aForm']>[0] = {}) {
  return pages.aForm({ name: 'Zählerwechsel', schema: SCHEMA, ...parts });
}

async function statusOf(executionId: string): Promise<string> {
  return (await pages.shop.task(executionId, 'form')).status;
}

test('a form is filled in, corrected where the server says, and submitted, which completes the task', async () => {
  const { executionId, path } = await aForm();
  const { page, complaints } = await pages.open(path);
  await page.getByLabel('Name').fill('Familie Sommer');
  await page.getByLabel('Wärmepumpe').check();
  await page.getByLabel('Leistung').fill('7.5');
  await page.getByTitle('Eintrag hinzufügen').or(page.getByTitle('Hinzufügen')).click();
  await page.getByLabel('Nummer').fill('A1');
  await submitUnchecked(page);
  expect(await page.getByRole('alert').innerText()).toMatch(/^Bitte korrigieren/);
  expect(await page.getByText('Das ist zu kurz: mindestens 3 Zeichen.').count()).toBe(1);
  expect(await statusOf(executionId)).toBe('PENDING');

  await page.getByLabel('Nummer').fill('A-100');
  await page.getByRole('button', { name: 'Absenden' }).click();
  await page.getByRole('heading', { name: 'Vielen Dank!' }).waitFor();
  expect(await statusOf(executionId)).toBe('COMPLETED');
  expect(complaints).toEqual([]);
});

test('what is filled in is kept by itself, and is there again later', async () => {
  const { path } = await aForm();
  const { page } = await pages.open(path);
  await page.getByLabel('Name').fill('Nora Winter');
  await page.getByText('Ihre Eingaben sind gespeichert.').waitFor();
  await page.reload();
  expect(await page.getByLabel('Name').inputValue()).toBe('Nora Winter');
});

test('texts of a form are shown as they are and never run, and nothing comes from elsewhere', async () => {
  const evil = '<img src=x onerror=alert(1)>';
  const { path } = await aForm({
    name: evil,
    description: evil,
    schema: { type: 'object', properties: { a: { type: 'string', title: evil, description: evil } } },
  });
  const { page, complaints } = await pages.open(path);
  expect(await page.locator('h1').innerText()).toBe(evil);
  expect(await page.locator('.description').innerText()).toBe(evil);
  expect(await page.locator('img').count()).toBe(0);
  const policy = (await page.reload())?.headers()['content-security-policy'];
  expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
  expect(complaints).toEqual([]);
});

test('a journey elsewhere is a link to there', async () => {
  const { path } = await aForm({ kind: 'LINK' });
  const { page } = await pages.open(path);
  const href = await page.getByRole('link', { name: 'Weiter zum Formular' }).getAttribute('href');
  expect(href).toMatch(/^https:\/\/forms\.example\/address\?lang=de&/);
});

test('a page that is over says so', async () => {
  const { executionId, path } = await aForm();
  await pages.shop.give(executionId, 'form', 'SKIP_TASK');
  const { page } = await pages.open(path);
  await page.getByRole('heading', { name: 'Dieses Formular wird nicht mehr benötigt' }).waitFor();
  await page.goto(`${pages.url}/journeys/none-of-ours`);
  await page.getByText(/There is no such form|Dieses Formular gibt es nicht/).waitFor();
});

test('a form that is submitted elsewhere meanwhile is thanked for, not lost', async () => {
  const { executionId, path } = await aForm();
  const [one, other] = [await pages.open(path), await pages.open(path)];
  for (const { page } of [one, other]) await page.getByLabel('Name').fill('Nora Winter');
  for (const { page } of [one, other]) await page.getByRole('button', { name: 'Absenden' }).click();
  for (const { page } of [one, other]) await page.getByRole('heading', { name: 'Vielen Dank!' }).waitFor();
  await vi.waitFor(async () => {
    expect(await statusOf(executionId)).toBe('COMPLETED');
  });
});

test('scripts and styles may be kept for ever, compressed for those who take that', async () => {
  const html = await (await fetch(`${pages.url}/journeys/any`)).text();
  const [, script = ''] = /src="([^"]+)"/.exec(html) ?? [];
  const [plain, zipped] = await Promise.all(
    ['identity', 'gzip'].map((encoding) =>
      fetch(`${pages.url}${script}`, { headers: { 'accept-encoding': encoding } }),
    ),
  );
  expect(zipped?.headers.get('content-encoding')).toBe('gzip');
  expect(plain?.headers.get('content-encoding')).toBeNull();
  expect(plain?.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  expect(await zipped?.text()).toBe(await plain?.text());
  expect((await fetch(`${pages.url}/assets/manifest.json`)).status).toBe(404);
  expect((await fetch(`${pages.url}${script}`, { method: 'POST' })).status).toBe(405);
});
