/** One tab that GraphiQL opens with. */
export interface GraphiqlExample {
  /** What it shows; the operation's first line, as a comment. */
  readonly name: string;
  readonly query: string;
  /** The operation's variables. */
  readonly variables?: Readonly<Record<string, unknown>>;
}
