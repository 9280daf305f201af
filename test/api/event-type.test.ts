import { GraphQLEnumType } from 'graphql';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { schema } from '../../src/graphql/schema.ts';

const type = schema.getType('EventType');
const values = type instanceof GraphQLEnumType ? type.getValues().map(({ name }) => name) : [];

test('EventType has every type that the commands record, and no other', async () => {
  const folders = ['commands', 'engine', 'automation', 'journeys', 'reactions', 'worker'].map((folder) =>
    join(import.meta.dirname, '../../src', folder),
  );
  const texts = await Promise.all(
    folders.map(async (folder) => {
      // What sync rules speak of is named like an event, but not recorded.
      const names = (await readdir(folder)).filter(
        (name) => name.endsWith('.ts') && name !== 'definition.ts' && !name.startsWith('sync'),
      );
      return Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
    }),
  );
  // By their form: something happened to a subject of events. Problems are called otherwise (…_NOT_…, ALREADY_…), and so are the
  // moments that dates are counted from (…_FINISHED).
  const form =
    /'((?:EXECUTION|PHASE|TASK|NOTE|ENTITY|DEFINITION|USER|TEAM|CLOSING_REASON|ORGANIZATION|AUTOMATION(?!_FAILED)|JOURNEY|WEBHOOK_ENDPOINT|DELIVERY|NOTIFICATION|ABSENCE)_(?!FINISHED)(?:[A-Z_]*ED|HELD|DONE|SCHEDULE_RAN|AWAITS_DECISION|AWAITS_CONFIRMATION|CONFIRMATION_WITHDRAWN|HANDED_BACK|RUN_HOT|READ))'/g;
  const named = texts.flat().flatMap((text) => [...text.matchAll(form)].map(([, name]) => name ?? ''));
  const recorded = new Set(named.filter((name) => !name.includes('_NOT_')));
  expect([...recorded].sort()).toEqual([...values].sort());
});
