/** What typed documents answer, narrowed: a field that can be null, and the unions that mutations answer. */

interface Answer {
  readonly __typename: string;
}

/** The field, known to have a value; throws if it is null. */
export function present<Value>(value: Value): NonNullable<Value> {
  if (value === null || value === undefined) throw new Error('the field is null');
  return value;
}

/** The answer, known to be of this member of its union; throws if it is of another. */
export function ofType<Union extends Answer, Name extends Union['__typename']>(
  answer: Union,
  name: Name,
): Extract<Union, { readonly __typename: Name }> {
  const isOfType = (some: Union): some is Extract<Union, { readonly __typename: Name }> =>
    some.__typename === name;
  if (!isOfType(answer)) throw new Error(`no ${name}: ${JSON.stringify(answer)}`);
  return answer;
}

/** What is wrong with the input; throws if the mutation was not refused for that. */
export function issuesOf<Issue>(
  answer: Answer | (Answer & { readonly issues: readonly Issue[] }),
): readonly Issue[] {
  if (answer.__typename !== 'InvalidInputProblem' || !('issues' in answer))
    throw new Error(`no InvalidInputProblem: ${JSON.stringify(answer)}`);
  return answer.issues;
}
