import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTransport, type TransportFixture } from '../support/transport-fixture.ts';

let fixture: TransportFixture;
let failure: Error | null = null;

beforeAll(async () => {
  fixture = await openTransport({
    graphiql: {
      examples: () => {
        if (failure) return Promise.reject(failure);
        return Promise.resolve([
          { name: 'Say hello', query: 'query Hello { hello }' },
          {
            name: 'Echo',
            query: 'query Echo($number: Int!) { echo(number: $number) }',
            variables: { number: 7 },
          },
        ]);
      },
      demoToken: () => Promise.resolve('a-demo-token'),
    },
  });
});
afterAll(async () => {
  await fixture[Symbol.asyncDispose]();
});

interface Page {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly html: string;
}

/** As a browser asks; `host` is the name in its address bar. */
function open(host?: string): Promise<Page> {
  return new Promise((resolve, reject) => {
    const headers = { accept: 'text/html,application/xhtml+xml', ...(host === undefined ? {} : { host }) };
    request(fixture.url, { headers }, (response) => {
      let html = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (html += chunk));
      response.on('end', () => {
        resolve({ status: response.statusCode, headers: response.headers, html });
      });
    })
      .on('error', reject)
      .end();
  });
}

describe('a browser at /graphql', () => {
  test('gets GraphiQL without a token', async () => {
    const { status, headers, html } = await open();
    expect(status).toBe(200);
    expect(headers['content-type']).toMatch(/^text\/html/);
    expect(html).toContain('<title>Handrail</title>');
  });

  test('gets a page that loads nothing from elsewhere', async () => {
    const { headers, html } = await open();
    const markup = html.replaceAll(/<script>[^]*<\/script>/g, '').replaceAll(/<style>[^]*?<\/style>/g, '');
    expect(markup).not.toMatch(/(src|href)="(?!data:)/);
    const [, css = ''] = /<style>([^]*?)<\/style>/.exec(html) ?? [];
    expect(css).not.toMatch(/@import|url\(["']?(https?:)?\/\//);
    expect(headers['content-security-policy']).toMatch(/^default-src 'none';.* connect-src 'self';/);
    expect(headers['content-security-policy']).not.toMatch(/https?:/);
  });

  test('is signed in as a demo person', async () => {
    expect((await open()).html).toContain('Bearer a-demo-token');
  });

  test('is not signed in under a name that is not this machine’s', async () => {
    const { html } = await open('evil.example:4000');
    expect(html).not.toContain('a-demo-token');
    expect(html).toContain('Bearer <token>');
  });

  test('gets the examples as tabs, and subscriptions over server-sent events', async () => {
    const { html } = await open();
    const options = JSON.parse(
      /querySelector\('#root'\),\s*(\{.*\}),\s*\);\s*<\/script>/.exec(html)?.[1] ?? '{}',
    ) as {
      subscriptionsProtocol: string;
      defaultTabs: { query: string; variables: string }[];
    };
    expect(options.subscriptionsProtocol).toBe('SSE');
    expect(options.defaultTabs).toEqual([
      {
        query: '# Say hello\nquery Hello { hello }\n',
        variables: '',
      },
      {
        query: '# Echo\nquery Echo($number: Int!) { echo(number: $number) }\n',
        variables: '{\n  "number": 7\n}',
      },
    ]);
  });

  test('learns nothing about what went wrong', async () => {
    failure = new Error('password is geheim');
    const { status, headers, html } = await open();
    failure = null;
    expect([status, headers['content-type']]).toEqual([500, 'application/json; charset=utf-8']);
    expect(JSON.parse(html)).toEqual({
      errors: [
        { message: 'Something went wrong on the server.', extensions: { code: 'INTERNAL_SERVER_ERROR' } },
      ],
    });
    expect(fixture.logged.at(-1)?.err?.message).toBe('password is geheim');
  });

  test('cannot be read by a page of another origin in demo mode', async () => {
    const response = await fetch(fixture.url, {
      headers: { accept: 'text/html', origin: 'https://evil.example' },
    });
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  });
});

test('a query in the address needs a token as ever', async () => {
  const response = await fetch(`${fixture.url}?query=%7Bhello%7D`, {
    headers: { accept: 'application/json' },
  });
  expect(response.status).toBe(401);
});
