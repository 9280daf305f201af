/** What the page says, in the languages that it knows. */
import { replaceStringParameters, type englishStringTranslator } from '@rjsf/utils';
import type { DataError, Failure } from './session.ts';

export interface Texts {
  /** BCP 47. */
  readonly language: 'en' | 'de';
  readonly submit: string;
  readonly submitting: string;
  readonly saved: string;
  readonly saving: string;
  readonly notSaved: string;
  readonly loading: string;
  readonly continueThere: string;
  readonly pleaseCorrect: string;
  /** Before what is wrong with fields that the form does not show. */
  readonly notAccepted: string;
  readonly blocked: string;
  readonly unreachable: string;
  readonly tooLarge: string;
  /** `when`: “in 60 seconds”. */
  readonly tooManyRequests: (when: string) => string;
  readonly unavailable: (when: string) => string;
  /** When it is not known. */
  readonly later: string;
  readonly refused: string;
  readonly retry: string;
  readonly done: Readonly<
    Record<'SUBMITTED' | 'EXPIRED' | 'CLOSED' | 'UNKNOWN', readonly [title: string, text: string]>
  >;
  /** By what is not met; %1 stands for the limit. */
  readonly errors: Readonly<Record<ErrorKeyword, string>>;
  /** Before the fields of a part that can be filled in in several ways, of which one is chosen. */
  readonly choice: string;
  /** What the library says, by its English texts (its `TranslatableString`); %1 stands for a name. What is missing stays English. */
  readonly library: Readonly<Record<string, string>>;
}

/** What the server says is not met: keywords of JSON Schema, and the bounds of its own. (`if` is not among them: what its `then` or `else` asks for is told by itself.) */
export type ErrorKeyword =
  | 'additionalItems'
  | 'additionalProperties'
  | 'anyOf'
  | 'const'
  | 'contains'
  | 'dependencies'
  | 'dependentRequired'
  | 'enum'
  | 'exclusiveMaximum'
  | 'exclusiveMinimum'
  | 'false schema'
  | 'format'
  | 'formatExclusiveMaximum'
  | 'formatExclusiveMinimum'
  | 'formatMaximum'
  | 'formatMinimum'
  | 'items'
  | 'maxItems'
  | 'maxLength'
  | 'maxProperties'
  | 'maximum'
  | 'minItems'
  | 'minLength'
  | 'minProperties'
  | 'minimum'
  | 'multipleOf'
  | 'not'
  | 'oneOf'
  | 'pattern'
  | 'propertyNames'
  | 'required'
  | 'type'
  | 'unevaluatedItems'
  | 'unevaluatedProperties'
  | 'uniqueItems'
  | 'more'
  | 'INVALID_CHARACTER'
  | 'TOO_DEEP'
  | 'TOO_LONG'
  | 'TOO_MANY';

const ENGLISH: Texts = {
  language: 'en',
  submit: 'Submit',
  submitting: 'Submitting…',
  saved: 'Your entries are saved. You can go on later with the same link.',
  saving: 'Saving…',
  notSaved:
    'Your last entries could not be saved. They are kept on this page; it is tried again when you go on.',
  loading: 'Loading…',
  continueThere: 'Go on to the form',
  pleaseCorrect: 'Please correct what is marked, and submit again.',
  notAccepted: 'This cannot be submitted as it is:',
  blocked:
    'This cannot be submitted at the moment: something else has to be done first. Your entries are saved; please try again later.',
  unreachable: 'The server could not be reached. Please try again.',
  tooLarge: 'This is too large to be sent. Please shorten it, or choose smaller files.',
  tooManyRequests: (when) => `There are too many requests at the moment. Please try again ${when}.`,
  unavailable: (when) => `The server cannot do this at the moment. Please try again ${when}.`,
  later: 'later',
  refused: 'The server did not accept this.',
  retry: 'Try again',
  done: {
    SUBMITTED: ['Thank you!', 'What you entered has arrived. You can close this page.'],
    EXPIRED: ['This link has expired', 'Please ask for a new one.'],
    CLOSED: ['This form is no longer needed', 'There is nothing left for you to do here.'],
    UNKNOWN: ['There is no such form', 'Please check that you have the whole link.'],
  },
  errors: {
    additionalItems: 'At most %1 are asked for.',
    additionalProperties: 'This is not asked for.',
    anyOf: 'This fits none of the options.',
    const: 'Please confirm.',
    contains: 'There is something missing here, or too much.',
    dependencies: 'Please fill in.',
    dependentRequired: 'Please fill in.',
    enum: 'Please choose one of the values.',
    exclusiveMaximum: 'This has to be less than %1.',
    exclusiveMinimum: 'This has to be more than %1.',
    'false schema': 'This is not possible here.',
    format: 'This does not have the right form.',
    formatExclusiveMaximum: 'This is too late.',
    formatExclusiveMinimum: 'This is too early.',
    formatMaximum: 'This is too late.',
    formatMinimum: 'This is too early.',
    items: 'At most %1 are asked for.',
    maxItems: 'At most %1 are possible.',
    maxLength: 'At most %1 characters are possible.',
    maxProperties: 'At most %1 entries are possible.',
    maximum: 'This may be at most %1.',
    minItems: 'At least %1 are needed.',
    minLength: 'At least %1 characters are needed.',
    minProperties: 'At least %1 entries are needed.',
    minimum: 'This has to be at least %1.',
    multipleOf: 'This has to be a multiple of %1.',
    not: 'This is not allowed.',
    oneOf: 'This does not fit exactly one of the options.',
    pattern: 'This does not have the right form.',
    propertyNames: 'A name is not allowed here.',
    required: 'Please fill in.',
    type: 'This is of the wrong kind.',
    unevaluatedItems: 'At most %1 are asked for.',
    unevaluatedProperties: 'This is not asked for.',
    uniqueItems: 'Something is here twice.',
    more: 'Errors beside these: %1.',
    INVALID_CHARACTER: 'There is a character that cannot be stored.',
    TOO_DEEP: 'There are too many parts within parts.',
    TOO_LONG: 'This is too large.',
    TOO_MANY: 'A list has too many entries.',
  },
  choice: 'Which applies?',
  library: {},
};

