/** The comparison of what was to happen with what happened. */
import type { Findings } from './findings.ts';
import { judgeLog } from './judge-log.ts';
import { judgeMessages } from './judge-messages.ts';
import { judgeRuns } from './judge-runs.ts';

/** All that is wrong, in words; nothing if every run did everything inside once and every message arrived under one id. */
export function judge(findings: Findings): string[] {
  return [...judgeRuns(findings), ...judgeMessages(findings), ...judgeLog(findings)];
}
