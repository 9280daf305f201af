/**
 * A reason why the program cannot start (or go on) that the person who runs it can do something about.
 *
 * `message` is complete by itself: what is wrong, and what to do about it. It is printed without a stack.
 */
export class StartError extends Error {
  override readonly name: string = 'StartError';
}
