/** What the page says, in the languages that it knows. */
import { replaceStringParameters, type englishStringTranslator } from '@rjsf/utils';

export interface Texts {
  readonly submit: string;
  readonly submitting: string;
  readonly saved: string;
  readonly saving: string;
  readonly notSaved: string;
  readonly loading: string;
  readonly continueThere: string;
  readonly pleaseCorrect: string;
  readonly blocked: string;
  readonly failed: string;
  readonly retry: string;
  readonly done: Readonly<
    Record<'SUBMITTED' | 'EXPIRED' | 'CLOSED' | 'UNKNOWN', readonly [title: string, text: string]>
  >;
  /** By the keyword of JSON Schema that is not met; what is missing is said as the server says it. */
  readonly errors: Readonly<Record<string, string>>;
  /** What the library says, by its English texts (its `TranslatableString`); %1 stands for a name. What is missing stays English. */
  readonly library: Readonly<Record<string, string>>;
}

const ENGLISH: Texts = {
  submit: 'Submit',
  submitting: 'Submitting…',
  saved: 'Your entries are saved. You can go on later with the same link.',
  saving: 'Saving…',
  notSaved:
    'Your last entries could not be saved. They are kept on this page; it is tried again when you go on.',
  loading: 'Loading…',
  continueThere: 'Go on to the form',
  pleaseCorrect: 'Please correct what is marked, and submit again.',
  blocked:
    'This cannot be submitted at the moment: something else has to be done first. Your entries are saved; please try again later.',
  failed: 'The server could not be reached. Please try again.',
  retry: 'Try again',
  done: {
    SUBMITTED: ['Thank you!', 'What you entered has arrived. You can close this page.'],
    EXPIRED: ['This link has expired', 'Please ask for a new one.'],
    CLOSED: ['This form is no longer needed', 'There is nothing left for you to do here.'],
    UNKNOWN: ['There is no such form', 'Please check that you have the whole link.'],
  },
  errors: {
    required: 'Please fill in.',
    format: 'This does not have the right form.',
    pattern: 'This does not have the right form.',
    type: 'This is of the wrong kind.',
  },
  library: {},
};

const GERMAN: Texts = {
  submit: 'Absenden',
  submitting: 'Wird gesendet…',
  saved: 'Ihre Eingaben sind gespeichert. Mit demselben Link können Sie später weitermachen.',
  saving: 'Wird gespeichert…',
  notSaved:
    'Ihre letzten Eingaben konnten nicht gespeichert werden. Sie bleiben auf dieser Seite; beim Weitermachen wird es erneut versucht.',
  loading: 'Wird geladen…',
  continueThere: 'Weiter zum Formular',
  pleaseCorrect: 'Bitte korrigieren Sie die markierten Felder und senden Sie erneut ab.',
  blocked:
    'Das kann im Moment nicht abgesendet werden: Vorher muss noch etwas anderes erledigt werden. Ihre Eingaben sind gespeichert; bitte versuchen Sie es später noch einmal.',
  failed: 'Der Server war nicht zu erreichen. Bitte versuchen Sie es noch einmal.',
  retry: 'Noch einmal versuchen',
  done: {
    SUBMITTED: ['Vielen Dank!', 'Ihre Eingaben sind angekommen. Sie können diese Seite schließen.'],
    EXPIRED: ['Dieser Link ist abgelaufen', 'Bitte fordern Sie einen neuen an.'],
    CLOSED: ['Dieses Formular wird nicht mehr benötigt', 'Für Sie ist hier nichts mehr zu tun.'],
    UNKNOWN: ['Dieses Formular gibt es nicht', 'Bitte prüfen Sie, ob der Link vollständig ist.'],
  },
  errors: {
    required: 'Bitte ausfüllen.',
    format: 'Das hat nicht die richtige Form.',
    pattern: 'Das hat nicht die richtige Form.',
    type: 'Das ist von der falschen Art.',
    minLength: 'Das ist zu kurz.',
    maxLength: 'Das ist zu lang.',
    minimum: 'Das ist zu klein.',
    exclusiveMinimum: 'Das ist zu klein.',
    maximum: 'Das ist zu groß.',
    exclusiveMaximum: 'Das ist zu groß.',
    enum: 'Bitte wählen Sie einen der Werte.',
    const: 'Bitte bestätigen.',
    minItems: 'Das sind zu wenige.',
    maxItems: 'Das sind zu viele.',
    uniqueItems: 'Etwas kommt doppelt vor.',
    oneOf: 'Das passt zu keiner der Möglichkeiten.',
    anyOf: 'Das passt zu keiner der Möglichkeiten.',
    additionalProperties: 'Danach ist nicht gefragt.',
  },
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
