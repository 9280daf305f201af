/** What react-jsonschema-form leaves out of its markup for those who hear a form: which fields are wrong, and what groups of buttons are called. */
import { errorId } from '@rjsf/utils';

function setAttribute(element: Element, name: string, value: string | null): void {
  if (value === null) element.removeAttribute(name);
  else element.setAttribute(name, value);
}

/** Whether errors are shown for the field with this id. */
function hasErrors(id: string): boolean {
  return document.getElementById(errorId(id)) !== null;
}

/** Completes the markup of a form as it is now: call it whenever that has changed. */
export function completeMarkup(form: Element): void {
  for (const group of form.querySelectorAll('.field-radio-group, .checkboxes')) {
    if (group.classList.contains('checkboxes')) group.setAttribute('role', 'group');
    const label = form.querySelector(`label[for="${CSS.escape(group.id)}"]`);
    if (!label) continue;
    label.id = `${group.id}__label`;
    group.setAttribute('aria-labelledby', label.id);
  }
  for (const control of form.querySelectorAll('input, select, textarea, [role=radiogroup]'))
    setAttribute(control, 'aria-invalid', hasErrors(fieldOf(control)) ? 'true' : null);
  for (const group of form.querySelectorAll('fieldset, [role=radiogroup], [role=group]'))
    setAttribute(group, 'aria-describedby', hasErrors(group.id) ? errorId(group.id) : null);
}

/** The id of the field that a control belongs to: a checkbox may be one of several of the same field. */
function fieldOf(control: Element): string {
  // A radio button is not wrong by itself; its group is.
  if (control.matches('[type=checkbox]')) return control.closest('.checkboxes')?.id ?? control.id;
  return control.id;
}

/** The first control that is wrong; null if none is. */
export function firstWrong(form: Element): HTMLElement | null {
  const wrong = form.querySelector<HTMLElement>('[aria-invalid=true]');
  return wrong?.querySelector('input') ?? wrong;
}
