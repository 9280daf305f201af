/** The whole schema: importing a noun's file adds its types and fields to the builder. */
import './scalars.ts';
import './closing-reason.ts';
import './definition.ts';
import './definition-commands.ts';
import './entity.ts';
import './team.ts';
import './user.ts';
import './viewer.ts';
import './bulk.ts';
import './entity-executions.ts';
import './event.ts';
import './execution.ts';
import './execution-commands.ts';
import './inbox.ts';
import './node.ts';
import './note.ts';
import './phase.ts';
import './subscriptions.ts';
import './task.ts';
import './task-life.ts';
import './task-upkeep.ts';
import { builder } from './builder.ts';
import { withRowBudget } from './row-budget.ts';

export const schema = withRowBudget(builder.toSchema());
