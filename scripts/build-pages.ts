// The scripts and styles of the pages for browsers, from src/pages/ to src/pages/generated/. Part of `npm run generate`.

import { mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { build } from 'esbuild';

/** Each is a folder with a `main.tsx`. */
export const PAGES = ['journey'] as const;

/** By the name of a page: the files that it is made of, which lie in `generated`, each also compressed (`.gz`). */
type Manifest = Record<string, { readonly script: string; readonly style: string }>;

/** Bundles each page into one script and one style. Their names change with what is in them, so that browsers may keep them. */
export async function buildPages(folder: string): Promise<void> {
  const outdir = join(folder, 'generated');
  await rm(outdir, { recursive: true, force: true });
  await mkdir(outdir, { recursive: true });
  const manifest: Manifest = {};
  for (const page of PAGES) {
    const { outputFiles } = await build({
      entryPoints: { [page]: join(folder, page, 'main.tsx') },
      outdir,
      entryNames: '[name]-[hash]',
      bundle: true,
      minify: true,
      write: false,
      format: 'esm',
      target: 'es2022',
      jsx: 'automatic',
      define: { 'process.env.NODE_ENV': '"production"' },
      legalComments: 'none',
      logLevel: 'silent',
    });
    for (const { path, contents } of outputFiles) {
      await writeFile(path, contents);
      await writeFile(`${path}.gz`, await promisify(gzip)(contents, { level: 9 }));
    }
    const named = (ending: string): string =>
      basename(outputFiles.find(({ path }) => path.endsWith(ending))?.path ?? '');
    manifest[page] = { script: named('.js'), style: named('.css') };
  }
  await writeFile(join(outdir, 'manifest.json'), JSON.stringify(manifest));
}
