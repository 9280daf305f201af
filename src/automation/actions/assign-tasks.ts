/** The action that says who is responsible for tasks. */
import { z } from 'zod';
import { asSystem } from '../../commands/acting.ts';
import { withExecutions } from '../../commands/execution-session.ts';
import { fromEngine, refuse } from '../../commands/problem.ts';
import { checkAssignees } from '../../commands/tasks.ts';
import { uniqueAssignees } from '../../engine/assignees.ts';
import type { AssigneeRef } from '../../engine/definition.ts';
import { isExecutionOpen, isFinished } from '../../engine/transition.ts';
import { resolveAssignees } from '../../engine/variables.ts';
import { globalId } from '../../store/global-id.ts';
import { readNamedPeople } from '../../store/named-people.ts';
import { ActionError, defineAction, type ActionContext } from '../action-type.ts';
import { choice, nodeId } from '../config-fields.ts';
import { executionsOf, findExecutions } from '../targets.ts';

const config = z.strictObject({
  of: executionsOf.default('RUN').describe('In which executions; RUN if left out.'),
  taskKeys: z
    .array(z.string().min(1).max(200))
    .max(100)
    .default([])
    .describe('The keys of the tasks, as in the definition; all that are not finished if left out.'),
  mode: choice({
    SET: 'They take the place of those who were responsible.',
    ADD: 'They are added.',
    REMOVE: 'They are taken away.',
  }).describe('What becomes of those who are responsible.'),
  assignees: z.array(nodeId('User', 'Team')).max(100).default([]).describe('Users and teams.'),
  assigneeVariables: z
    .array(
      z
        .string()
        .max(500)
        .regex(/^[^{}]+$/, { error: 'This is the path of a variable without braces: entity.owner' }),
    )
    .max(20)
    .default([])
    .describe(
      'Paths of variables such as `entity.owner` that name users and teams besides: by id, e-mail address or the team’s name.',
    ),
});

type Config = z.infer<typeof config>;

/** Whom the variables name at present. */
async function named({ tx, variables }: ActionContext, paths: readonly string[]): Promise<AssigneeRef[]> {
  if (paths.length === 0) return [];
  const values = paths.map((path) => variables.read(path));
  const people = await readNamedPeople(tx, tx.organizationId, values);
  return paths.flatMap((path, index) => {
    // The engine's own reading of such values: each as the attribute of an entity.
    const attributes = { named: values[index] ?? [] };
    const facts = {
      entities: [{ id: '', schema: '', title: '', attributes }],
      people,
      inactiveIds: new Set<string>(),
      writeAssignee: () => '',
    };
    const found = resolveAssignees([{ type: 'VARIABLE', id: '{{entity.named}}' }], facts);
    if (found.some(({ type }) => type === 'VARIABLE'))
      throw new ActionError('UNKNOWN_ASSIGNEE', `${path} names no active user and no team.`);
    return found;
  });
}

function changeOf(mode: Config['mode'], assignees: readonly AssigneeRef[]) {
  if (mode === 'SET') return { set: assignees };
  return mode === 'ADD' ? { add: assignees } : { remove: assignees };
}

export const assignTasksAction = defineAction<Config>({
  type: 'ASSIGN_TASKS',
  title: 'Assign tasks',
  description:
    'Changes who is responsible for tasks that are not finished. It is skipped if there is none in an open execution.',
  retry: 'INSIDE',
  isOnEntity: false,
  config,
  references: ({ assignees }) =>
    assignees.map(({ type, id }, index) => ({ kind: type, id, path: `assignees[${index}]` })),
  templates: ({ assigneeVariables }) =>
    assigneeVariables.map((path, index) => ({ path: `assigneeVariables[${index}]`, text: `{{${path}}}` })),
  async run(context, { of, taskKeys, mode, ...given }) {
    const { tx } = context;
    const executionIds = await findExecutions(context, of);
    const assignees = uniqueAssignees([
      ...given.assignees,
      ...(await named(context, given.assigneeVariables)),
    ]);
    if (mode !== 'REMOVE') await checkAssignees(tx, { assignees });
    const tasks = await withExecutions(tx, await asSystem(tx), { executionIds }, (session) =>
      executionIds.flatMap((id) => {
        const found = session.execution(id);
        if (!found || !isExecutionOpen(found.execution.status)) return [];
        const meant = found.tasks.filter(
          ({ key, status }) =>
            !isFinished(status) && (taskKeys.length === 0 || (key !== null && taskKeys.includes(key))),
        );
        for (const { id: taskId } of meant) {
          const result = session.advance(id, { type: 'ASSIGN_TASK', taskId, ...changeOf(mode, assignees) });
          if (!result.ok) refuse(fromEngine(result.problem));
        }
        return meant;
      }),
    );
    if (tasks.length === 0) return { type: 'SKIPPED', reason: 'There is no such task that is not finished.' };
    return { type: 'DONE', output: { taskIds: tasks.map(({ id }) => globalId('Task', id)) } };
  },
});
