/** A part of a form that can be filled in in several ways. */
import type { FormContextType, MultiSchemaFieldTemplateProps, RJSFSchema } from '@rjsf/utils';
import { isValidElement, type ReactNode } from 'react';
import type { Texts } from './texts.ts';

/** What of the select's props says how it is called. */
interface Named {
  /** The title of the part, or its name; empty for the whole form. */
  readonly label: string;
  /** Whether the field around has no label that says the same. */
  readonly hideLabel: boolean;
}

const UNNAMED: Named = { label: '', hideLabel: true };

/** The select for one of the ways, with a name, and the fields of the chosen one. The form's context are its texts. */
export function ChoiceTemplate<S extends RJSFSchema, F extends FormContextType>({
  selector,
  optionSchemaField,
  schema,
  registry,
}: MultiSchemaFieldTemplateProps<unknown, S, F>): ReactNode {
  const { choice } = registry.formContext as unknown as Texts;
  const { label, hideLabel } = isValidElement<Named>(selector) ? selector.props : UNNAMED;
  // A part with fields of its own has its title above them.
  const name = hideLabel && schema.properties ? choice : label || choice;
  return (
    <>
      <label className="choice">
        <span className={hideLabel ? undefined : 'heard'}>{name}</span>
        {selector}
      </label>
      {optionSchemaField}
    </>
  );
}
