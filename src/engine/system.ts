import type { Actor } from './state.ts';

/** Who does what nobody asked for: dead paths, automatic decisions, automations, schedules. */
export const SYSTEM: Actor = { type: 'SYSTEM' };
