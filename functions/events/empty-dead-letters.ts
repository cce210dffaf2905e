import * as z from 'zod';
import type { FailedWorkRows, Work } from '../../core/events/failed-work.ts';
import { type Happening, readEnvelope } from '../../core/events/happening.ts';
import { workOf } from '../../core/events/receiver.ts';
import { errorLines, type Log } from '../../core/http/log.ts';
import { parseIncomingKey } from '../../core/scans/scan-files.ts';
import type { Worker } from '../../schemas/events.ts';
import { TenantId } from '../../schemas/ids.ts';
import { MOST_TRIES } from '../receivers.ts';

/** A message of the dead-letter queue, as far as we read it. */
export interface DeadLetter {
  readonly body: string;
  /** ARN of the queue that gave it up. */
  readonly from: string | undefined;
  readonly receipt: string;
}
export interface DeadLetters {
  receive(): Promise<readonly DeadLetter[]>;
  delete(receipt: string): Promise<void>;
}
export interface KeeperDeps {
  readonly letters: DeadLetters;
  readonly failed: FailedWorkRows;
  readonly isDone: (receiver: string, happening: Happening) => Promise<boolean>;
  /** ARN of each worker's queue. */
  readonly queues: Readonly<Partial<Record<Worker, { readonly arn: string }>>>;
  readonly log: Log;
  readonly remainingMs: () => number;
}

/** Time for one more batch. */
const BATCH_MS = 5_000;

/**
 * Turns dead letters into rows of failed work of the clinic they belong to. A scheduled look instead of a fourth polled queue: it costs
 * nothing while nothing fails. A letter that belongs to nobody stays where it is, and an alarm tells whoever runs the platform.
 */
export async function emptyDeadLetters(deps: KeeperDeps): Promise<{ setAside: number; unknown: number }> {
  const counts = { setAside: 0, unknown: 0 };
  for (let batch = await deps.letters.receive(); batch.length > 0; batch = await deps.letters.receive()) {
    for (const letter of batch) counts[await keep(deps, letter)]++;
    if (deps.remainingMs() < BATCH_MS) break;
  }
  // The alarm counts these lines.
  if (counts.setAside > 0) deps.log({ level: 'error', event: 'work-set-aside', count: counts.setAside });
  return counts;
}

async function keep({ letters, failed, isDone, queues, log }: KeeperDeps, letter: DeadLetter): Promise<'setAside' | 'unknown'> {
  const worker = WORKER_NAMES.find((name) => letter.from !== undefined && queues[name]?.arn === letter.from);
  const found = worker ? ownerOf(worker, letter.body) : scanOf(letter.body);
  if (!found) return 'unknown';
  const { tenant, work, happening } = found;
  try {
    // Done by a repeat in the meantime: nobody has to be told.
    if (!(happening && (await isDone(work.worker, happening)))) {
      await failed.wait(tenant, work, { tries: MOST_TRIES, failure: 'stopped' });
    }
    await letters.delete(letter.receipt);
    return 'setAside';
  } catch (error) {
    // It comes back, and the next look tries again.
    log({ level: 'error', event: 'dead-letter-kept', worker: work.worker, ...errorLines(error) });
    return 'unknown';
  }
}

const WORKER_NAMES: readonly Worker[] = ['usage', 'notices', 'imports'];
/** What the imports desk sends to its worker. */
const ImportMessage = z.looseObject({ tenant: TenantId, id: z.string().regex(/^[0-9a-z]{1,64}$/) });

/** What Lambda sends of an event that a function of ours could not do, and EventBridge of one that it could not hand on. */
const Scanned = z.looseObject({ detail: z.looseObject({ s3ObjectDetails: z.looseObject({ objectKey: z.string() }) }) });
const GivenUp = z.union([z.looseObject({ requestPayload: Scanned }).transform(({ requestPayload }) => requestPayload), Scanned]);

/** A result of the malware check that the intake could not take in. */
function scanOf(body: string): { tenant: TenantId; work: Work; happening?: Happening } | undefined {
  try {
    const { detail } = GivenUp.parse(JSON.parse(body));
    const key = parseIncomingKey(detail.s3ObjectDetails.objectKey);
    if (!key) return undefined;
    const work: Work = {
      worker: 'scans',
      event: 'ScanArrived',
      subject: `Upload/${key.upload}/${key.file}`,
      message: JSON.stringify(detail),
    };
    return { tenant: key.tenant, work };
  } catch {
    return undefined;
  }
}

function ownerOf(worker: Worker, body: string): { tenant: TenantId; work: Work; happening?: Happening } | undefined {
  try {
    if (worker !== 'imports') {
      const told = readEnvelope(body);
      return { tenant: told.happening.tenant, work: workOf(worker, told, body), happening: told.happening };
    }
    const { tenant, id } = ImportMessage.parse(JSON.parse(body));
    return { tenant, work: { worker, event: 'ImportStarted', subject: `Import/${id}`, message: body } };
  } catch {
    return undefined;
  }
}
