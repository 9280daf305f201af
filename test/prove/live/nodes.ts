/** Servers that can be killed at any time; each comes back at the same address. */
import { pino } from 'pino';
import { createApp } from '../../../src/app.ts';
import { readConfig } from '../../../src/config.ts';
import { openGateway } from '../../support/gateway.ts';
import { startProgram, type RunningProgram } from '../../support/process.ts';

/** One of the servers on the database. */
export interface Node extends AsyncDisposable {
  /** `http://127.0.0.1:<port>/graphql`, always the same. */
  readonly url: string;
  /** How often it was killed; counted before it happens. */
  readonly kills: number;
  /** Whether one listens at the moment. */
  readonly isUp: boolean;
  /** Ends it without a word to anybody. Resolves when another one listens in its place. */
  kill(): Promise<void>;
  /** Called when a server ends that nobody has killed. */
  onUnexpectedEnd(listener: (why: string) => void): void;
}

export type Environment = Readonly<Record<string, string>>;

function isStartWithoutDatabase(stderr: string): boolean {
  return /^The database .* (went away|cannot be used)/.test(stderr);
}

function graphqlAt(url: string): string {
  return new URL('/graphql', url).href;
}

/** The program in a process of its own, killed with `kill -9`. */
export async function startProcessNode(environment: Environment): Promise<Node> {
  let kills = 0;
  let isUp = true;
  let tell: (why: string) => void = () => undefined;
  let isOver = false;

  function start(port: string): RunningProgram {
    const program = startProgram({ ...environment, PORT: port });
    void program.ended.then(({ code, stderr }) => {
      if (!isOver && !program.process.killed && !isStartWithoutDatabase(stderr))
        tell(`a server ended by itself with ${code}: ${stderr}`);
    });
    return program;
  }

  /** As whoever supervises servers does: a start during which the database went away is made again. */
  async function startAgain(port: string): Promise<void> {
    for (;;) {
      running = start(port);
      try {
        await running.url;
        return;
      } catch (error) {
        if (!isStartWithoutDatabase((await running.ended).stderr)) throw error;
      }
    }
  }

  let running = start('0');
  // Whoever ends the proof ends its servers.
  const killAtExit = (): boolean => running.process.kill('SIGKILL');
  process.once('exit', killAtExit);
  const address = await running.url;
  return {
    url: graphqlAt(address),
    get kills() {
      return kills;
    },
    get isUp() {
      return isUp;
    },
    async kill() {
      kills += 1;
      isUp = false;
      running.process.kill('SIGKILL');
      await running.ended;
      await startAgain(new URL(address).port);
      isUp = true;
    },
    onUnexpectedEnd(listener) {
      tell = listener;
    },
    async [Symbol.asyncDispose]() {
      isOver = true;
      process.off('exit', killAtExit);
      await running[Symbol.asyncDispose]();
    },
  };
}

/** The same in this process: when it is killed, its connections are cut and lead to another one from then on. */
export async function startLocalNode(environment: Environment): Promise<Node> {
  let kills = 0;
  let isUp = true;
  const start = async () => {
    const app = await createApp(readConfig({ ...environment, PORT: '0' }), pino({ level: 'silent' }));
    const { url } = await app.listen();
    return { app, url };
  };
  let running = await start();
  const gateway = await openGateway(running.url);
  const abandoned: PromiseLike<void>[] = [];
  return {
    url: graphqlAt(gateway.url),
    get kills() {
      return kills;
    },
    get isUp() {
      return isUp;
    },
    async kill() {
      kills += 1;
      isUp = false;
      gateway.shut();
      abandoned.push(running.app[Symbol.asyncDispose]());
      running = await start();
      gateway.lead(running.url);
      gateway.open();
      isUp = true;
    },
    onUnexpectedEnd: () => undefined,
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await Promise.all([...abandoned, running.app[Symbol.asyncDispose]()]);
    },
  };
}
