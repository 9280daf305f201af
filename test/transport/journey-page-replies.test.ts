/** What the page of a journey says to what the server answers, in a browser. */
import type { Page, Route } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openJourneyPages, submitUnchecked, type JourneyPages } from '../support/journey-page.ts';

let pages: JourneyPages;

beforeAll(async () => {
  pages = await openJourneyPages();
}, 60_000);
afterAll(async () => {
  await pages[Symbol.asyncDispose]();
});

const TEXT = { type: 'string', title: 'Anmerkung' };

/** A page with a form of these fields. */
async function formOf(schema: object, uiSchema: object | null = null): Promise<Page> {
  const { path } = await pages.aForm({
    schema: { type: 'object', ...schema },
    uiSchema: uiSchema && { ...uiSchema },
  });
  return (await pages.open(path)).page;
}

async function submitted(page: Page): Promise<string> {
  await submitUnchecked(page);
  return page.getByRole('alert').innerText();
}

const REFUSALS: readonly [reply: string, answer: (route: Route) => Promise<void>, told: string][] = [
  [
    '429 with a time',
    (route) => route.fulfill({ status: 429, headers: { 'retry-after': '90' }, json: {} }),
    'Im Moment kommen zu viele Anfragen. Bitte versuchen Sie es in 90 Sekunden noch einmal.',
  ],
  [
    '429 without a time, of what stands between',
    (route) => route.fulfill({ status: 429, contentType: 'text/html', body: '<h1>Slow down</h1>' }),
    'Im Moment kommen zu viele Anfragen. Bitte versuchen Sie es später noch einmal.',
  ],
  [
    '503',
    (route) => route.fulfill({ status: 503, headers: { 'retry-after': '1' }, json: {} }),
    'Das kann der Server im Moment nicht. Bitte versuchen Sie es in 1 Sekunde noch einmal.',
  ],
  [
    'nothing',
    (route) => route.abort(),
    'Der Server war nicht zu erreichen. Bitte versuchen Sie es noch einmal.',
  ],
  [
    '200 of what is not the server',
    (route) =>
      route.fulfill({ status: 200, contentType: 'text/html', body: '<h1>Sign in to this network</h1>' }),
    'Der Server war nicht zu erreichen. Bitte versuchen Sie es noch einmal.',
  ],
];

test.each(REFUSALS)('an answer of %s is told as what it is', async (_reply, answer, told) => {
  const page = await formOf({ properties: { note: TEXT } });
  await page.route('**/submission', answer);
  expect(await submitted(page)).toBe(told);
});

test('what is too large to be sent is told as that', async () => {
  const page = await formOf({ properties: { note: TEXT } }, { note: { 'ui:widget': 'textarea' } });
  await page.getByLabel('Anmerkung').fill('ä'.repeat(150_000));
  expect(await submitted(page)).toBe(
    'Das ist zu groß, um gesendet zu werden. Bitte kürzen Sie es, oder wählen Sie kleinere Dateien.',
  );
  await page.getByText(/konnten nicht gespeichert werden.*zu groß/).waitFor();
});

test('what the server can’t take at all is told with its reason', async () => {
  const page = await formOf({ properties: { note: TEXT } });
  await page.getByLabel('Anmerkung').fill('a\u0000b');
  expect(await submitted(page)).toMatch(
    /^Der Server hat das nicht angenommen\. .+ has text with NUL or half of a surrogate pair\.$/,
  );
});

test('a form that can’t be read for too many requests says when to come back', async () => {
  const { path } = await pages.aForm({ schema: { type: 'object', properties: { note: TEXT } } });
  const { page } = await pages.open('/journeys/none-of-ours', { locale: 'en-GB' });
  await page.route('**/session', (route) =>
    route.fulfill({ status: 429, headers: { 'retry-after': '60' }, json: {} }),
  );
  await page.goto(`${pages.url}${path}`);
  const alert = page.getByRole('alert').getByText('Please try again in 60 seconds.');
  await alert.waitFor();
  await page.unroute('**/session');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByLabel('Anmerkung').waitFor();
});

test('errors of fields that are not shown are told above the form, by the names of the fields', async () => {
  const channel = {
    type: 'object',
    title: 'Herkunft',
    properties: { code: { type: 'string', title: 'Kanal' } },
  };
  const page = await formOf(
    {
      properties: { note: TEXT, channel: { ...channel, required: ['code'] }, key: { type: 'string' } },
      required: ['channel', 'key'],
    },
    { channel: { 'ui:widget': 'hidden' }, key: { 'ui:widget': 'hidden' } },
  );
  expect(await submitted(page)).toBe(
    'So kann das nicht abgesendet werden:\n\nkey: Bitte ausfüllen.\nHerkunft › Kanal: Bitte ausfüllen.',
  );
});

