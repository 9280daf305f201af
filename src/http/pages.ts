/** The pages for browsers: one HTML text each, and the scripts and styles that it loads from here. They are built by `npm run generate` (src/pages/). */
import { readFile, readdir } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { answerJson, graphqlError } from './answer.ts';

/** Pages that are built. */
export interface Pages {
  /** Answers with the page of this name, whatever the address. The status and headers that are set already stay. */
  answerPage(name: string, request: IncomingMessage, response: ServerResponse): void;
  /** Answers a request for a script or a style. */
  answerAsset(path: string, request: IncomingMessage, response: ServerResponse): void;
}

interface Asset {
  readonly type: string;
  readonly plain: Buffer;
  readonly gzipped: Buffer;
}

type Manifest = Readonly<Record<string, { readonly script: string; readonly style: string }>>;

const PATH = '/assets/';
const TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
};

/** Nothing but what comes from here, and nothing inline: what people type into a form can't become a script. */
const CONTENT_SECURITY_POLICY = [
  `default-src 'none'`,
  `script-src 'self'`,
  `style-src 'self'`,
  // Pictures that somebody chooses are shown before they are sent.
  `img-src 'self' data:`,
  `connect-src 'self'`,
  `base-uri 'none'`,
  `form-action 'none'`,
  `frame-ancestors 'none'`,
].join('; ');

/** Whether the path is one of a script or a style. */
export function isAssetPath(path: string): boolean {
  return path.startsWith(PATH);
}

function htmlOf({ script, style }: Manifest[string]): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>Handrail</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${PATH}${style}">
<script type="module" src="${PATH}${script}"></script>
</head>
<body>
<div id="page"></div>
<noscript>
<main>
<p>This page needs JavaScript.</p>
<p lang="de">Diese Seite braucht JavaScript.</p>
</main>
</noscript>
</body>
</html>
`;
}

/** Whether the browser takes gzip, by its `accept-encoding`. */
function takesGzip(encodings: string | string[] = ''): boolean {
  return /\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/i.test(encodings.toString());
}

/** Reads what was built. Rejects if nothing was. */
export async function loadPages(folder = join(import.meta.dirname, '../pages/generated')): Promise<Pages> {
  const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as Manifest;
  const html = new Map(Object.entries(manifest).map(([name, files]) => [name, htmlOf(files)]));
  const assets = new Map<string, Asset>();
  for (const name of await readdir(folder)) {
    const type = TYPES[name.slice(name.lastIndexOf('.') + 1)];
    if (type === undefined) continue;
    const [plain, gzipped] = await Promise.all([
      readFile(join(folder, name)),
      readFile(join(folder, `${name}.gz`)),
    ]);
    assets.set(`${PATH}${name}`, { type, plain, gzipped });
  }
  return {
    answerPage(name, request, response) {
      const body = Buffer.from(html.get(name) ?? '');
      response.writeHead(response.statusCode, {
        'content-type': 'text/html; charset=utf-8',
        'content-length': body.length,
        'content-security-policy': CONTENT_SECURITY_POLICY,
        'x-content-type-options': 'nosniff',
        'cross-origin-opener-policy': 'same-origin',
      });
      response.end(request.method === 'HEAD' ? undefined : body);
    },
    answerAsset(path, request, response) {
      const asset = assets.get(path);
      if (!asset) {
        answerJson(response, 404, graphqlError(`There is nothing at ${path}.`, 'NOT_FOUND'));
        return;
      }
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        const refusal = graphqlError(`${path} answers GET only.`, 'METHOD_NOT_ALLOWED');
        answerJson(response, 405, refusal, { allow: 'GET, HEAD' });
        return;
      }
      const isGzipped = takesGzip(request.headers['accept-encoding']);
      const body = isGzipped ? asset.gzipped : asset.plain;
      response.writeHead(200, {
        'content-type': asset.type,
        'content-length': body.length,
        ...(isGzipped ? { 'content-encoding': 'gzip' } : {}),
        vary: 'accept-encoding',
        // The name changes with what is in it.
        'cache-control': 'public, max-age=31536000, immutable',
        'x-content-type-options': 'nosniff',
      });
      response.end(request.method === 'HEAD' ? undefined : body);
    },
  };
}
