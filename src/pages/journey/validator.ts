/**
 * Which parts of a schema hold for what is filled in, so that the form shows the right fields (`oneOf`, `if`, dependencies). Whether a form is right as a whole is for the server
 * to say. The usual validator of react-jsonschema-form compiles schemas to code, which the page's policy forbids; this one interprets them.
 */
import { Validator, type Schema } from '@cfworker/json-schema';
import type { RJSFSchema, ValidationData, ValidatorType } from '@rjsf/utils';

const NO_ERRORS: ValidationData<unknown> = { errors: [], errorSchema: {} };

/** The name of the part that is looked at, among the definitions of the whole. */
const PART = 'part under test';

function draftOf({ $schema }: RJSFSchema): '7' | '2020-12' {
  return $schema?.includes('draft-07') ? '7' : '2020-12';
}

/** The part, with everything that it may refer to. Copied: the library writes into the schemas that it is given. */
function withDefinitions(part: RJSFSchema, root: RJSFSchema): Schema {
  const { $schema, $defs, definitions } = root;
  const whole = {
    $schema,
    $ref: `#/$defs/${encodeURIComponent(PART)}`,
    definitions,
    $defs: { ...$defs, [PART]: part },
  };
  return JSON.parse(JSON.stringify(whole)) as Schema;
}

export const validator: ValidatorType = {
  isValid(schema, formData, root) {
    try {
      const interpreter = new Validator(withDefinitions(schema, root), draftOf(root));
      return interpreter.validate(formData === undefined ? null : formData).valid;
    } catch {
      // A part that can't be read holds for nothing.
      return false;
    }
  },
  validateFormData: () => NO_ERRORS,
  rawValidation: () => ({}),
};
