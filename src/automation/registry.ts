/** All types of actions. A new one is a file in `actions/` and a line here. */
import type { ActionType } from './action-type.ts';
import { assignTasksAction } from './actions/assign-tasks.ts';
import { closeExecutionAction } from './actions/close-execution.ts';
import { createEntityAction } from './actions/create-entity.ts';
import { sendEmailAction } from './actions/send-email.ts';
import { startWorkflowAction } from './actions/start-workflow.ts';
import { triggerWebhookAction } from './actions/trigger-webhook.ts';
import { updateEntityAction } from './actions/update-entity.ts';
import { waitForCallbackAction } from './actions/wait-for-callback.ts';

/** In the order in which builders offer them. */
export const ACTION_TYPES: readonly ActionType[] = [
  createEntityAction,
  updateEntityAction,
  startWorkflowAction,
  assignTasksAction,
  closeExecutionAction,
  sendEmailAction,
  triggerWebhookAction,
  waitForCallbackAction,
];

const byType = new Map(ACTION_TYPES.map((type) => [type.type, type]));

/** The type of this name; null if there is none. */
export function actionType(name: string): ActionType | null {
  return byType.get(name) ?? null;
}
