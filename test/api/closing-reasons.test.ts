import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../support/api.ts';
import { graphql } from '../support/generated/gql.ts';
import type { ClosingReasonStatus, CreateClosingReasonInput } from '../support/generated/graphql.ts';
import { issuesOf, ofType, present } from '../support/typed.ts';

const CREATE = graphql(`
  mutation ClosingReasonsCreate($input: CreateClosingReasonInput!) {
    result: createClosingReason(input: $input) {
      __typename
      ... on CreateClosingReasonPayload {
        closingReason {
          id
          title
          status
          version
        }
      }
      ... on InvalidInputProblem {
        issues {
          path
          code
        }
      }
    }
  }
`);
const UPDATE = graphql(`
  mutation ClosingReasonsUpdate($input: UpdateClosingReasonInput!) {
    result: updateClosingReason(input: $input) {
      __typename
      ... on UpdateClosingReasonPayload {
        closingReason {
          id
          title
          status
          version
        }
      }
      ... on InvalidInputProblem {
        issues {
          path
          code
        }
      }
      ... on VersionConflictProblem {
        currentVersion
        current {
          ... on ClosingReason {
            title
          }
        }
      }
    }
  }
`);
const SET_STATUS = graphql(`
  mutation ClosingReasonsSetStatus($input: SetClosingReasonStatusInput!) {
    result: setClosingReasonStatus(input: $input) {
      __typename
      ... on SetClosingReasonStatusPayload {
        closingReason {
          id
          title
          status
          version
        }
      }
      ... on InvalidInputProblem {
        issues {
          path
          code
        }
      }
      ... on VersionConflictProblem {
        currentVersion
      }
    }
  }
`);

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

async function run<Result, Input>(
  document: TypedDocumentNode<{ result?: Result | null }, { input: Input }>,
  input: NoInfer<Input>,
) {
  return present((await api.data(api.designer, document, { input })).result);
}

async function created(title: string, parts: Omit<CreateClosingReasonInput, 'title'> = {}) {
  const answer = await run(CREATE, { title, ...parts });
  return ofType(answer, 'CreateClosingReasonPayload').closingReason;
}

describe('createClosingReason', () => {
  test('adds an active reason', async () => {
    expect(await run(CREATE, { title: ' Too dear ' })).toMatchObject({
      closingReason: { title: 'Too dear', status: 'ACTIVE', version: 1 },
    });
    expect((await api.events(api.designer)).at(-1)).toMatchObject({
      type: 'CLOSING_REASON_CREATED',
      subjectType: 'CLOSING_REASON',
      changedFields: ['status', 'title'],
      data: { title: 'Too dear', status: 'ACTIVE' },
    });
  });

  test('refuses a title that another reason has', async () => {
    await created('Twice');
    expect(issuesOf(await run(CREATE, { title: 'Twice' }))).toEqual([{ path: 'title', code: 'TAKEN' }]);
  });

  test('answers the first reason again when the request is repeated with its idempotency key', async () => {
    const first = await created('Once', { idempotencyKey: 'once' });
    expect(await created('Once', { idempotencyKey: 'once' })).toEqual(first);
  });

  test.each([
    ['an empty title', '', 'EMPTY'],
    ['a title of 10,000 characters', 'x'.repeat(10_000), 'TOO_LONG'],
  ])('refuses %s', async (_what, title, code) => {
    expect(issuesOf(await run(CREATE, { title }))).toEqual([{ path: 'title', code }]);
  });

  test.each(['member', 'partner'] as const)('is forbidden to a %s', async (role) => {
    expect(await api.errorCodes(api[role], CREATE, { input: { title: 'No' } })).toEqual(['FORBIDDEN']);
  });
});