test('an error of the whole is told above the form and marks no field', async () => {
  const page = await formOf({ properties: { note: TEXT, name: TEXT }, minProperties: 2 });
  const field = page.getByLabel('Anmerkung').first();
  const border = () => field.evaluate((input) => getComputedStyle(input).borderColor);
  const before = await border();
  expect(await submitted(page)).toBe(
    'So kann das nicht abgesendet werden:\n\nDas sind zu wenige Einträge: mindestens 2.',
  );
  expect(await border()).toBe(before);
  expect(await page.locator('[aria-invalid=true]').count()).toBe(0);
});

test('an error of a list marks none of its entries', async () => {
  const items = { type: 'string', title: 'Nummer' };
  const page = await formOf({
    properties: { meters: { type: 'array', title: 'Zähler', minItems: 2, uniqueItems: true, items } },
  });
  for (const entry of [0, 1]) await page.getByRole('textbox').nth(entry).fill('A-1');
  expect(await submitted(page)).toMatch(/^Bitte korrigieren/);
  await page.getByText('Etwas kommt doppelt vor.').waitFor();
  expect(await page.locator('[aria-invalid=true]').count()).toBe(0);
});

test('what is wrong is told in the organization’s language, with its limit', async () => {
  const page = await formOf({
    properties: {
      amount: { type: 'number', title: 'Menge', multipleOf: 0.25 },
      word: { type: 'string', title: 'Wort', not: { const: 'nein' } },
      places: { type: 'object', title: 'Orte', minProperties: 1, properties: { here: TEXT } },
      list: { type: 'array', title: 'Liste', contains: { const: 'x' }, items: { type: 'string' } },
    },
    required: ['places', 'list'],
  });
  await page.getByLabel('Menge').fill('0.3');
  await page.getByLabel('Wort').fill('nein');
  expect(await submitted(page)).toBe('Bitte korrigieren Sie die markierten Felder und senden Sie erneut ab.');
  expect(await page.locator('.error-detail').allInnerTexts()).toEqual([
    'Das muss ein Vielfaches von 0,25 sein.',
    'Das ist nicht erlaubt.',
    'Das sind zu wenige Einträge: mindestens 1.',
    'Hier fehlt etwas, oder es ist zu viel.',
  ]);
});

test('a draft counts as saved only once the server has said so', async () => {
  const page = await formOf({ properties: { note: TEXT } });
  const held = new Promise<Route>((resolve) => void page.route('**/draft', resolve));
  const status = page.getByRole('status');
  await page.getByLabel('Anmerkung').fill('bald');
  const route = await held;
  expect(await status.innerText()).toBe('Wird gespeichert…');
  await route.fulfill({ status: 500, json: {} });
  await status.getByText('konnten nicht gespeichert werden').waitFor();

  await page.unroute('**/draft');
  await page.getByLabel('Anmerkung').fill('jetzt');
  await status.getByText('Ihre Eingaben sind gespeichert.').waitFor();
});

test('what is submitted waits for the draft that is on its way, and none follows it', async () => {
  const page = await formOf({ properties: { note: TEXT } });
  const order: string[] = [];
  const draft = new Promise<Route>((resolve) => void page.route('**/draft', resolve));
  await page.route('**/submission', (route) => {
    order.push('submission');
    return route.continue();
  });
  await page.getByLabel('Anmerkung').fill('alles');
  const route = await draft;
  await page.getByRole('button', { name: 'Absenden' }).click();
  await page.getByRole('button', { name: 'Wird gesendet…' }).waitFor();
  order.push('draft');
  await route.continue();
  await page.getByRole('heading', { name: 'Vielen Dank!' }).waitFor();
  expect(order).toEqual(['draft', 'submission']);
});

test('a draft of more than browsers send on leaving is saved, too', async () => {
  const page = await formOf({ properties: { note: TEXT } }, { note: { 'ui:widget': 'textarea' } });
  const long = 'ä'.repeat(40_000);
  await page.getByLabel('Anmerkung').fill(long);
  await page.getByRole('status').getByText('Ihre Eingaben sind gespeichert.').waitFor();
  await page.reload();
  expect(await page.getByLabel('Anmerkung').inputValue()).toBe(long);
});

test('what was typed last is saved when the page is left', async () => {
  const page = await formOf({ properties: { note: TEXT } });
  const address = page.url();
  await page.getByLabel('Anmerkung').fill('gleich weg');
  await page.goto('about:blank');
  await vi.waitFor(async () => {
    await page.goto(address);
    expect(await page.getByLabel('Anmerkung').inputValue()).toBe('gleich weg');
  }, 10_000);
});
