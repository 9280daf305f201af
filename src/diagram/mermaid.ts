/** Mermaid's flowchart language: texts that can't break out of their place, ids, and how a chart is written down. */

/** As which shape a node is drawn: what stands before and after its text. */
const BRACKETS = {
  RECTANGLE: ['[', ']'],
  SUBROUTINE: ['[[', ']]'],
  HEXAGON: ['{{', '}}'],
  SLANTED: ['[/', '/]'],
  CIRCLE: ['((', '))'],
} as const;

const ARROWS = { SOLID: '-->', DOTTED: '-.->', DOTTED_CIRCLE: '-.-o', INVISIBLE: '~~~' } as const;

export interface ChartNode {
  /** Made by this program (`t1`), never a name. */
  readonly id: string;
  readonly shape: keyof typeof BRACKETS;
  /** Plain text, written one below the other. */
  readonly lines: readonly string[];
  /** A name in `styles`. */
  readonly style: string;
}

/** Nodes in a frame with a title. */
export interface ChartGroup {
  readonly id: string;
  readonly title: string;
  readonly nodes: readonly ChartNode[];
  readonly style: string;
}

export interface ChartLink {
  readonly from: string;
  readonly to: string;
  readonly arrow: keyof typeof ARROWS;
  /** Plain text; null for none. */
  readonly label: string | null;
  /** CSS declarations, joined by commas; null for the theme's look. */
  readonly style: string | null;
}

export interface Chart {
  readonly groups: readonly ChartGroup[];
  /** Those in no group. */
  readonly nodes: readonly ChartNode[];
  readonly links: readonly ChartLink[];
  /** CSS declarations by name. */
  readonly styles: Readonly<Record<string, string>>;
}

const ENTITIES: Readonly<Record<string, string>> = { '"': 'quot', '&': 'amp', '<': 'lt', '>': 'gt' };

/** Control characters and those that turn the direction of the text around them. */
const INVISIBLE = /[\p{Cc}\u202a-\u202e\u2066-\u2069]+/gu;

/**
 * ASCII punctuation where Mermaid or Markdown, which some versions of Mermaid read in every label, could give it a meaning. What
 * can't have a meaning stays readable: `Step 2: follow-up (by phone)`.
 */
const MEANINGFUL =
  /(?<!\p{L})[.)]|(?<=\p{L})\.(?! |$)|:(?! )|(?<![\p{L}\p{N}])-|-(?![\p{L}\p{N}])|["#$%&*+;<=>@[\\\]^_`{|}~]/gu;

/** How Mermaid itself writes the begin and the end of an entity while it works; a word joiner keeps it from being one. */
const MARKS_OF_ENTITIES = /\ufb02(?=\u00b0)|\u00b6(?=\u00df)/gu;

const SEGMENTER = new Intl.Segmenter('en');

/** The text on one line, at most `length` characters long; the end of a longer one is an ellipsis. */
export function shortened(text: string, length: number): string {
  const line = text.replace(INVISIBLE, ' ').replace(/\s+/gu, ' ').trim();
  if (line.length <= length) return line;
  // One character may be many code units, such as an emoji or a letter under a heap of accents.
  const most = 12 * length;
  const characters = Array.from(SEGMENTER.segment(line.slice(0, most)), ({ segment }) => segment);
  if (line.length <= most && characters.length <= length) return line;
  const kept = characters.slice(0, Math.min(length, characters.length) - 1);
  return `${kept.join('').trimEnd()}…`;
}

/**
 * A label that shows exactly this text, whatever it is. Lines end with line ends and not with `<br>`: where there is a tag, Mermaid
 * decodes the entities of the whole label before it looks for what has a meaning.
 */
export function quoted(lines: readonly string[]): string {
  return `"${lines.map(escaped).join('\n')}"`;
}

function escaped(line: string): string {
  return line
    .replace(INVISIBLE, ' ')
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .replace(MARKS_OF_ENTITIES, '$&\u2060')
    .replace(MEANINGFUL, (found) => `#${ENTITIES[found] ?? found.charCodeAt(0)};`);
}

/** The chart as text. Charts of more than 500 links or 50,000 characters are drawn only where Mermaid's `maxEdges` and
 * `maxTextSize` are raised. */
export function written(chart: Chart): string {
  return [
    'flowchart TD',
    ...chart.groups.flatMap((group) => [
      `  subgraph ${group.id}[${quoted([group.title])}]`,
      // Otherwise Mermaid turns a group that nothing outside is linked with.
      '    direction TB',
      ...group.nodes.map((node) => `    ${nodeText(node)}`),
      '  end',
    ]),
    ...chart.nodes.map((node) => `  ${nodeText(node)}`),
    ...chart.links.map(linkText).map((line) => `  ${line}`),
    ...styleLines(chart).map((line) => `  ${line}`),
    '',
  ].join('\n');
}

function nodeText({ id, shape, lines }: ChartNode): string {
  const [open, close] = BRACKETS[shape];
  return `${id}${open}${quoted(lines)}${close}`;
}

function linkText({ from, to, arrow, label }: ChartLink): string {
  return `${from} ${ARROWS[arrow]}${label === null ? '' : `|${quoted([label])}|`} ${to}`;
}

/** Only the styles that something has; links are counted in the order in which they are written. */
function styleLines({ groups, nodes, links, styles }: Chart): string[] {
  const styled = new Map<string, string[]>();
  for (const { id, style } of [...groups, ...groups.flatMap((group) => group.nodes), ...nodes])
    append(styled, style, id);
  const numbers = new Map<string, string[]>();
  for (const [number, { style }] of links.entries())
    if (style !== null) append(numbers, style, String(number));
  const used = Object.entries(styles).filter(([name]) => styled.has(name));
  return [
    ...used.map(([name, declarations]) => `classDef ${name} ${declarations}`),
    ...used.map(([name]) => `class ${(styled.get(name) ?? []).join(',')} ${name}`),
    ...[...numbers].map(([declarations, which]) => `linkStyle ${which.join(',')} ${declarations}`),
  ];
}

function append(lists: Map<string, string[]>, key: string, item: string): void {
  const list = lists.get(key);
  if (list) list.push(item);
  else lists.set(key, [item]);
}
