/** The canonical text of a definition; definition-document.ts tells what is in it and reads it. */
import type { AssigneeRef, DefinitionContent, NodeRef } from '../engine/definition.ts';
import { sameJson } from '../engine/json.ts';
import { FORMAT, FORMAT_VERSION } from './definition-document.ts';
import { renameReferences, type Directory } from './definition-references.ts';

/** The fields without those that have their default value. */
function sparse(fields: Readonly<Record<string, unknown>>, defaults: Readonly<Record<string, unknown>>) {
  return Object.fromEntries(
    Object.entries(fields).filter(
      ([name, value]) => !(Object.hasOwn(defaults, name) && sameJson(value, defaults[name])),
    ),
  );
}

const PART_DEFAULTS = {
  description: null,
  labels: [],
  assignees: [],
  dueAt: null,
  type: 'MANUAL',
  phaseKey: null,
  requirements: [],
  audienceTexts: [],
  isEnabled: true,
  entitySchema: null,
};

const DOCUMENT_DEFAULTS = {
  description: null,
  labels: [],
  isSequential: false,
  isVisibleInPortal: false,
  assignees: [],
  dueAt: null,
  phases: [],
  edges: [],
  closingReasons: [],
  hasSingleClosingReason: false,
};

function writtenAssignees(assigneeRefs: readonly AssigneeRef[]): object[] {
  return assigneeRefs.map(({ type, id }) => (type === 'USER' ? { user: id } : { team: id }));
}

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
      triggers: content.triggers.map(({ type, entitySchema }) => ({
        type,
        ...sparse({ entitySchema }, PART_DEFAULTS),
      })),
      phases: content.phases.map((item) =>
        sparse(
          {
            key: item.key,
            name: item.name,
            assignees: writtenAssignees(item.assignees),
            dueAt: item.dueAt,
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
      edges: content.edges.map(({ from, to }) => ({ from: writtenNode(from), to: writtenNode(to) })),
      closingReasons: content.closingReasonIds,
      hasSingleClosingReason: content.hasSingleClosingReason,
    },
    DOCUMENT_DEFAULTS,
  );
  return `${JSON.stringify(document, null, 2)}\n`;
}
