/** Nothing of a document is lost without a word, whatever is in it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pathText, patternText, type Path } from '../../src/commands/import/path.ts';
import { readDocument, type ReadDocument } from '../../src/commands/import/read-document.ts';
import { Refusal } from '../../src/commands/problem.ts';
import { FIXTURES, fixtureText, MAPPING } from './documents.ts';

type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

function isContainer(value: Json): value is Json[] | { [name: string]: Json } {
  return typeof value === 'object' && value !== null;
}

/** The places in a document, the outer ones first. */
function placesOf(value: Json, path: Path = []): { readonly path: Path; readonly value: Json }[] {
  const inside = isContainer(value) ? Object.entries(value) : [];
  return [
    { path, value },
    ...inside.flatMap(([name, part]) =>
      placesOf(part, [...path, Array.isArray(value) ? Number(name) : name]),
    ),
  ];
}

/** Single values: what a document says. (Null says nothing.) */
function leavesOf(document: Json): { readonly path: Path; readonly value: string | number | boolean }[] {
  return placesOf(document).flatMap(({ path, value }) =>
    value === null || typeof value === 'object' ? [] : [{ path, value }],
  );
}

/** A copy with the place changed by `change`; undefined takes it away. */
function changed(document: Json, path: Path, change: (value: Json | undefined) => Json | undefined): Json {
  const copy = structuredClone(document);
  const name = path.at(-1);
  let holder: Json = copy;
  for (const step of path.slice(0, -1)) holder = (holder as Record<string | number, Json>)[step] ?? null;
  if (name === undefined || !isContainer(holder)) return copy;
  const holding = holder as Record<string | number, Json>;
  const value = change(holding[name]);
  if (value !== undefined) holding[name] = value;
  else if (Array.isArray(holder)) holder.splice(Number(name), 1);
  else Reflect.deleteProperty(holding, name);
  return copy;
}

/** What is read; null if the document is refused. */
function readOrNull(document: Json): ReadDocument | null {
  try {
    return readDocument(JSON.stringify(document), MAPPING);
  } catch (error) {
    if (error instanceof Refusal && error.problem.code === 'INVALID_INPUT') return null;
    throw error;
  }
}

/** Whether the place is listed as not taken over, by itself or with what it is in. */
function isListed({ notTakenOver }: ReadDocument, path: Path): boolean {
  const listed = new Set(notTakenOver.map((entry) => entry.path));
  return path.some((_, index) => {
    const outer = path.slice(0, index + 1);
    return listed.has(pathText(outer)) || listed.has(patternText(outer));
  });
}

/** Another value of the same kind. */
function another(value: string | number | boolean): string | number | boolean {
  if (typeof value === 'string') return `${value}~`;
  return typeof value === 'number' ? value + 1 : !value;
}

/** What says something only by where it stands, or that nothing is there: it has its own tests. */
function isBySilence(document: Json, path: Path): boolean {
  const [list, index, field] = path;
  if (path.at(-1) === 'order') return true;
  if (list !== 'edges' || typeof index !== 'number' || field === 'none_met') return false;
  const { edges } = document as { edges: { to_id?: Json }[] };
  return (edges[index]?.to_id ?? '') === '';
}

const documents = new Map(FIXTURES.map((name) => [name, JSON.parse(fixtureText(name)) as Json]));
const someDocument = fc.constantFrom(...documents.values());

/** A document of which some parts are taken away. */
const someParts = fc.tuple(someDocument, fc.array(fc.nat(), { maxLength: 8 })).map(([whole, removed]) => {
  let document = whole;
  for (const index of removed) {
    const places = placesOf(document).slice(1);
    const place = places[index % places.length];
    const without = place ? changed(document, place.path, () => undefined) : document;
    // What can't be read without the part keeps it.
    if (readOrNull(without)) document = without;
  }
  return document;
});

describe.each([...documents])('In %s', (_name, document) => {
  test('each value that is not listed as left out makes a difference', () => {
    const read = readOrNull(document);
    expect(read).not.toBeNull();
    if (!read) return;
    const silent = leavesOf(document).filter(({ path, value }) => {
      if (isListed(read, path) || isBySilence(document, path)) return false;
      const other = readOrNull(changed(document, path, () => another(value)));
      return other !== null && JSON.stringify(other) === JSON.stringify(read);
    });
    expect(silent.map(({ path }) => pathText(path))).toEqual([]);
  });
});

test('Of whatever parts a document consists, each value is listed as left out or makes a difference', () => {
  fc.assert(
    fc.property(someParts, fc.array(fc.nat(), { minLength: 10, maxLength: 10 }), (document, picks) => {
      const read = readOrNull(document);
      if (!read) throw new Error('the parts of a document are no document');
      const leaves = leavesOf(document);
      for (const pick of picks) {
        const leaf = leaves[pick % leaves.length];
        if (!leaf || isListed(read, leaf.path) || isBySilence(document, leaf.path)) continue;
        const other = readOrNull(changed(document, leaf.path, () => another(leaf.value)));
        const isSilent = other !== null && JSON.stringify(other) === JSON.stringify(read);
        expect(isSilent, pathText(leaf.path)).toBe(false);
      }
    }),
    { numRuns: 60 },
  );
});

test('Whatever unknown fields a document has, all of them are listed', () => {
  const name = fc.oneof(fc.string({ minLength: 1 }), fc.constantFrom('__proto__', 'constructor', 'a.b', '*'));
  fc.assert(
    fc.property(
      someDocument,
      fc.array(fc.tuple(fc.nat(), name, fc.jsonValue({ maxDepth: 3 })), { minLength: 1, maxLength: 6 }),
      (whole, additions) => {
        let document = whole;
        const added: Path[] = [];
        const before = readOrNull(whole);
        for (const [index, field, value] of additions) {
          const objects = placesOf(whole).filter(
            (place) => isContainer(place.value) && !Array.isArray(place.value),
          );
          const path = [...(objects[index % objects.length]?.path ?? []), `${field} unknown`];
          document = changed(document, path, () => value as Json);
          added.push(path);
        }
        const read = readOrNull(document);
        expect(read?.content).toEqual(before?.content);
        for (const path of added) expect(read && isListed(read, path), pathText(path)).toBe(true);
      },
    ),
    { numRuns: 300 },
  );
});

test('Any JSON is read or refused, never more', () => {
  const noise = fc.oneof(
    fc.jsonValue(),
    fc.tuple(someDocument, fc.nat(), fc.jsonValue()).map(([document, index, value]) => {
      const places = placesOf(document);
      return changed(document, places[index % places.length]?.path ?? [], () => value as Json);
    }),
  );
  fc.assert(
    fc.property(noise, (document) => {
      readOrNull(document as Json);
    }),
    { numRuns: 1_000 },
  );
});
