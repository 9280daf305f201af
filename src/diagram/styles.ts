/**
 * How things look. All colours are given with that of their text, so that they are readable on light and dark pages alike; they
 * differ in lightness too, for people who don't see all colours.
 */
import type { TaskType } from '../engine/definition.ts';
import type { TaskStatus } from '../engine/state.ts';

/** A task's status, or what it means for the reader: PENDING can be worked on now or not yet, SKIPPED by somebody or by a branch. */
export type TaskLook = TaskStatus | 'READY' | 'NOT_TAKEN';

function box(fill: string, stroke: string, color: string, more = ''): string {
  return `fill:${fill},stroke:${stroke},color:${color}${more}`;
}

export const TASK_LOOKS: Readonly<Record<TaskLook, string>> = {
  PENDING: box('#ffffff', '#6e7781', '#24292f'),
  READY: box('#ffffff', '#0b5cad', '#0b2e59', ',stroke-width:3px'),
  IN_PROGRESS: box('#0b5cad', '#06335f', '#ffffff'),
  ON_HOLD: box('#e69f00', '#7a5400', '#1f1600'),
  SCHEDULED: box('#f0e442', '#7d7400', '#2b2800'),
  CONDITION_PENDING: box('#cc79a7', '#6b2a50', '#1f0714', ',stroke-width:3px'),
  WAITING_FOR_CONFIRMATION: box('#56b4e9', '#0f4c75', '#03202f', ',stroke-width:3px,stroke-dasharray:8 4'),
  FAILED: box('#9b1c1c', '#4d0808', '#ffffff', ',stroke-width:3px'),
  COMPLETED: box('#8fd3bd', '#00664b', '#04241a'),
  SKIPPED: box('#d0d7de', '#57606a', '#24292f', ',stroke-dasharray:6 3'),
  NOT_TAKEN: box('#f6f8fa', '#c4cad0', '#656d76', ',stroke-dasharray:2 4'),
};

export const TYPE_LOOKS: Readonly<Record<TaskType, string>> = {
  MANUAL: box('#e8f1fb', '#3b6ea8', '#10243b'),
  AUTOMATION: box('#eee9f8', '#6b55a8', '#241a40'),
  DECISION: box('#fdf0cc', '#a87800', '#3a2900'),
  EXTERNAL: box('#e3f4ec', '#2f7d5b', '#0d2b1f'),
};

/** Frames around phases show the page through; their title has the theme's colour. */
export const PHASE_LOOK = 'fill:transparent,stroke:#8b949e';
export const EMPTY_PHASE_LOOK = box('#f6f8fa', '#8b949e', '#57606a', ',stroke-dasharray:6 3');
/** Where the flow begins and where a branch ends. */
export const MARK_LOOK = box('#424a53', '#24292f', '#ffffff');

export const REQUIREMENT_LINK = 'stroke:#8b949e,stroke-width:1px,stroke-dasharray:2 5';
export const TAKEN_LINK = 'stroke:#2f7fd1,stroke-width:4px';
export const NOT_TAKEN_LINK = 'stroke:#8b949e,stroke-width:1px,opacity:0.5';
