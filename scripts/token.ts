/** `npm run --silent token -- <demo user>`: prints a bearer token, and nothing else, for use in other commands. */
import { readDemoPeople } from '../prisma/seed.ts';
import { readConfig } from '../src/config.ts';
import { demoToken } from '../src/demo.ts';
import { readDemoKey } from '../src/http/demo-key.ts';
import { StartError } from '../src/start-error.ts';
import { findDemoPerson } from './demo-person.ts';

async function token(): Promise<string> {
  const { auth, dataDir } = readConfig(process.env);
  if (auth.mode !== 'demo') {
    throw new StartError(
      'Demo tokens are for the demo mode; with AUTH_SECRET or AUTH_JWKS_URL set, tokens come from your issuer.',
    );
  }
  const person = findDemoPerson(await readDemoPeople(), process.argv.slice(2).join(' '));
  const key = await readDemoKey(dataDir);
  if (!key)
    throw new StartError(
      `The server has not been started in ${dataDir} yet: run npm start first, or set DATA_DIR.`,
    );
  return demoToken(key, person, auth.claims);
}

try {
  process.stdout.write(`${await token()}\n`);
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
