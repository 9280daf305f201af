/** Why something of a document of another system is not taken over. */

/** Why something was left out, with what it means for the reader. Codes are stable: clients may depend on them. */
export const NOT_TAKEN_OVER_CODES = {
  OTHER_SYSTEM: 'It belongs to the system where the document comes from.',
  UNKNOWN_FIELD: 'It is not among the fields of the format.',
  NOT_SUPPORTED: 'There is nothing like it here.',
  NO_EFFECT: 'It means nothing next to the other fields of the same part.',
  INCOMPLETE: 'Something is missing without which it means nothing.',
  OVERRIDDEN: 'Something else in the document counts instead.',
  SWITCHED_OFF: 'It is switched off in the document.',
  REPEATED: 'The same is in the document already.',
  ORDER_CHANGED: 'It stands at another place here.',
  LEFT_TO_A_PERSON: 'It would go on by itself in another way than before; so a person does it.',
  UNMAPPED_ASSIGNEE: 'The mapping does not say who that is here.',
  UNMAPPED_JOURNEY: 'The mapping does not say which journey that is here.',
  UNMAPPED_AUTOMATION: 'The mapping does not say which automation that is here.',
  UNMAPPED_CLOSING_REASON: 'The mapping does not say which closing reason that is here.',
  MORE: 'There is more that was left out than is listed.',
} as const satisfies Readonly<Record<string, string>>;

export type NotTakenOverCode = keyof typeof NOT_TAKEN_OVER_CODES;

/** Why one place of a document, with everything below it, was left out. */
export interface Reason {
  readonly code: NotTakenOverCode;
  /** For people: one sentence. */
  readonly message: string;
}

/** Some text of the document, for a message; no longer than anybody reads. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text);
}
