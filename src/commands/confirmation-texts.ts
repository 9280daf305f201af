/** What is said to whoever is asked to confirm a task, in the mail and on the page, in the languages that there are. */

export interface ConfirmationTexts {
  readonly language: 'en' | 'de';
  /** Of the mail and the page, if the definition gives none. */
  readonly subject: (task: string) => string;
  readonly message: (task: string, organization: string) => string;
  /** Before the link in the mail. */
  readonly follow: string;
  readonly validUntil: (time: string) => string;
  readonly comment: string;
  readonly name: string;
  readonly confirm: string;
  readonly decline: string;
  readonly confirmed: (time: string) => string;
  readonly declined: (time: string) => string;
  readonly thanks: string;
  /** After an answer that differs from the one before. */
  readonly answeredBefore: string;
  readonly yourComment: string;
  readonly expired: (time: string) => string;
  readonly over: string;
  readonly unknown: string;
  /** What was sent is no answer. */
  readonly noAnswer: string;
  readonly tooLong: (limit: number) => string;
  readonly unstorable: string;
  readonly unavailable: string;
}

const EN: ConfirmationTexts = {
  language: 'en',
  subject: (task) => `Please confirm: ${task}`,
  message: (task, organization) => `${organization} asks you to confirm: ${task}`,
  follow: 'Open this page to answer. Nothing is confirmed before you press a button there:',
  validUntil: (time) => `The link is good until ${time}.`,
  comment: 'Comment (optional)',
  name: 'Your name or e-mail address (optional)',
  confirm: 'Confirm',
  decline: 'Decline',
  confirmed: (time) => `Confirmed on ${time}.`,
  declined: (time) => `Declined on ${time}.`,
  thanks: 'Thank you. You can close this page.',
  answeredBefore: 'It was answered before; that answer stands.',
  yourComment: 'Comment',
  expired: (time) => `The time for an answer was over on ${time}. If it is still needed, ask for a new link.`,
  over: 'An answer is no longer needed. Thank you all the same.',
  unknown: 'There is no such link. Please open it as it stands in the message that you got.',
  noAnswer: 'Please choose one of the two buttons.',
  tooLong: (limit) => `At most ${limit} characters are possible.`,
  unstorable: 'The text has a character that can’t be stored.',
  unavailable: 'This is not possible at the moment. Please try again in a minute.',
};

const DE: ConfirmationTexts = {
  language: 'de',
  subject: (task) => `Bitte bestätigen: ${task}`,
  message: (task, organization) => `${organization} bittet Sie um eine Bestätigung: ${task}`,
  follow:
    'Öffnen Sie diese Seite, um zu antworten. Bestätigt ist erst, was Sie dort mit einer Schaltfläche bestätigen:',
  validUntil: (time) => `Der Link gilt bis ${time}.`,
  comment: 'Kommentar (freiwillig)',
  name: 'Ihr Name oder Ihre E-Mail-Adresse (freiwillig)',
  confirm: 'Bestätigen',
  decline: 'Ablehnen',
  confirmed: (time) => `Bestätigt am ${time}.`,
  declined: (time) => `Abgelehnt am ${time}.`,
  thanks: 'Vielen Dank. Sie können diese Seite schließen.',
  answeredBefore: 'Es wurde schon geantwortet; diese Antwort gilt.',
  yourComment: 'Kommentar',
  expired: (time) =>
    `Die Zeit für eine Antwort war am ${time} vorbei. Wird sie noch gebraucht, bitten Sie um einen neuen Link.`,
  over: 'Eine Antwort wird nicht mehr gebraucht. Trotzdem vielen Dank.',
  unknown: 'Diesen Link gibt es nicht. Bitte öffnen Sie ihn so, wie er in Ihrer Nachricht steht.',
  noAnswer: 'Bitte wählen Sie eine der beiden Schaltflächen.',
  tooLong: (limit) => `Möglich sind höchstens ${limit} Zeichen.`,
  unstorable: 'Der Text enthält ein Zeichen, das nicht gespeichert werden kann.',
  unavailable: 'Das ist im Augenblick nicht möglich. Bitte versuchen Sie es in einer Minute noch einmal.',
};

/** For an organization with this locale: `de-AT`. English where nothing else is known. */
export function textsFor(locale: string): ConfirmationTexts {
  return /^de\b/i.test(locale) ? DE : EN;
}

/** An instant for people, on the organization's wall clock and with its time zone. */
export function timeText(instant: string, language: ConfirmationTexts['language'], timeZone: string): string {
  return new Intl.DateTimeFormat(language === 'de' ? 'de-DE' : 'en-GB', {
    ...{ timeZone, day: 'numeric', month: 'long', year: 'numeric' },
    ...{ hour: '2-digit', minute: '2-digit', timeZoneName: 'short' },
  }).format(new Date(instant));
}
