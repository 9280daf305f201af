/** Texts with variables: `Dear {{entity.customer.name}}`. Nothing else means anything in them: no code, no sections, no calls. */
import { isList, isObject } from './condition/shape.ts';
import type { Json } from './definition.ts';

// No braces inside, so that each place is looked at once.
const VARIABLE = /\{\{([^{}]*)\}\}/g;

/** A value in a text: texts as they are, numbers and truth values as text, lists with commas, objects as JSON, nothing as nothing. */
export function valueText(value: Json): string {
  if (value === null) return '';
  if (isList(value))
    return value
      .filter((item) => item !== null)
      .map(valueText)
      .join(', ');
  return isObject(value) ? JSON.stringify(value) : String(value);
}

/** The text with every `{{path}}` replaced by what is given for it. What is put in is not looked at again; braces that are not closed, or in each other, stay. */
export function fillTemplate(text: string, textAt: (path: string) => string): string {
  return text.replace(VARIABLE, (_variable, path: string) => textAt(path.trim()));
}

/** The paths of the variables in a text, each once. What stands in the braces may also be no path. */
export function templateVariables(text: string): string[] {
  return [...new Set(Array.from(text.matchAll(VARIABLE), ([, path = '']) => path.trim()))];
}
