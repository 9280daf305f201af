/** Documents of every format that can be imported, read into the content of a definition. */
import type { DefinitionContent } from '../../engine/definition.ts';
import { checkContent } from '../definition-content.ts';
import { parseDocument } from '../definition-document.ts';
import { flowTemplateShape } from './flow-template-shape.ts';
import { readFlowTemplate } from './flow-template.ts';
import { tellFormat, type DocumentFormat } from './format.ts';
import { mappingOf, type Mapping, type MappingInput } from './mapping.ts';
import { listNotTakenOver, type NotTakenOver } from './not-taken-over.ts';
import { openDocument, type Part } from './part.ts';
import { sectionWorkflowShape } from './section-workflow-shape.ts';
import { readSectionWorkflow } from './section-workflow.ts';
import { shaped } from './shape.ts';

export interface ReadDocument {
  readonly format: DocumentFormat;
  /** Of HANDRAIL with references as they are written, otherwise with ids of this organization. */
  readonly content: DefinitionContent;
  /** What of the document is not in the content; nothing of HANDRAIL. */
  readonly notTakenOver: readonly NotTakenOver[];
}

function readForeign<T>(
  raw: unknown,
  value: T,
  read: (document: Part<T>, mapping: Mapping) => DefinitionContent,
  mapping: Mapping,
): Pick<ReadDocument, 'content' | 'notTakenOver'> {
  const { root, places } = openDocument(raw, value);
  const content = read(root, mapping);
  return { content: checkContent('document', content), notTakenOver: listNotTakenOver(places()) };
}

/**
 * Reads a document, whose format is told by its shape. Everything in it is in the content or in `notTakenOver`. `mapping` says what the
 * ids of another system mean here. Refuses (INVALID_INPUT) what has no known format, or not the shape of its own.
 */
export function readDocument(text: string, mapping?: MappingInput): ReadDocument {
  const table = mappingOf(mapping);
  const { format, raw } = tellFormat(text);
  switch (format) {
    case 'HANDRAIL':
      return { format, content: checkContent('document', parseDocument(text)), notTakenOver: [] };
    case 'FLOW_TEMPLATE':
      return { format, ...readForeign(raw, shaped(flowTemplateShape, raw), readFlowTemplate, table) };
    case 'SECTION_WORKFLOW':
      return { format, ...readForeign(raw, shaped(sectionWorkflowShape, raw), readSectionWorkflow, table) };
  }
}
