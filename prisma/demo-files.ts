/** The files in `demo/`, of which the demo organization is made. */
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

const demo = join(import.meta.dirname, 'demo');

/** What `demo/<name>.json` says. */
export async function readDemo<T>(name: string): Promise<T> {
  return JSON.parse(await readFile(join(demo, `${name}.json`), 'utf8')) as T;
}

/** The texts of the JSON files in `demo/<folder>/`, by file name without `.json`, in the order of the names. */
export async function readDemoFolder(folder: string): Promise<ReadonlyMap<string, string>> {
  const files = (await readdir(join(demo, folder))).filter((file) => file.endsWith('.json')).sort();
  const texts = await Promise.all(files.map((file) => readFile(join(demo, folder, file), 'utf8')));
  return new Map(files.map((file, index) => [basename(file, '.json'), texts[index] ?? '']));
}
