import { createHash } from 'node:crypto';
import type { Bundle, BundleEntry } from 'fhir/r4';
import { toRefusal } from '../../core/http/answer.ts';
import { reply } from '../../core/http/endpoint.ts';
import { operationKeyOf } from '../../core/http/preferences.ts';
import { presentReply, versionHeaders, writeReply } from '../../core/http/record-reply.ts';
import type { Reply, Request } from '../../core/http/types.ts';
import { Problem } from '../../core/outcome.ts';
import type { Scope } from '../../core/scope.ts';
import type { WriteResult } from '../../core/store/types.ts';
import { FhirId } from '../../schemas/ids.ts';
import { AnswerRoom, noRoom } from './answer-room.ts';
import { type SendEntry, toResponseEntry } from './batch.ts';
import type { Entry } from './bundle-entries.ts';
import type { RecordsDeps } from './deps.ts';
import { planTransaction, type Step } from './transaction-plan.ts';
import type { WriteCheck } from './write-check.ts';

/** All or nothing: one TransactWriteItems, then the reads, answered in the order of the Bundle. */
export async function runTransaction(
  request: Request<unknown>,
  entries: readonly Entry[],
  deps: Pick<RecordsDeps, 'records' | 'search' | 'audit' | 'newId'> & { readonly check: WriteCheck; readonly send: SendEntry },
): Promise<Bundle> {
  const operationKey = operationKeyOf(request.headers);
  const newId = operationKey === undefined ? deps.newId : sameIdsAgain(request.scope, operationKey);
  const room = new AnswerRoom(entries.length);
  const steps = await planTransaction(request.scope, entries, { ...deps, newId });
  const results = await write(request, steps, deps);
  const answers: BundleEntry[] = [];
  for (const step of steps) {
    const answer = step.kind === 'read' && room.isFull ? noRoom() : await answerTo(request, step, results, deps.send);
    answers.push(toResponseEntry(room.fit(answer)));
  }
  return { resourceType: 'Bundle', type: 'transaction-response', entry: answers };
}

/** The ids of a transaction with an operation key follow from the key, so that its repeat is recognised as the same writes. */
function sameIdsAgain({ tenant, user }: Scope, operationKey: string): () => FhirId {
  let made = 0;
  return () => {
    const hex = createHash('sha256').update([tenant, user.id, operationKey, made++].join('\n')).digest('hex');
    return FhirId.parse(
      [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-'),
    ); // RFC 9562, version 8
  };
}

async function write(
  { scope, headers }: Request<unknown>,
  steps: readonly Step[],
  { records, check }: Pick<RecordsDeps, 'records'> & { readonly check: WriteCheck },
): Promise<ReadonlyMap<Entry, WriteResult>> {
  const writes = steps.filter((step) => step.kind === 'write');
  if (writes.length === 0) return new Map();
  const operationKey = operationKeyOf(headers);
  const options = { via: 'transaction', ...(operationKey && { operationKey }) } as const;
  const results = await records
    .transact(
      scope,
      writes.map((step) => step.write),
      options,
    )
    .catch((error: unknown) => {
      if (!(error instanceof Problem) || error.kind !== 'too-large') throw error;
      throw new Problem(
        'too-large',
        'This transaction needs more writes than can be made at once. Send it in parts, as a batch, or with $import.',
        { cause: error },
      );
    });
  for (const { type, id, kind } of results) {
    if (kind === 'deleted') check.references.forget(scope, `${type}/${id}`);
    else check.references.see(scope, `${type}/${id}`);
  }
  return new Map(writes.flatMap((step, index) => (results[index] ? [[step.entry, results[index]] as const] : [])));
}

async function answerTo(
  request: Request<unknown>,
  step: Step,
  results: ReadonlyMap<Entry, WriteResult>,
  send: SendEntry,
): Promise<Reply> {
  const { scope, headers } = request;
  // The writes stand by now, so a read that finds nothing says so in its own entry.
  if (step.kind === 'read') return send(request, step.entry).catch(toRefusal);
  if (step.kind === 'present') return presentReply(scope, step.record, headers);
  const result = results.get(step.entry);
  if (!result) throw new Error('Every write of a transaction has a result.');
  if (step.write.kind === 'delete') return reply(204, undefined, versionHeaders(result.version, result.lastUpdated));
  return writeReply(scope, result, headers);
}
