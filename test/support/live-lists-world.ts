/** A small world in which lists are watched while anything happens that can change them. */
import type { Viewer } from '../../src/commands/viewer.ts';
import { encodeId } from '../../src/graphql/ids.ts';
import type { TestApi } from './api.ts';
import { automated, letRun, publishedAutomation, setting, unlessBlocked } from './automation-runs.ts';
import { command, entity, publish, team, userId } from './workflows.ts';
import { branch, decision, phase, task } from './workflow.ts';

/** What happens next: `what` chooses the kind, the others the objects and values. */
export interface Step {
  readonly what: string;
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

export interface World {
  readonly member: Viewer;
  readonly partner: Viewer;
  /** The member, the partner or the admin, as their tokens find them now. */
  present(viewer: Viewer): Promise<Viewer>;
  readonly teamIds: readonly string[];
  readonly entityIds: readonly string[];
  readonly definitionIds: readonly string[];
  /** Does the step; what is refused has not happened. */
  take(step: Step): Promise<void>;
}

const NAMES = ['Alpha', 'beta', 'Gamma', 'delta'] as const;
const ZONES = ['Europe/Berlin', 'Asia/Tokyo', 'America/New_York'] as const;
const HOUR_MS = 3_600_000;

function pick<T>(items: readonly T[], at: number): T | undefined {
  return items[at % items.length];
}

/** Those whose bit is set. */
function subset<T>(items: readonly T[], bits: number): T[] {
  return items.filter((_, index) => (bits >> index) % 2 === 1);
}

/** A member, a partner, their teams, entities and definitions of their own. */
export async function makeWorld(api: TestApi, name: string): Promise<World> {
  api.clock.set('2026-03-02T09:00:00.000Z');
  const presentMember = () => api.viewer(`${name}-member`);
  const presentPartner = () => api.viewer(`${name}-partner`, { roles: ['partner'], kind: 'PARTNER' });
  const teams = [await team(api, [await presentMember()]), await team(api, [await presentPartner()])];
  const [member, partner] = [await presentMember(), await presentPartner()];
  const people = [userId(member), userId(partner), ...teams.map(({ id }) => id)];
  const assignees = {
    member: { assignees: [{ type: 'USER', id: member.userId }] },
    partner: { assignees: [{ type: 'USER', id: partner.userId }] },
    team: { assignees: teams.map(({ key }) => ({ type: 'TEAM' as const, id: key })) },
  } as const;
  const automationKey = await publishedAutomation(api.context(api.admin), {
    // Fails while `updateEntity` has blocked the entity.
    actions: [setting('mark', { done: '{{entityTitle}}' }), unlessBlocked('check')],
  });
  const automationId = encodeId('Automation', automationKey);
  const entityIds: string[] = [];
  for (const title of NAMES) entityIds.push(await entity(api, { title }));
  const definitionIds = [
    await publish(api, {
      name: 'Alpha flow',
      isSequential: true,
      phases: [phase('first'), phase('second')],
      tasks: [
        task('a', { phaseKey: 'first', ...assignees.member }),
        task('b', { phaseKey: 'first', ...assignees.partner }),
        decision('d', [branch('yes'), branch('no')], {}, { phaseKey: 'second', ...assignees.member }),
        task('c', { phaseKey: 'second', ...assignees.team }),
      ],
      edges: [],
    }),
    await publish(api, {
      name: 'Other flow',
      tasks: [
        task('x', assignees.member),
        task('y', assignees.team),
        automated('z', automationKey, 'MANUAL', assignees.member),
      ],
    }),
  ];
  const executions: { readonly id: string; taskIds: string[] }[] = [];

  function at(hours: number): string | null {
    return hours % 5 === 0
      ? null
      : new Date(api.clock.now().getTime() + ((hours % 60) - 12) * HOUR_MS).toISOString();
  }

  /** What the mutation of the step's name is asked for; null if there is nothing to ask it for. */
  function inputOf({ what, a, b, c }: Step): Readonly<Record<string, unknown>> | null {
    const entityId = pick(entityIds, b);
    switch (what) {
      case 'start':
        return { definitionId: pick(definitionIds, a), entityId, contextEntityIds: subset(entityIds, c) };
      case 'updateEntity':
        return {
          entityId,
          title: `${pick(NAMES, a) ?? ''} ${c % 3}`,
          attributes: { c, blocked: c % 2 === 0 ? [] : null },
        };
      case 'startAutomationRun':
        return { automationId, entityId };
      case 'updateTeam':
        return { teamId: pick(teams, a)?.id, setMemberIds: subset(people.slice(0, 2), b) };
      case 'updateUser':
        return { userId: pick(people.slice(0, 2), a), name: pick(NAMES, b) };
      case 'updateOrganization':
        return { timeZone: pick(ZONES, a) };
    }
    const execution = pick(executions, a);
    if (!execution) return null;
    const executionId = execution.id;
    const taskId = pick(execution.taskIds, b);
    switch (what) {
      case 'addTask':
        return { executionId, name: pick(NAMES, b), place: { inPhase: {} }, assigneeIds: subset(people, c) };
      case 'setContextEntities':
        return { executionId, contextEntityIds: subset(entityIds, b) };
      case 'assignExecution':
        return { executionId, set: subset(people, b) };
      case 'setExecutionDueDate':
        return { executionId, dueAt: at(b) };
      case 'closeExecution':
      case 'reopenExecution':
      case 'deleteExecution':
        return { executionId };
      case 'assignTask':
        return { taskId, set: subset(people, c) };
      case 'setTaskDueDate':
        return { taskId, dueAt: at(c) };
      case 'updateTask':
        return { taskId, name: pick(NAMES, c) };
      case 'addNote':
        return { taskId, body: 'Look' };
      case 'decideTask':
        return { taskId, branchKeys: [pick(['yes', 'no'], c)] };
      default:
        return { taskId };
    }
  }

  async function take(step: Step): Promise<void> {
    const { what, a } = step;
    if (what === 'advance') {
      api.clock.advance(((a % 30) + 1) * HOUR_MS);
      return;
    }
    if (what === 'letRun') {
      await letRun(api);
      return;
    }
    const input = inputOf(step);
    if (!input) return;
    const mutation = what === 'start' ? 'startExecution' : what;
    const { execution, task: added } = await command(api, api.admin, mutation, input);
    if (what === 'start' && execution)
      executions.push({ id: execution.id, taskIds: execution.tasks.map(({ id }) => id) });
    if (what === 'addTask' && added) pick(executions, a)?.taskIds.push(added.id);
  }

  const present = ({ userId: key }: Viewer): Promise<Viewer> => {
    if (key === partner.userId) return presentPartner();
    return key === member.userId ? presentMember() : api.viewer('admin', { roles: ['admin'] });
  };
  return { member, partner, present, teamIds: teams.map(({ id }) => id), entityIds, definitionIds, take };
}

/** How often each kind of step comes. */
const WEIGHTS = {
  start: 2,
  advance: 2,
  assignTask: 2,
  setTaskDueDate: 4,
  completeTask: 2,
  runAutomation: 2,
  startAutomationRun: 1,
  letRun: 2,
  startTask: 1,
  skipTask: 1,
  holdTask: 1,
  reopenTask: 1,
  failTask: 1,
  retryTask: 1,
  decideTask: 1,
  claimTask: 1,
  updateTask: 1,
  addTask: 1,
  removeTask: 1,
  addNote: 1,
  setContextEntities: 2,
  assignExecution: 1,
  setExecutionDueDate: 1,
  closeExecution: 1,
  reopenExecution: 1,
  deleteExecution: 1,
  updateEntity: 2,
  updateTeam: 1,
  updateUser: 1,
  updateOrganization: 2,
} as const;

/** The kinds of steps, each as often as it comes. */
export const STEPS = Object.entries(WEIGHTS).flatMap(([what, weight]) => Array<string>(weight).fill(what));
