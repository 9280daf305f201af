/** Whether everybody can use the pages for people without an account, in a browser. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { borderContrast, violationsOn } from '../support/accessibility.ts';
import { handOver, openDoor, visit, type Door } from '../support/confirmations.ts';
import { openJourneyPages, submitUnchecked, type JourneyPages } from '../support/journey-page.ts';

let pages: JourneyPages;
let door: Door;

beforeAll(async () => {
  pages = await openJourneyPages();
  door = await openDoor(pages.shop.caller);
}, 60_000);
afterAll(async () => {
  await door[Symbol.asyncDispose]();
  await pages[Symbol.asyncDispose]();
});

const DAY_MS = 24 * 3600 * 1000;

/** One of each kind of field. */
const SCHEMA = {
  type: 'object',
  required: ['name', 'day'],
  properties: {
    name: { type: 'string', title: 'Name', minLength: 3, description: 'Wie am Klingelschild.' },
    roof: { type: 'string', title: 'Dach', enum: ['spitz', 'flach'] },
    day: { type: 'string', title: 'Tag', enum: ['Mo', 'Di'] },
    needs: {
      type: 'array',
      title: 'Bedarf',
      uniqueItems: true,
      minItems: 1,
      items: { type: 'string', enum: ['Strom', 'Wärme'] },
    },
    heats: { type: 'boolean', title: 'Wärmepumpe' },
    note: { type: 'string', title: 'Anmerkung' },
    meters: {
      type: 'array',
      title: 'Zähler',
      items: { type: 'object', properties: { number: { type: 'string', title: 'Nummer' } } },
    },
    reach: {
      title: 'Erreichbar',
      oneOf: [
        {
          type: 'object',
          title: 'per Post',
          required: ['street'],
          properties: { street: { type: 'string', title: 'Straße' } },
        },
        {
          type: 'object',
          title: 'am Telefon',
          required: ['phone'],
          properties: { phone: { type: 'string', title: 'Rufnummer' } },
        },
      ],
    },
    home: {
      type: 'object',
      title: 'Zuhause',
      properties: { town: { type: 'string', title: 'Ort' } },
      anyOf: [
        { title: 'Haus', properties: { plot: { type: 'number', title: 'Grundstück' } } },
        { title: 'Wohnung', properties: { floor: { type: 'number', title: 'Stockwerk' } } },
      ],
    },
    other: {
      title: 'Anderes',
      anyOf: [
        { type: 'string', title: 'Text' },
        { type: 'number', title: 'Zahl' },
      ],
    },
  },
};
const UI_SCHEMA = {
  day: { 'ui:widget': 'radio' },
  needs: { 'ui:widget': 'checkboxes' },
  note: { 'ui:widget': 'textarea' },
};

/** A page with all kinds of fields. */
async function aForm() {
  const { executionId, path } = await pages.aForm({
    name: 'Zählerwechsel',
    schema: SCHEMA,
    uiSchema: UI_SCHEMA,
  });
  return { executionId, path, ...(await pages.open(path)) };
}

