import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { v7 as uuidv7 } from 'uuid';
import { createTeam } from '../../../src/commands/teams.ts';
import { globalId } from '../../../src/store/global-id.ts';
import { insertEndpoint } from '../../../src/store/webhook-endpoints.ts';
import { openActions, type Actions } from '../../support/actions.ts';
import { someViewer } from '../../support/live-fixture.ts';

let actions: Actions;
beforeAll(async () => {
  actions = await openActions();
});
afterAll(async () => {
  await actions[Symbol.asyncDispose]();
});

describe('TRIGGER_WEBHOOK', () => {
  async function endpoint(): Promise<string> {
    const id = uuidv7();
    const url = 'https://example.com/hook';
    await actions.inRun((tx) =>
      insertEndpoint(tx, { id, name: 'Accounting', url, eventTypes: [], headers: [], secrets: [] }),
    );
    return id;
  }

  test('sends what the run is about, with global ids', async () => {
    const entityId = await actions.entity({ price: 10 });
    const endpointId = await endpoint();
    const { outcome } = await actions.act('TRIGGER_WEBHOOK', { endpointId }, { entityId });
    expect(outcome).toEqual({
      type: 'DELIVER',
      delivery: {
        kind: 'WEBHOOK',
        endpointId,
        type: 'automation.action',
        data: {
          entity: {
            id: globalId('Entity', entityId),
            schema: 'order',
            title: 'Order 1',
            attributes: { price: 10 },
          },
          executionId: null,
          taskId: null,
          runId: globalId('AutomationRun', actions.run.id),
          automationId: globalId('Automation', actions.run.automationId ?? ''),
        },
      },
    });
  });

  test('sends data of its own', async () => {
    const config = {
      endpointId: await endpoint(),
      type: 'order.accepted',
      data: { price: '{{input.price}}', note: 'costs {{input.price}}' },
    };
    const { outcome } = await actions.act('TRIGGER_WEBHOOK', config, {}, { input: { price: 10 } });
    expect(outcome).toMatchObject({
      delivery: { type: 'order.accepted', data: { price: 10, note: 'costs 10' } },
    });
  });

  test('fails if the endpoint is gone', async () => {
    await expect(actions.act('TRIGGER_WEBHOOK', { endpointId: uuidv7() })).rejects.toMatchObject({
      code: 'ENDPOINT_DELETED',
    });
  });
});

describe('SEND_EMAIL', () => {
  const message = { subject: 'Offer\n{{entity.name}}', text: 'Dear {{entity.name}}' };
  const entity = { name: 'Anna <b>\r\nBcc: x@example.com', emails: 'anna@example.com, BERT@example.com' };

  test('is for addresses, users and members of teams, each once', async () => {
    const { database, caller, viewer } = actions;
    const bert = await someViewer(database, 'lindental', 'bert');
    await database.pool.query(`update app_user set email = external_id || '@example.com'`);
    const team = await createTeam(caller, { name: 'Roofers', memberIds: [viewer.userId, bert.userId] });
    if (!team.ok) throw new Error(team.problem.code);
    const config = {
      ...message,
      to: ['{{entity.emails}}'],
      toAssignees: [{ type: 'TEAM', id: team.value }],
      cc: ['carl@example.com', 'anna@example.com'],
      html: '<p>{{entity.name}}</p>',
    };
    const { outcome, events } = await actions.act('SEND_EMAIL', config, {}, { entity });
    expect(outcome).toEqual({
      type: 'DELIVER',
      delivery: {
        kind: 'EMAIL',
        type: 'automation',
        content: {
          to: ['anna@example.com', 'BERT@example.com'],
          cc: ['carl@example.com'],
          subject: 'Offer Anna <b> Bcc: x@example.com',
          text: `Dear ${entity.name}`,
          html: '<p>Anna &lt;b&gt;\r\nBcc: x@example.com</p>',
        },
      },
    });
    expect(events).toEqual([]);
  });

  test.each<[code: string, to: string[]]>([
    ['INVALID_ADDRESS', ['{{entity.name}}']],
    ['INVALID_ADDRESS', ['Anna <anna@example.com>']],
    ['NO_RECIPIENT', ['{{entity.nothing}}', ' , ']],
    ['TOO_MANY_RECIPIENTS', ['{{input.many}}']],
  ])('fails with %s for %j', async (code, to) => {
    const many = Array.from({ length: 101 }, (_, index) => `u${index}@example.com`);
    const values = { entity, input: { many } };
    await expect(actions.act('SEND_EMAIL', { ...message, to }, {}, values)).rejects.toMatchObject({ code });
  });
});
