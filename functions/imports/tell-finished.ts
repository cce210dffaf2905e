import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { FailedWorkRows } from '../../core/events/failed-work.ts';
import { once } from '../../core/events/once.ts';
import type { Reception } from '../../core/events/receiver.ts';
import type { Mailer } from '../../core/mail/mailer.ts';
import { Problem } from '../../core/outcome.ts';
import { expiresAt, keyItem } from '../../core/store/item.ts';
import { keys } from '../../core/store/keys.ts';
import { orUnavailable, type Table } from '../../core/store/table.ts';
import type { TenantId } from '../../schemas/ids.ts';
import type { ImportJob } from './jobs.ts';

export interface TellDeps {
  readonly find: (tenant: TenantId, id: string) => Promise<ImportJob | undefined>;
  /** The address of a member of staff; undefined when nobody of that name may sign in any more. */
  readonly addressOf: (sub: string) => Promise<string | undefined>;
  readonly mailer: Mailer;
  readonly tableOf: (tenant: TenantId) => Table;
  readonly failed: FailedWorkRows;
  readonly now: () => Date;
}

const WORKER = 'notices';
/** Whoever sends the mail has this long to say so (ms): shorter than the queue hides the message. */
const SENDING_MS = 60_000;

/**
 * Tells whoever began an import that it is over: one mail, without a name or a word of what was in the files. A mail cannot be part of a
 * transaction: one is claimed, sent, and then receipted, so that a repeat sends none. Only a machine that stops in the instant between
 * the last two sends it twice, which is better than not at all.
 */
export async function tellFinished(deps: TellDeps, { happening, repeated }: Reception): Promise<'done' | 'repeat'> {
  const { tenant, eventId } = happening;
  const table = deps.tableOf(tenant);
  const work = { worker: WORKER, subject: eventId } as const;
  if (await table.get(keys.receipt(tenant, eventId, WORKER))) {
    if (repeated) await deps.failed.clear(tenant, work);
    return 'repeat';
  }
  const job = await deps.find(tenant, happening.id);
  const to = job && (await deps.addressOf(job.startedBy.user.id));
  if (job && to) {
    const release = await claim(table, happening, deps.now());
    try {
      await deps.mailer.send({ to, ...lettersOf(job) });
    } catch (error) {
      await release();
      throw error;
    }
  }
  const written = await once(table, WORKER, happening, repeated ? deps.failed.clearing(tenant, work) : [], deps.now());
  return written.kind === 'done' ? 'done' : 'repeat';
}

/** @throws Problem unavailable while another sends it */
async function claim(table: Table, { tenant, eventId }: Reception['happening'], now: Date): Promise<() => Promise<void>> {
  const Key = keyItem(keys.receipt(tenant, eventId, `${WORKER}.sending`));
  const put = new PutItemCommand({
    TableName: table.name,
    Item: { ...Key, expires: expiresAt(now, SENDING_MS / 1_000) },
    ConditionExpression: 'attribute_not_exists(pk) OR #expires < :now',
    ExpressionAttributeNames: { '#expires': 'expires' },
    ExpressionAttributeValues: { ':now': expiresAt(now, 0) },
  });
  await orUnavailable(table.client.send(put)).catch((error: unknown) => {
    if (!(error instanceof Error) || error.name !== 'ConditionalCheckFailedException') throw error;
    throw new Problem('unavailable', 'Another worker is sending this mail.', { cause: error });
  });
  return async () => void (await orUnavailable(table.client.send(new DeleteItemCommand({ TableName: table.name, Key }))));
}

/** Counts only: names of files may be names of people. */
function lettersOf({ state, progress }: ImportJob): { subject: string; text: string } {
  const sum = (of: 'created' | 'present' | 'refused'): number => progress.reduce((total, file) => total + file[of], 0);
  const unfinished = progress.filter(({ failure }) => failure !== undefined).length;
  return {
    subject: state === 'failed' ? 'Your import needs a look' : 'Your import is finished',
    text: [
      state === 'failed'
        ? 'An import that you started is over, and not everything came in.'
        : 'An import that you started is finished.',
      '',
      `Files: ${progress.length}`,
      `Records brought in: ${sum('created')}`,
      `Here already: ${sum('present')}`,
      `Refused: ${sum('refused')}`,
      ...(unfinished > 0 ? [`Files that could not be read to the end: ${unfinished}`] : []),
      '',
      'Sign in to Tessera to see the result for each file, and what to do about what was refused.',
    ].join('\n'),
  };
}
