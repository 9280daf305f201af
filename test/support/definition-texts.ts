/** Documents of definitions, as fields and as text. */

/** The fields of a document with everything that it needs. */
export const COMPLETE_DOCUMENT = {
  format: 'handrail/definition',
  formatVersion: 1,
  name: 'Wallbox',
  triggers: [{ type: 'MANUAL' }],
  tasks: [{ key: 'mount', name: 'Mount it' }],
} as const;

/** The canonical text, if the fields are in their order. */
export function textOf(fields: object): string {
  return `${JSON.stringify(fields, null, 2)}\n`;
}

/** The text of a document whose only task has these parts as well. */
export function textWithTask(parts: object): string {
  return textOf({ ...COMPLETE_DOCUMENT, tasks: [{ ...COMPLETE_DOCUMENT.tasks[0], ...parts }] });
}
