/** How a live list changes. */
import type { ListChange } from '../live/list/difference.ts';
import { builder } from './builder.ts';

export const ListChangeKindEnum = builder.enumType('ListChangeKind', {
  description:
    'What happened to a row of a live list. The changes of a message are applied one after the other.',
  values: {
    ENTERED: { description: 'It came: insert it at `index`.' },
    UPDATED: { description: 'It is to be shown anew: replace the row at `index` by it.' },
    MOVED: {
      description: 'It has another place: take the row at `previousIndex` out, then insert it at `index`.',
    },
    LEFT: { description: 'It is gone, or out of the reader’s sight: remove the row at `index`.' },
  } as const satisfies Readonly<Record<ListChange['kind'], object>>,
});

/** Where a moved row was; null for the others. */
export function previousIndexOf(change: ListChange): number | null {
  return change.kind === 'MOVED' ? change.previousIndex : null;
}
