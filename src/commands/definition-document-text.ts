/** The canonical text of a definition; definition-document.ts tells what is in it and reads it. */
import type { DefinitionContent, NodeRef } from '../engine/definition.ts';
import { writtenExternal } from './definition-document-external.ts';
import { FORMAT, FORMAT_VERSION } from './definition-document.ts';
import {
  sparse,
  writtenAssignees,
  writtenAutomation,
  writtenConfirmation,
  writtenDecision,
  writtenDueRule,
  writtenEscalation,
  writtenJourney,
  writtenSchedule,
  writtenSyncRule,
  writtenTrigger,
} from './definition-document-rules-text.ts';
import { renameReferences, type Directory } from './definition-references.ts';

const PART_DEFAULTS = {
  description: null,
  labels: [],
  assignees: [],
  dueAt: null,
  dueRule: null,
  escalations: [],
  type: 'MANUAL',
  phaseKey: null,
  schedule: null,
  decision: null,
  automation: null,
  external: null,
  journey: null,
  confirmation: null,
  requirements: [],
  audienceTexts: [],
  isEnabled: true,
  branchKey: null,
};

const DOCUMENT_DEFAULTS = {
  description: null,
  labels: [],
  isSequential: false,
  isVisibleInPortal: false,
  assignees: [],
  dueAt: null,
  dueRule: null,
  escalations: [],
  phases: [],
  edges: [],
  closingReasons: [],
  hasSingleClosingReason: false,
  entitySync: [],
};

function writtenNode(ref: NodeRef): object {
  return 'taskKey' in ref ? { taskKey: ref.taskKey } : { phaseKey: ref.phaseKey };
}

/** The text of a definition. Fields are listed one by one, because stored JSON forgets their order. */
export function documentOf(stored: DefinitionContent, directory: Directory): string {
  const content = renameReferences(stored, directory.labelOf);
  const document = sparse(
    {
      format: FORMAT,
      formatVersion: FORMAT_VERSION,
      name: content.name,
      description: content.description,
      labels: content.labels,
      isSequential: content.isSequential,
      isVisibleInPortal: content.isVisibleInPortal,
      assignees: writtenAssignees(content.assignees),
      dueAt: content.dueAt,
      dueRule: content.dueRule && writtenDueRule(content.dueRule),
      escalations: content.escalations.map(writtenEscalation),
      triggers: content.triggers.map(writtenTrigger),
      phases: content.phases.map((item) =>
        sparse(
          {
            key: item.key,
            name: item.name,
            assignees: writtenAssignees(item.assignees),
            dueAt: item.dueAt,
            dueRule: item.dueRule && writtenDueRule(item.dueRule),
            escalations: item.escalations.map(writtenEscalation),
            labels: item.labels,
          },
          PART_DEFAULTS,
        ),
      ),
      tasks: content.tasks.map((item) =>
        sparse(
          {
            key: item.key,
            name: item.name,
            description: item.description,
            type: item.type,
            phaseKey: item.phaseKey,
            assignees: writtenAssignees(item.assignees),
            dueAt: item.dueAt,
            dueRule: item.dueRule && writtenDueRule(item.dueRule),
            escalations: item.escalations.map(writtenEscalation),
            schedule: item.schedule && writtenSchedule(item.schedule),
            decision: item.decision && writtenDecision(item.decision),
            automation: item.automation && writtenAutomation(item.automation),
            external: item.external && writtenExternal(item.external),
            journey: item.journey && writtenJourney(item.journey),
            confirmation: item.confirmation && writtenConfirmation(item.confirmation),
            requirements: item.requirements.map(writtenNode),
            labels: item.labels,
            audienceTexts: item.audienceTexts.map((text) =>
              sparse(
                {
                  audience: text.audience,
                  isEnabled: text.isEnabled,
                  label: text.label,
                  description: text.description,
                },
                PART_DEFAULTS,
              ),
            ),
          },
          PART_DEFAULTS,
        ),
      ),
      edges: content.edges.map(({ from, to, branchKey }) =>
        sparse({ from: writtenNode(from), to: writtenNode(to), branchKey }, PART_DEFAULTS),
      ),
      closingReasons: content.closingReasonIds,
      hasSingleClosingReason: content.hasSingleClosingReason,
      entitySync: content.entitySync.map(writtenSyncRule),
    },
    DOCUMENT_DEFAULTS,
  );
  return `${JSON.stringify(document, null, 2)}\n`;
}
