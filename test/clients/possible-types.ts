/**
 * What implements the interfaces that the operations name. Apollo's cache needs it, and else leaves out what `... on Problem` selects. In an app,
 * a code generator writes it (`fragment-matcher`).
 */
export const POSSIBLE_TYPES: Readonly<Record<string, string[]>> = {
  Problem: [
    'AlreadyClaimedProblem',
    'CommandNotAllowedProblem',
    'DefinitionInvalidProblem',
    'DefinitionNotStartableProblem',
    'ExecutionNotFinishedProblem',
    'ExecutionNotOpenProblem',
    'ForbiddenProblem',
    'IdempotencyConflictProblem',
    'InvalidInputProblem',
    'NotClaimableProblem',
    'NotFoundProblem',
    'TaskBlockedProblem',
    'VersionConflictProblem',
  ],
};
