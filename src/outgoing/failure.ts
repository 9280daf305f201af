/** Why a request brought no answer to go by. */

export type RequestFailureCode =
  /** The URL or a header cannot be used. */
  | 'INVALID_REQUEST'
  /** The URL, or the address that its host has now, is none that may be talked to. Nothing was sent. */
  | 'FORBIDDEN_ADDRESS'
  | 'DNS_FAILED'
  | 'CONNECTION_FAILED'
  /** No secure connection, for example because the certificate is not valid. Nothing was sent. */
  | 'TLS_FAILED'
  | 'TIMEOUT'
  /** What came back is no HTTP. */
  | 'INVALID_RESPONSE'
  | 'RESPONSE_TOO_LARGE'
  /** The answer tells to go elsewhere, which is not followed. */
  | 'REDIRECT'
  /** By the signal. */
  | 'CANCELLED';

/** What the receiver had answered when the request failed. */
export interface Answered {
  readonly status: number;
  readonly retryAfter: string | null;
  /** The beginning of the body, as far as it had come. */
  readonly body: string;
}

/** Thrown inside of a request; callers of `post` get it as a value. The message is for the people who own the receiver, and names no inner address. */
export class RequestFailure extends Error {
  override readonly name = 'RequestFailure';
  readonly code: RequestFailureCode;
  readonly answered: Answered | null;

  constructor(code: RequestFailureCode, message: string, answered: Answered | null = null) {
    super(message);
    this.code = code;
    this.answered = answered;
  }

  /** Whether the same request would end the same way again, until somebody changes something here. */
  get isPermanent(): boolean {
    return this.code === 'INVALID_REQUEST' || this.code === 'FORBIDDEN_ADDRESS';
  }
}
