/** Who stands in for whom while somebody is absent. Nothing of it is stored: it follows from who is absent at the moment. */

/** On which side somebody works, and for which company. */
export interface Colleague {
  readonly id: string;
  readonly kind: 'INTERNAL' | 'PARTNER';
  /** Of a partner; null if it is not known. */
  readonly company: string | null;
}

/** Somebody who is absent now. */
export interface Away extends Colleague {
  /** Whom they have named, the first choice first; only active users. */
  readonly substitutes: readonly Colleague[];
}

/** Whether the one may stand in for the other: colleagues for colleagues, partners for partners of the same company, nobody for themselves. */
export function mayStandInFor(absent: Colleague, substitute: Colleague): boolean {
  if (substitute.id === absent.id || substitute.kind !== absent.kind) return false;
  return absent.kind === 'INTERNAL' || (absent.company !== null && absent.company === substitute.company);
}

/**
 * Who stands in for the user: the first of their substitutes who is present. If all of these are absent, the first who is present among the
 * substitutes of these, and so on; nobody is asked twice. Null if the user is present, or if there is nobody.
 */
export function standInOf(userId: string, away: readonly Away[]): string | null {
  const absences = new Map(away.map((one) => [one.id, one]));
  const absent = absences.get(userId);
  if (!absent) return null;
  const asked = new Set([userId]);
  for (let level: readonly Away[] = [absent]; level.length > 0;) {
    const named = level
      .flatMap(({ substitutes }) => substitutes)
      .filter((substitute) => !asked.has(substitute.id) && mayStandInFor(absent, substitute));
    const present = named.find(({ id }) => !absences.has(id));
    if (present) return present.id;
    for (const { id } of named) asked.add(id);
    level = [...new Set(named.map(({ id }) => id))].flatMap((id) => absences.get(id) ?? []);
  }
  return null;
}

/** For whom the user stands in, sorted. */
export function standsInFor(userId: string, away: readonly Away[]): string[] {
  return away.flatMap(({ id }) => (standInOf(id, away) === userId ? [id] : [])).sort();
}