describe('a journey', () => {
  test('has nothing to be said against it while it is filled in, when it is wrong, and once it is submitted', async () => {
    const { page } = await aForm();
    await page.getByLabel('Name').fill('A');
    await page.getByTitle('Hinzufügen').click();
    expect(await violationsOn(page)).toEqual([]);
    await submitUnchecked(page);
    await page.getByRole('alert').waitFor();
    expect(await violationsOn(page)).toEqual([]);

    await page.getByLabel('Name').fill('Nora');
    await page.getByLabel('Mo', { exact: true }).check();
    await page.getByLabel('Strom').check();
    await page.getByLabel('Straße').fill('Am Markt 1');
    await submitUnchecked(page);
    await page.getByRole('heading', { name: 'Vielen Dank!' }).waitFor();
    expect(await violationsOn(page)).toEqual([]);
  });

  test('has nothing to be said against it when it is over, or when there is none', async () => {
    const { executionId, page } = await aForm();
    await pages.shop.give(executionId, 'form', 'SKIP_TASK');
    await page.reload();
    await page.getByRole('heading', { name: 'nicht mehr benötigt' }).waitFor();
    expect(await violationsOn(page)).toEqual([]);
    await page.goto(`${pages.url}/journeys/none-of-ours`);
    await page.getByRole('heading').waitFor();
    expect(await violationsOn(page)).toEqual([]);
  });

  test('names each field, the choice between parts too', async () => {
    const { page } = await aForm();
    await page.getByRole('button', { name: 'Absenden' }).waitFor();
    expect(await page.getByRole('combobox').count()).toBe(4);
    for (const name of ['Dach', 'Erreichbar', 'Was trifft zu?', 'Anderes'])
      expect(await page.getByRole('combobox', { name }).count()).toBe(1);
    await page.getByRole('radiogroup', { name: 'Tag' }).waitFor();
    await page.getByRole('group', { name: 'Bedarf' }).waitFor();
  });

  test('tells which field is wrong, and why, to those who hear it', async () => {
    const { page } = await aForm();
    await page.getByLabel('Name').fill('A');
    await submitUnchecked(page);
    await page.getByRole('alert').waitFor();
    const field = page.getByLabel('Name');
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    const ids = (await field.getAttribute('aria-describedby'))?.split(' ') ?? [];
    const told = await page.locator(ids.map((id) => `[id="${id}"]`).join()).allInnerTexts();
    expect(told).toEqual(['Wie am Klingelschild.', 'Das ist zu kurz: mindestens 3 Zeichen.']);
    expect(await page.getByRole('radiogroup', { name: 'Tag' }).getAttribute('aria-invalid')).toBe('true');
    expect(await page.locator('[aria-invalid]').count()).toBe(2);
  });

  test('leads to the first field that is wrong, and on to the thanks', async () => {
    const { page } = await aForm();
    const focused = page.locator(':focus');
    await submitUnchecked(page);
    await page.getByRole('alert').waitFor();
    expect(await focused.getAttribute('id')).toBe('field_name');

    await page.getByLabel('Name').fill('Nora');
    await submitUnchecked(page);
    await page.locator('[aria-invalid] :focus').waitFor();
    expect(await focused.getAttribute('type')).toBe('radio');

    await page.getByLabel('Mo', { exact: true }).check();
    await page.getByLabel('Straße').fill('Am Markt 1');
    await page.getByLabel('Strom').check();
    await submitUnchecked(page);
    await page.getByRole('heading', { name: 'Vielen Dank!' }).waitFor();
    expect(await focused.innerText()).toBe('Vielen Dank!');
  });

  test('leads to what is wrong above the form if there is something', async () => {
    const { path } = await pages.aForm({ schema: { type: 'object', minProperties: 1 } });
    const { page } = await pages.open(path);
    await submitUnchecked(page);
    await page.getByRole('alert').waitFor();
    expect(await page.locator(':focus').getAttribute('role')).toBe('alert');
  });

  test.each(['light', 'dark'] as const)(
    'has fields with edges that are seen, in %s colors',
    async (scheme) => {
      const { path } = await pages.aForm({ schema: SCHEMA, uiSchema: UI_SCHEMA });
      const { page } = await pages.open(path, { colorScheme: scheme });
      for (const name of ['Name', 'Dach', 'Anmerkung'])
        expect(await borderContrast(page.getByLabel(name))).toBeGreaterThan(3);
    },
  );

  test('fits a narrow window, whatever is written in it', async () => {
    const { path } = await pages.aForm({
      name: 'Donaudampfschifffahrtsgesellschaftskapitänsmütze',
      schema: SCHEMA,
      uiSchema: UI_SCHEMA,
    });
    const { page } = await pages.open(path, { viewport: { width: 320, height: 640 } });
    await page.getByTitle('Hinzufügen').click();
    await page.getByTitle('Hinzufügen').click();
    expect(await page.locator('html').evaluate((html) => html.scrollWidth)).toBe(320);
    const field = await page.getByLabel('Nummer').first().boundingBox();
    expect(field?.width).toBeGreaterThan(200);
  });

  test('says in each language that it needs scripts, where there are none', async () => {
    const { path } = await pages.aForm({ schema: SCHEMA });
    const { page } = await pages.open(path, { javaScriptEnabled: false });
    expect(await page.locator('main').innerText()).toBe(
      'This page needs JavaScript.\n\nDiese Seite braucht JavaScript.',
    );
  });

  test('is in the language that it says', async () => {
    const { page } = await aForm();
    await page.getByRole('button', { name: 'Absenden' }).waitFor();
    expect(await page.getAttribute('html', 'lang')).toBe('de');
    const { page: none } = await pages.open('/journeys/none-of-ours', { locale: 'en-GB' });
    await none.getByRole('heading', { name: 'There is no such form' }).waitFor();
    expect(await none.getAttribute('html', 'lang')).toBe('en');
  });
});

/** The address of a link for a task that waits for a confirmation. */
async function aLink(): Promise<string> {
  const { shop } = pages;
  const executionId = await shop.start(
    { tasks: [visit({ mode: 'MANUAL', to: null, message: 'Dürfen wir kommen?' })] },
    [await shop.entity({})],
  );
  return `${door.url}/confirmations/${await handOver(shop, executionId)}`;
}

describe('a link to confirm something', () => {
  test('has nothing to be said against it before and after the answer, too late, and when there is none', async () => {
    const page = await pages.browser.newPage();
    await page.goto(await aLink());
    expect(await violationsOn(page)).toEqual([]);
    await page.getByRole('button', { name: 'Bestätigen' }).click();
    await page.getByText('Vielen Dank').waitFor();
    expect(await violationsOn(page)).toEqual([]);
    const late = await aLink();
    pages.shop.clock.advance(3 * DAY_MS);
    await page.goto(late);
    await page.getByText('Die Zeit für eine Antwort war').waitFor();
    expect(await violationsOn(page)).toEqual([]);
    await page.goto(`${door.url}/confirmations/none-of-ours`);
    expect(await violationsOn(page)).toEqual([]);
  });

  test.each(['light', 'dark'] as const)(
    'has fields with edges that are seen, in %s colors',
    async (scheme) => {
      const page = await pages.browser.newPage({ colorScheme: scheme });
      await page.goto(await aLink());
      const controls = [page.getByLabel('Kommentar'), page.getByRole('button', { name: 'Ablehnen' })];
      for (const control of controls) expect(await borderContrast(control)).toBeGreaterThan(3);
    },
  );
});
