/** Lists inside of lists: the same page of many parents is one statement. */
import DataLoader from 'dataloader';
import type { Context } from './context.ts';
import type { Loaders } from './loaders.ts';

type PageLoader<Row> = DataLoader<string, readonly Row[]>;

const ofSteps = new WeakMap<Loaders, Map<string, PageLoader<unknown>>>();

/**
 * The rows of one parent, read together with those of all other parents that ask for the same page in this step. `list` names the list and
 * `page` what is asked of it; `read` answers the rows by parent.
 */
export async function loadPage<Page extends object, Row>(
  { loaders }: Pick<Context, 'loaders'>,
  list: string,
  parentId: string,
  page: Page,
  read: (parentIds: readonly string[], page: Page) => Promise<ReadonlyMap<string, readonly Row[]>>,
): Promise<readonly Row[]> {
  const ofStep = ofSteps.get(loaders) ?? new Map<string, PageLoader<unknown>>();
  ofSteps.set(loaders, ofStep);
  const name = `${list} ${JSON.stringify(page)}`;
  const loader =
    (ofStep.get(name) as PageLoader<Row> | undefined) ??
    new DataLoader(async (parentIds: readonly string[]) => {
      const rows = await read(parentIds, page);
      return parentIds.map((id) => rows.get(id) ?? []);
    });
  ofStep.set(name, loader);
  return loader.load(parentId);
}
