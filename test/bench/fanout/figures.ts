/** Sums and quantiles. */

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** The smallest value that so large a part of all values is not above. */
export function quantile(parts: readonly Float64Array[], part: number): number {
  const all = new Float64Array(sum(parts.map(({ length }) => length)));
  let at = 0;
  for (const values of parts) {
    all.set(values, at);
    at += values.length;
  }
  all.sort();
  return all[Math.max(0, Math.ceil(all.length * part) - 1)] ?? NaN;
}