const GERMAN: Texts = {
  language: 'de',
  submit: 'Absenden',
  submitting: 'Wird gesendet…',
  saved: 'Ihre Eingaben sind gespeichert. Mit demselben Link können Sie später weitermachen.',
  saving: 'Wird gespeichert…',
  notSaved:
    'Ihre letzten Eingaben konnten nicht gespeichert werden. Sie bleiben auf dieser Seite; beim Weitermachen wird es erneut versucht.',
  loading: 'Wird geladen…',
  continueThere: 'Weiter zum Formular',
  pleaseCorrect: 'Bitte korrigieren Sie die markierten Felder und senden Sie erneut ab.',
  notAccepted: 'So kann das nicht abgesendet werden:',
  blocked:
    'Das kann im Moment nicht abgesendet werden: Vorher muss noch etwas anderes erledigt werden. Ihre Eingaben sind gespeichert; bitte versuchen Sie es später noch einmal.',
  unreachable: 'Der Server war nicht zu erreichen. Bitte versuchen Sie es noch einmal.',
  tooLarge: 'Das ist zu groß, um gesendet zu werden. Bitte kürzen Sie es, oder wählen Sie kleinere Dateien.',
  tooManyRequests: (when) =>
    `Im Moment kommen zu viele Anfragen. Bitte versuchen Sie es ${when} noch einmal.`,
  unavailable: (when) => `Das kann der Server im Moment nicht. Bitte versuchen Sie es ${when} noch einmal.`,
  later: 'später',
  refused: 'Der Server hat das nicht angenommen.',
  retry: 'Noch einmal versuchen',
  done: {
    SUBMITTED: ['Vielen Dank!', 'Ihre Eingaben sind angekommen. Sie können diese Seite schließen.'],
    EXPIRED: ['Dieser Link ist abgelaufen', 'Bitte fordern Sie einen neuen an.'],
    CLOSED: ['Dieses Formular wird nicht mehr benötigt', 'Für Sie ist hier nichts mehr zu tun.'],
    UNKNOWN: ['Dieses Formular gibt es nicht', 'Bitte prüfen Sie, ob der Link vollständig ist.'],
  },
  errors: {
    additionalItems: 'Gefragt ist nach höchstens %1.',
    additionalProperties: 'Danach ist nicht gefragt.',
    anyOf: 'Das passt zu keiner der Möglichkeiten.',
    const: 'Bitte bestätigen.',
    contains: 'Hier fehlt etwas, oder es ist zu viel.',
    dependencies: 'Bitte ausfüllen.',
    dependentRequired: 'Bitte ausfüllen.',
    enum: 'Bitte wählen Sie einen der Werte.',
    exclusiveMaximum: 'Das muss kleiner als %1 sein.',
    exclusiveMinimum: 'Das muss größer als %1 sein.',
    'false schema': 'Das ist hier nicht möglich.',
    format: 'Das hat nicht die richtige Form.',
    formatExclusiveMaximum: 'Das ist zu spät.',
    formatExclusiveMinimum: 'Das ist zu früh.',
    formatMaximum: 'Das ist zu spät.',
    formatMinimum: 'Das ist zu früh.',
    items: 'Gefragt ist nach höchstens %1.',
    maxItems: 'Das sind zu viele: höchstens %1.',
    maxLength: 'Das ist zu lang: höchstens %1 Zeichen.',
    maxProperties: 'Das sind zu viele Einträge: höchstens %1.',
    maximum: 'Das ist zu groß: höchstens %1.',
    minItems: 'Das sind zu wenige: mindestens %1.',
    minLength: 'Das ist zu kurz: mindestens %1 Zeichen.',
    minProperties: 'Das sind zu wenige Einträge: mindestens %1.',
    minimum: 'Das ist zu klein: mindestens %1.',
    multipleOf: 'Das muss ein Vielfaches von %1 sein.',
    not: 'Das ist nicht erlaubt.',
    oneOf: 'Das passt nicht zu genau einer der Möglichkeiten.',
    pattern: 'Das hat nicht die richtige Form.',
    propertyNames: 'Ein Name ist hier nicht erlaubt.',
    required: 'Bitte ausfüllen.',
    type: 'Das ist von der falschen Art.',
    unevaluatedItems: 'Gefragt ist nach höchstens %1.',
    unevaluatedProperties: 'Danach ist nicht gefragt.',
    uniqueItems: 'Etwas kommt doppelt vor.',
    more: 'Weitere Fehler: %1.',
    INVALID_CHARACTER: 'Hier ist ein Zeichen, das nicht gespeichert werden kann.',
    TOO_DEEP: 'Das sind zu viele Teile in Teilen.',
    TOO_LONG: 'Das ist zu groß.',
    TOO_MANY: 'Eine Liste hat zu viele Einträge.',
  },
  choice: 'Was trifft zu?',
  library: {
    Item: 'Eintrag',
    'No items yet. Use the button below to add some.':
      'Noch keine Einträge. Mit dem Knopf darunter kommen welche dazu.',
    Yes: 'Ja',
    No: 'Nein',
    Close: 'Schließen',
    'New Value': 'Neuer Wert',
    Add: 'Hinzufügen',
    'Add Item': 'Eintrag hinzufügen',
    Copy: 'Kopieren',
    'Move down': 'Nach unten',
    'Move up': 'Nach oben',
    Remove: 'Entfernen',
    Now: 'Jetzt',
    Clear: 'Leeren',
    'clear input': 'Feld leeren',
    'Select a date': 'Datum wählen',
    Preview: 'Vorschau',
    'Option %1': 'Möglichkeit %1',
    '%1 option %2': '%1, Möglichkeit %2',
    '%1 Key': 'Name von %1',
    'Add data for optional field': 'Angaben hinzufügen',
    'Remove data for optional field': 'Angaben entfernen',
    'No data for optional field': 'Keine Angaben',
  },
};