describe('updateClosingReason', () => {
  test('renames a reason', async () => {
    const { id } = await created('Old words');
    expect(await run(UPDATE, { closingReasonId: id, title: 'New words' })).toMatchObject({
      closingReason: { id, title: 'New words', version: 2 },
    });
    expect((await api.events(api.designer)).at(-1)).toMatchObject({
      type: 'CLOSING_REASON_UPDATED',
      changedFields: ['title'],
      data: { title: 'New words' },
    });
  });

  test('refuses the title of another reason', async () => {
    await created('Owner');
    const { id } = await created('Pretender');
    expect(issuesOf(await run(UPDATE, { closingReasonId: id, title: 'Owner' }))).toEqual([
      { path: 'title', code: 'TAKEN' },
    ]);
  });

  test('refuses another version than the expected one and shows the reason as it is', async () => {
    const { id } = await created('One');
    await run(UPDATE, { closingReasonId: id, title: 'Two' });
    expect(await run(UPDATE, { closingReasonId: id, title: 'Three', expectedVersion: 1 })).toEqual({
      __typename: 'VersionConflictProblem',
      currentVersion: 2,
      current: { title: 'Two' },
    });
  });

  test('is forbidden to a member', async () => {
    const { id } = await created('Kept');
    const input = { closingReasonId: id, title: 'No' };
    expect(await api.errorCodes(api.member, UPDATE, { input })).toEqual(['FORBIDDEN']);
  });

  test('refuses the id of another type', async () => {
    const query = graphql(`
      query ClosingReasonsViewer {
        viewer {
          id
        }
      }
    `);
    const { viewer } = await api.data(api.member, query);
    expect(issuesOf(await run(UPDATE, { closingReasonId: present(viewer).id, title: 'X' }))).toEqual([
      { path: 'closingReasonId', code: 'INVALID_ID' },
    ]);
  });
});

describe('setClosingReasonStatus', () => {
  test('puts a reason out of use and into use again', async () => {
    const { id } = await created('Sometimes');
    expect(await run(SET_STATUS, { closingReasonId: id, status: 'INACTIVE' })).toMatchObject({
      closingReason: { status: 'INACTIVE', version: 2 },
    });
    expect(await run(SET_STATUS, { closingReasonId: id, status: 'ACTIVE' })).toMatchObject({
      closingReason: { status: 'ACTIVE', version: 3 },
    });
    expect((await api.events(api.designer)).at(-1)).toMatchObject({
      changedFields: ['status'],
      data: { status: 'ACTIVE' },
    });
  });

  test('writes nothing when the status is that already', async () => {
    const { id } = await created('Steady');
    const before = (await api.events(api.designer)).length;
    expect(await run(SET_STATUS, { closingReasonId: id, status: 'ACTIVE' })).toMatchObject({
      closingReason: { version: 1 },
    });
    expect(await api.events(api.designer)).toHaveLength(before);
  });

  test('refuses another version than the expected one', async () => {
    const { id } = await created('Versioned');
    expect(await run(SET_STATUS, { closingReasonId: id, status: 'INACTIVE', expectedVersion: 7 })).toEqual({
      __typename: 'VersionConflictProblem',
      currentVersion: 1,
    });
  });
});

describe('closingReasons', () => {
  const LIST = graphql(`
    query ClosingReasonsList($status: ClosingReasonStatus) {
      closingReasons(status: $status) {
        title
      }
    }
  `);

  test('are ordered by title and filtered by status', async () => {
    const { id } = await created('Aaa, no longer');
    await created('Aab, still');
    await run(SET_STATUS, { closingReasonId: id, status: 'INACTIVE' });
    const titles = async (status: ClosingReasonStatus | null): Promise<string[]> => {
      const { closingReasons } = await api.data(api.member, LIST, { status });
      return present(closingReasons).map(({ title }) => title);
    };
    expect((await titles(null)).slice(0, 2)).toEqual(['Aaa, no longer', 'Aab, still']);
    expect((await titles('ACTIVE'))[0]).toBe('Aab, still');
    expect(await titles('INACTIVE')).toContain('Aaa, no longer');
  });

  test('are forbidden to partners', async () => {
    expect(await api.errorCodes(api.partner, LIST)).toEqual(['FORBIDDEN']);
  });
});
