/** Checks of plain fields that several commands share. Each refuses with the field's path, or answers the clean value. */
import { descriptionIssues, nameIssues } from '../engine/input.ts';
import { refuseIssues } from './problem.ts';

/** A name, title or label without the white space around it: 1 to 500 characters, or as many as are told. */
export function checkName(path: string, value: string, maxLength?: number): string {
  refuseIssues(nameIssues(value, path, maxLength));
  return value.trim();
}

/** A Markdown text of at most 20,000 characters. */
export function checkText(path: string, value: string): string {
  refuseIssues(descriptionIssues(value, path));
  return value;
}
