/** The real server, as `npm start` has it; only its statements and the executions of `entityEvents` are counted. */
import pg from 'pg';
import { pino } from 'pino';
import { createApp } from '../../../src/app.ts';
import { readConfig } from '../../../src/config.ts';
import { schema } from '../../../src/graphql/schema.ts';
import { answerParent } from './helper-process.ts';
import { createMeter, readMemory } from './meter.ts';
import type { ServerHandlers } from './protocol.ts';

type Send = (this: unknown, ...args: readonly unknown[]) => unknown;
type Resolve = (...args: readonly unknown[]) => unknown;

const meter = createMeter();

function countStatements(): void {
  const send = Reflect.get(pg.Client.prototype, 'query') as Send;
  const counted: Send = function (this: unknown, ...args) {
    const [first] = args as readonly [string | { readonly name?: string; readonly text?: string }];
    const text = typeof first === 'string' ? first : (first.text ?? '');
    meter.statement((typeof first === 'string' ? undefined : first.name) ?? text.slice(0, 60));
    const answer = Reflect.apply<unknown, readonly unknown[], unknown>(send, this, args);
    // The change has happened when the database says so.
    if (/^commit$/i.test(text)) void Promise.resolve(answer).then(() => meter.change());
    return answer;
  };
  Reflect.set(pg.Client.prototype, 'query', counted);
}

function countExecutions(): void {
  const field = schema.getSubscriptionType()?.getFields()['entityEvents'];
  const resolve = field?.resolve as Resolve | undefined;
  if (!field || !resolve) throw new Error('the schema has no resolver of entityEvents');
  const counted: Resolve = (...args) => {
    meter.execution();
    return resolve(...args);
  };
  Object.assign(field, { resolve: counted });
}

countStatements();
countExecutions();
const app = await createApp(readConfig(process.env), pino({ level: 'silent' }));

answerParent<ServerHandlers>({
  async listen() {
    const { url } = await app.listen();
    return new URL('/graphql', url.replace('http', 'ws')).href;
  },
  sample: () => meter.sample(),
  memory: readMemory,
});
