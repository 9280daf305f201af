/** Why a message was not taken by the mail server. */
import { keepable } from './text.ts';

export type MailFailureCode =
  /** There is no mail server. */
  | 'NOT_CONFIGURED'
  /** An address is none, or there is none. */
  | 'INVALID_ADDRESS'
  /** The server refused this message, or all its recipients. */
  | 'REJECTED'
  /** The server wants another user or password, or TLS before it. */
  | 'AUTHENTICATION_FAILED'
  | 'CONNECTION_FAILED'
  | 'TLS_FAILED'
  | 'TIMEOUT'
  /** Anything else; the message says it. */
  | 'MAIL_FAILED';

export interface MailFailure {
  readonly ok: false;
  readonly code: MailFailureCode;
  /** A sentence for people: what the server said if it refused the message. It names no inner address. */
  readonly message: string;
  /** What the client says of it, for the operator's log: with hosts, addresses and ports. */
  readonly detail: string;
  /** SMTP's three digits, if the server gave any. */
  readonly statusCode: number | null;
  /** Whether the same message would be refused again. */
  readonly isPermanent: boolean;
}

/** Replies that are about who is sending, not about the message: repaired by other settings. */
const aboutTheSender = new Set([530, 534, 535, 538]);

const codes: Readonly<Record<string, MailFailureCode>> = {
  EENVELOPE: 'REJECTED',
  EMESSAGE: 'REJECTED',
  EAUTH: 'AUTHENTICATION_FAILED',
  ENOAUTH: 'AUTHENTICATION_FAILED',
  ECONNECTION: 'CONNECTION_FAILED',
  ESOCKET: 'CONNECTION_FAILED',
  EDNS: 'CONNECTION_FAILED',
  EPROTOCOL: 'CONNECTION_FAILED',
  ETLS: 'TLS_FAILED',
  ETIMEDOUT: 'TIMEOUT',
  EABORT: 'TIMEOUT',
};

/** What people are told of failures that are not about their message; the operator's log has the rest. */
const messages: Readonly<Partial<Record<MailFailureCode, string>>> = {
  AUTHENTICATION_FAILED: 'The mail server does not accept this server: its settings have to be corrected.',
  CONNECTION_FAILED: 'The mail server could not be reached.',
  TLS_FAILED: 'There was no secure connection to the mail server.',
  TIMEOUT: 'The mail server did not answer in time.',
  MAIL_FAILED: 'The mail server did not take the message.',
};

/** What an error of the SMTP client means. Only a refusal of the message itself with 5xx is permanent. */
export function mailFailure(error: unknown): MailFailure {
  const { code, responseCode } = partsOf(error);
  const isAboutSender = responseCode !== null && aboutTheSender.has(responseCode);
  const detail = keepable(error instanceof Error ? error.message : String(error), 1000);
  const kind = isAboutSender ? 'AUTHENTICATION_FAILED' : (codes[code] ?? 'MAIL_FAILED');
  return {
    ok: false,
    code: kind,
    message: messages[kind] ?? detail,
    detail,
    statusCode: responseCode,
    // 503: the session had got out of step, a new one has not.
    isPermanent: kind === 'REJECTED' && responseCode !== null && responseCode >= 500 && responseCode !== 503,
  };
}

function partsOf(error: unknown): { code: string; responseCode: number | null } {
  if (!(error instanceof Error)) return { code: '', responseCode: null };
  return {
    code: 'code' in error ? String(error.code) : '',
    responseCode:
      'responseCode' in error && typeof error.responseCode === 'number' ? error.responseCode : null,
  };
}
