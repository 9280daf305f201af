/** A part of a form that can be filled in in several ways. */
import type { FormContextType, MultiSchemaFieldTemplateProps, RJSFSchema } from '@rjsf/utils';
import type { ReactNode } from 'react';
import type { Texts } from './texts.ts';

/** The select for one of the ways, with a name, and the fields of the chosen one. The form's context are its texts. */
export function ChoiceTemplate<S extends RJSFSchema, F extends FormContextType>({
  selector,
  optionSchemaField,
  schema,
  registry,
}: MultiSchemaFieldTemplateProps<unknown, S, F>): ReactNode {
  const { choice } = registry.formContext as unknown as Texts;
  return (
    <>
      <label className="choice">
        {schema.title ?? choice}
        {selector}
      </label>
      {optionSchemaField}
    </>
  );
}
