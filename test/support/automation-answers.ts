/** Automations through the API: the operations that tests repeat. */
import type { Viewer } from '../../src/commands/viewer.ts';
import type { TestApi } from './api.ts';
import { present } from './typed.ts';

interface Issue {
  readonly severity: string;
  readonly code: string;
  readonly path: string;
}

export interface AutomationAnswer {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly isEnabled: boolean;
  readonly isArchived: boolean;
  readonly disabledAt: string | null;
  readonly disabledBy: { readonly name: string } | null;
  readonly published: { readonly id: string; readonly number: number } | null;
  readonly issues: readonly Issue[];
}

/** What a mutation answers: its payload, or the problem. */
export interface AutomationResult {
  readonly __typename: string;
  readonly automation?: AutomationAnswer;
  readonly published?: { readonly id: string; readonly number: number };
  readonly issues?: readonly { readonly code: string; readonly path: string }[];
  readonly automationIssues?: readonly Issue[];
}

/** Runs the mutation of this name. */
export async function mutateAutomation(
  api: TestApi,
  viewer: Viewer,
  name: string,
  input: object,
): Promise<AutomationResult> {
  const typeName = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  const isPublishing = name === 'publishAutomation';
  const document = `mutation ($input: ${typeName}Input!) {
    result: ${name}(input: $input) {
      __typename
      ... on InvalidInputProblem { issues { code path } }
      ${isPublishing ? '... on AutomationInvalidProblem { automationIssues { severity code path } }' : ''}
      ... on ${typeName}Payload {
        ${isPublishing ? 'published { id number }' : ''}
        automation {
          id name version isEnabled isArchived disabledAt
          disabledBy { ... on User { name } ... on System { name } }
          published { id number }
          issues { severity code path }
        }
      }
    }
  }`;
  const { result } = await api.data<{ result: AutomationResult | null }>(viewer, document, { input });
  return present(result);
}

/** Like `mutateAutomation`, but answers the automation; throws if the mutation was refused. */
export async function changedAutomation(
  api: TestApi,
  viewer: Viewer,
  name: string,
  input: object,
): Promise<AutomationAnswer> {
  const result = await mutateAutomation(api, viewer, name, input);
  if (!result.automation) throw new Error(`${name}: ${JSON.stringify(result)}`);
  return result.automation;
}

/** An input for an automation without errors that people run, with one action. */
export function someAutomation(parts: object = {}): object {
  return {
    name: 'Welcome',
    triggers: [{ type: 'MANUAL' }],
    actions: [{ key: 'order', createEntity: { schema: 'order', title: 'Order of {{entityTitle}}' } }],
    ...parts,
  };
}
