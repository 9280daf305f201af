import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** The real program in a process of its own. Disposing kills it. */
export interface RunningProgram extends AsyncDisposable {
  readonly process: ChildProcess;
  /** Resolves with the address once it listens; rejects with its output when it ends before. */
  readonly url: Promise<string>;
  /** Resolves when it has ended. */
  readonly ended: Promise<{ code: number | null; stdout: string; stderr: string }>;
}

/**
 * Starts `src/main.ts` like `npm start` does, on any free port unless `PORT` is given.
 *
 * @param environment - replaces the settings of the test process; its other variables are inherited.
 */
export function startProgram(environment: Record<string, string>): RunningProgram {
  const inherited = { PATH: process.env['PATH'], HOME: process.env['HOME'], TMPDIR: process.env['TMPDIR'] };
  const child = spawn(process.execPath, ['--import', 'tsx', join(root, 'src/main.ts')], {
    cwd: root,
    env: { ...inherited, PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = once(child, 'close').then(() => ({ code: child.exitCode, stdout, stderr }));
  const url = new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
      const [, found] = /"url":"([^"]+)"/.exec(stdout) ?? [];
      if (found !== undefined) resolve(found);
    });
    void ended.then(() => reject(new Error(`The program ended before it listened:\n${stdout}${stderr}`)));
  });
  // Tests of failing starts wait for `ended` only.
  url.catch(() => undefined);
  return {
    process: child,
    url,
    ended,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
