/**
 * The regions whose public holidays are known: countries (`DE`), their states (`DE-BY`), and parts of those with holidays of their own
 * (`DE-BY-A`).
 */
import type Holidays from 'date-holidays';
import { holidayPackage } from './holiday-package.ts';

export interface Region {
  readonly code: string;
  /** In the language asked for, or else in one that is spoken there. */
  readonly name: string;
}

type Names = Readonly<Record<string, string>>;

/** The names of a region's parts (of no region: the countries), by the last portion of their codes. */
function partsOf(library: Holidays, within: string | null, language?: string): Names {
  if (within === null) return library.getCountries(language);
  const [country = '', state, ...rest] = within.split('-');
  if (rest.length > 0) return {};
  const names =
    state === undefined ? library.getStates(country, language) : library.getRegions(country, state, language);
  // The library's types don't say so, but where there are none the answer is undefined.
  return { ...names };
}

/** Whether the public holidays of the region with this code are known. */
export function isRegion(code: string): boolean {
  const Library = holidayPackage();
  const library = new Library();
  const portions = code.split('-');
  return portions.every((portion, index) => {
    const within = index === 0 ? null : portions.slice(0, index).join('-');
    return Object.hasOwn(partsOf(library, within), portion);
  });
}

/**
 * The parts of a region with holidays of their own, by name; of no region (null), the countries. None if there are none, or no such
 * region. `locale`: the BCP 47 tag of the names' language.
 */
export function regionsWithin(within: string | null, locale: string): Region[] {
  if (within !== null && !isRegion(within)) return [];
  const Library = holidayPackage();
  const names = partsOf(new Library(), within, new Intl.Locale(locale).language);
  const countries = new Intl.DisplayNames([locale], { type: 'region' });
  const regions = Object.entries(names).map(([portion, name]) =>
    within === null
      ? { code: portion, name: countries.of(portion) ?? name }
      : { code: `${within}-${portion}`, name },
  );
  const { compare } = new Intl.Collator(locale);
  return regions.sort((a, b) => compare(a.name, b.name));
}
