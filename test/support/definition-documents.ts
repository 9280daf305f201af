/** The mutations of definitions as typed documents, by the names of their fields. */
import type { ResultOf, TypedDocumentNode, VariablesOf } from '@graphql-typed-document-node/core';
import { graphql } from './generated/gql.ts';

// What each mutation answers of the definition, and of its refusal.
graphql(`
  fragment DefinitionAnswer on WorkflowDefinition {
    id
    name
    version
    isEnabled
    isArchived
    document
    published {
      id
      number
    }
    issues {
      severity
      code
      path
    }
  }
`);
graphql(`
  fragment DefinitionProblem on Problem {
    message
    ... on InvalidInputProblem {
      issues {
        code
        path
        message
      }
    }
    ... on VersionConflictProblem {
      currentVersion
    }
  }
`);

const documents = {
  createDefinition: graphql(`
    mutation DefinitionsCreateDefinition($input: CreateDefinitionInput!) {
      result: createDefinition(input: $input) {
        __typename
        ...DefinitionProblem
        ... on CreateDefinitionPayload {
          definition {
            ...DefinitionAnswer
          }
        }
      }
    }
  `),
  saveDefinitionDraft: graphql(`
    mutation DefinitionsSaveDefinitionDraft($input: SaveDefinitionDraftInput!) {
      result: saveDefinitionDraft(input: $input) {
        __typename
        ...DefinitionProblem
        ... on SaveDefinitionDraftPayload {
          definition {
            ...DefinitionAnswer
          }
        }
      }
    }
  `),
  publishDefinition: graphql(`
    mutation DefinitionsPublishDefinition($input: PublishDefinitionInput!) {
      result: publishDefinition(input: $input) {
        __typename
        ...DefinitionProblem
        ... on DefinitionInvalidProblem {
          definitionIssues {
            code
            path
            message
          }
        }
        ... on PublishDefinitionPayload {
          definition {
            ...DefinitionAnswer
          }
          published {
            id
            number
          }
        }
      }
    }
  `),
  duplicateDefinition: graphql(`
    mutation DefinitionsDuplicateDefinition($input: DuplicateDefinitionInput!) {
      result: duplicateDefinition(input: $input) {
        __typename
        ...DefinitionProblem
        ... on DuplicateDefinitionPayload {
          definition {
            ...DefinitionAnswer
          }
        }
      }
    }
  `),
  importDefinition: graphql(`
    mutation DefinitionsImportDefinition($input: ImportDefinitionInput!) {
      result: importDefinition(input: $input) {
        __typename
        ...DefinitionProblem
        ... on ImportDefinitionPayload {
          definition {
            ...DefinitionAnswer
          }
        }
      }
    }
  `),
  enableDefinition: graphql(`
    mutation DefinitionsEnableDefinition($input: EnableDefinitionInput!) {
      result: enableDefinition(input: $input) {
        __typename
        ...DefinitionProblem
        ... on EnableDefinitionPayload {
          definition {
            ...DefinitionAnswer
          }
        }
      }
    }
  `),
  disableDefinition: graphql(`
    mutation DefinitionsDisableDefinition($input: DisableDefinitionInput!) {
      result: disableDefinition(input: $input) {
        __typename
        ...DefinitionProblem
        ... on DisableDefinitionPayload {
          definition {
            ...DefinitionAnswer
          }
        }
      }
    }
  `),
  archiveDefinition: graphql(`
    mutation DefinitionsArchiveDefinition($input: ArchiveDefinitionInput!) {
      result: archiveDefinition(input: $input) {
        __typename
        ...DefinitionProblem
        ... on ArchiveDefinitionPayload {
          definition {
            ...DefinitionAnswer
          }
        }
      }
    }
  `),
  unarchiveDefinition: graphql(`
    mutation DefinitionsUnarchiveDefinition($input: UnarchiveDefinitionInput!) {
      result: unarchiveDefinition(input: $input) {
        __typename
        ...DefinitionProblem
        ... on UnarchiveDefinitionPayload {
          definition {
            ...DefinitionAnswer
          }
        }
      }
    }
  `),
};

export type DefinitionMutation = keyof typeof documents;
export const DEFINITION_MUTATIONS = Object.keys(documents) as DefinitionMutation[];

/** The mutation's `$input`. */
export type DefinitionInput<Name extends DefinitionMutation> = VariablesOf<(typeof documents)[Name]>['input'];

/** The mutation's payload, or a problem. */
export type DefinitionResult<Name extends DefinitionMutation> = NonNullable<
  ResultOf<(typeof documents)[Name]>['result']
>;

/** The documents, each with the field `result` and the variable `$input`. */
export const DEFINITION_DOCUMENTS: {
  readonly [Name in DefinitionMutation]: TypedDocumentNode<
    { result?: DefinitionResult<Name> | null },
    { input: DefinitionInput<Name> }
  >;
} = documents;
