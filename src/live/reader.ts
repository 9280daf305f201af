/** One who takes messages: a socket, or a stream of server-sent events. */
export interface Reader<Message> {
  /** Whether so much waits to be taken that nothing more may be sent. */
  readonly isFull: boolean;
  /** Hands the message over; neither waits nor throws. Only while it is not full. */
  send(message: Message): void;
  /** Resolves when it is not full, or when it has gone. Never rejects. */
  drained(): Promise<void>;
}