/** Translates what the library says. */
export function translator({ library }: Texts): typeof englishStringTranslator {
  return (text, params) => replaceStringParameters(library[text] ?? text, params);
}

/** The texts for a locale (BCP 47): English if its language is none of those known. */
export function textsFor(locale: string): Texts {
  return /^de\b/i.test(locale) ? GERMAN : ENGLISH;
}

/** Why nothing came of a request, and what may help. */
export function failureText(failure: Failure, texts: Texts): string {
  switch (failure.type) {
    case 'UNREACHABLE':
      return texts.unreachable;
    case 'TOO_LARGE':
      return texts.tooLarge;
    case 'TOO_MANY_REQUESTS':
      return texts.tooManyRequests(whenText(failure.seconds, texts));
    case 'UNAVAILABLE':
      return texts.unavailable(whenText(failure.seconds, texts));
    case 'REFUSED':
      return failure.message === null ? texts.refused : `${texts.refused} ${failure.message}`;
  }
}

function whenText(seconds: number | null, { language, later }: Texts): string {
  return seconds === null ? later : new Intl.RelativeTimeFormat(language).format(seconds, 'second');
}

/** What is wrong, in the reader's language; as the server says it if there is no sentence for it. */
export function errorText({ keyword, message }: Pick<DataError, 'keyword' | 'message'>, texts: Texts) {
  if (!Object.hasOwn(texts.errors, keyword)) return message;
  const text = texts.errors[keyword as ErrorKeyword];
  if (!text.includes('%1')) return text;
  const [limit] = /-?\d+(\.\d+)?(e[+-]?\d+)?/i.exec(message) ?? [];
  if (limit === undefined) return message;
  const formatted = Number(limit).toLocaleString(texts.language, { maximumSignificantDigits: 15 });
  return replaceStringParameters(text, [formatted]);
}
