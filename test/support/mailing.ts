/** The mails that tell users of things, made and sent by hand. */
import type { Caller } from '../../src/commands/execute.ts';
import { openMailer, type Mailer } from '../../src/outgoing/mail.ts';
import type { EmailContent } from '../../src/store/deliveries.ts';
import { deliver } from '../../src/worker/deliver.ts';
import { sendDigest } from '../../src/worker/send-digest.ts';
import { owners } from '../../src/worker/worker.ts';
import { silentLog } from './live-fixture.ts';

/** Sends nothing. */
export const noServer = openMailer({ smtpUrl: null, from: 'handrail@example.com' });

export interface DigestMail {
  /** Of its delivery. */
  readonly id: string;
  readonly content: EmailContent;
}

export interface Mailing {
  /** Makes the user's next mail, if anything waits for it; at most so many notifications are in it. */
  digest(userId: string, options?: { readonly size: number }): Promise<void>;
  /** The mails to the address, in order. */
  to(address: string | null): Promise<readonly DigestMail[]>;
  /** Makes one attempt to send a mail. */
  attempt(deliveryId: string, mailer: Mailer): Promise<void>;
}

export function createMailing({ database, clock, viewer }: Caller): Mailing {
  const { organizationId } = viewer;
  return {
    digest: (userId, options) => sendDigest({ database, clock }, { organizationId, userId }, options),
    async to(address) {
      const { rows } = await database.pool.query<DigestMail>(
        `select id, content from delivery where kind = 'EMAIL' and type = 'digest' and content->'to' ? $1 order by id`,
        [address],
      );
      return rows;
    },
    async attempt(deliveryId, mailer) {
      const context = {
        database,
        clock,
        targets: 'any',
        schedule: [5],
        mailer,
        owners,
        log: silentLog,
        publicUrl: () => 'https://handrail.example',
      } as const;
      await deliver({ ...context, random: () => 0.5 }, { organizationId, deliveryId });
    },
  };
}
