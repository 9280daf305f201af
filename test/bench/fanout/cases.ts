/** Which crowds are measured. */

/** So many subscribers, of so many scopes, on so many servers of one database. */
export interface Case {
  readonly subscribers: number;
  /** 1: colleagues, who all see the same. More: so many partners, who share a task but not a scope. */
  readonly groups: number;
  /** More than 1 only for Handrail. */
  readonly nodes: number;
}

/** From this size on, a crowd is also watched while nothing happens. */
export const IDLE_FROM = 10_000;

/** A team has no more members, and each group is one. */
const MOST_GROUPS = 500;

const EVERY_CASE = '2000x1,2000x20,2000x200,10000x1,2000x20x2';

export function nameOf({ subscribers, groups, nodes }: Case): string {
  return `${subscribers}x${groups}${nodes === 1 ? '' : `x${nodes}`}`;
}

function parseCase(text: string): Case {
  const [, ...parts] = /^(\d{1,6})x(\d{1,3})(?:x(\d))?$/.exec(text) ?? [];
  const [subscribers = 0, groups = 0, nodes = 1] = parts.flatMap((part?: string) =>
    part === undefined ? [] : [Number(part)],
  );
  if (groups < 1 || groups > MOST_GROUPS || subscribers < groups || nodes < 1)
    throw new RangeError(
      `${text} is not <subscribers>x<groups> or <subscribers>x<groups>x<servers>, with at most ${MOST_GROUPS} groups`,
    );
  return { subscribers, groups, nodes };
}

/**
 * The cases of a command line: all, or those of `--only 2000x20,10000x1`.
 *
 * @throws RangeError for anything else.
 */
export function parseCases(argv: readonly string[]): readonly Case[] {
  const [option, list = ''] = argv;
  if (option === undefined) return EVERY_CASE.split(',').map(parseCase);
  if (option !== '--only' || argv.length > 2)
    throw new RangeError(`${argv.join(' ')} is not --only <case>,<case>`);
  return list.split(',').map(parseCase);
}
