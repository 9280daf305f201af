/** A process that answers questions: the parent's end and the child's. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** By name, what can be asked and what comes back; an answer may be a promise. */
type Handlers<H> = Record<keyof H, (...args: never[]) => unknown>;

interface Question {
  readonly name: string;
  readonly args: readonly unknown[];
}

type Handle = (...args: readonly unknown[]) => unknown;

type Message =
  | { readonly kind: 'answer'; readonly value: unknown }
  | { readonly kind: 'failure'; readonly text: string }
  | { readonly kind: 'news'; readonly news: unknown };

/** Disposing kills it. */
export interface HelperProcess<H extends Handlers<H>, News = never> extends AsyncDisposable {
  /** Rejects with what the process threw, or when it ends. */
  ask<Name extends keyof H & string>(
    name: Name,
    ...args: Parameters<H[Name]>
  ): Promise<Awaited<ReturnType<H[Name]>>>;
  /** Calls the listener with all that the process tells without being asked. */
  onNews(listener: (news: News) => void): void;
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

const root = join(import.meta.dirname, '../../..');

/** Starts a script of this folder. `environment`: what it has besides what every process needs. */
export function startHelper<H extends Handlers<H>, News = never>(
  script: string,
  environment: Readonly<Record<string, string>> = {},
): HelperProcess<H, News> {
  const { PATH, HOME, TMPDIR } = process.env;
  const child = fork(join(import.meta.dirname, script), {
    cwd: root,
    execArgv: ['--expose-gc', '--import', 'tsx'],
    env: { PATH, HOME, TMPDIR, NODE_ENV: 'production', ...environment },
    // For arrays of numbers.
    serialization: 'advanced',
  });
  const waiting: Waiting[] = [];
  const ended = once(child, 'exit').then(() => {
    for (const { reject } of waiting.splice(0)) reject(new Error(`${script} has ended`));
  });
  let listener: (news: News) => void = () => undefined;
  // Answers come in the order of the questions.
  child.on('message', (received) => {
    const message = received as Message;
    if (message.kind === 'news') listener(message.news as News);
    else if (message.kind === 'answer') waiting.shift()?.resolve(message.value);
    else waiting.shift()?.reject(new Error(`${script}: ${message.text}`));
  });
  return {
    ask: (name, ...args) =>
      new Promise((resolve, reject) => {
        waiting.push({ resolve: resolve as Waiting['resolve'], reject });
        child.send({ name, args } satisfies Question);
      }),
    onNews(called) {
      listener = called;
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function send(message: Message): void {
  process.send?.(message);
}

/** To the parent's `onNews`. */
export function tellParent(news: unknown): void {
  send({ kind: 'news', news });
}

/** Answers the parent's questions, one after the other, and ends with it. */
export function answerParent<H extends Handlers<H>>(handlers: H): void {
  let last: Promise<void> = Promise.resolve();

  async function answer({ name, args }: Question): Promise<void> {
    const handle: unknown = handlers[name as keyof H];
    try {
      send({ kind: 'answer', value: await (handle as Handle)(...args) });
    } catch (error) {
      send({ kind: 'failure', text: error instanceof Error ? String(error.stack) : String(error) });
    }
  }

  process.on('message', (question) => {
    last = last.then(() => answer(question as Question));
  });
  process.on('disconnect', () => process.exit());
}
