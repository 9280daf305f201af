/** The library that knows the world's holidays. */
import { createRequire } from 'node:module';
import type Holidays from 'date-holidays';

const require = createRequire(import.meta.url);

/** Loaded when it is first needed, not with the program: its data cost 150 ms and 20 MB. */
export function holidayPackage(): typeof Holidays {
  return require('date-holidays') as typeof Holidays;
}
