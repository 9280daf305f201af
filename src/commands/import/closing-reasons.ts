/** Why executions may be closed early: entries of the catalogue. */
import { unique } from '../../engine/collections.ts';
import { leaveBookkeeping } from './bookkeeping.ts';
import type { Mapping } from './mapping.ts';
import { quoted } from './reason.ts';
import type { Part } from './part.ts';
import type { ForeignClosingReason } from './shared-shapes.ts';

/** The ids of the closing reasons here, each once. Which ones the mapping does not have are left out. */
export function readClosingReasonIds(
  list: Part<readonly ForeignClosingReason[] | null | undefined>,
  { closingReasons }: Mapping,
): readonly string[] {
  const ids = list.items().flatMap((reason) => {
    const { id } = reason.value;
    const here = closingReasons.get(id);
    if (here === undefined) {
      reason.leave(
        'UNMAPPED_CLOSING_REASON',
        `The mapping does not say which closing reason ${quoted(id)} is here.`,
      );
      return [];
    }
    reason.at('id').take();
    leaveBookkeeping(
      reason,
      ['title', 'status', 'lastUpdateTime', 'creationTime'],
      'The catalogue here has its own titles and statuses.',
    );
    return [here];
  });
  return unique(ids, (id) => id);
}
