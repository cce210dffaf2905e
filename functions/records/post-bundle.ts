import * as z from 'zod';
import { endpoint, reply } from '../../core/http/endpoint.ts';
import { runBatch, type SendEntry } from './batch.ts';
import { entriesOf } from './bundle-entries.ts';
import type { RecordsDeps } from './deps.ts';
import { F } from './paths.ts';
import { runTransaction } from './transaction.ts';
import type { WriteCheck } from './write-check.ts';

/**
 * POST {F}: a batch (each entry by itself) or a transaction (all or nothing). Every member may post one: each entry needs the
 * permission that it would need as a request of its own, and leaves the audit row that it would leave.
 */
export const postBundle = (
  deps: Pick<RecordsDeps, 'records' | 'search' | 'audit' | 'newId' | 'log'>,
  check: WriteCheck,
  send: SendEntry,
) =>
  endpoint({
    method: 'POST',
    path: F,
    access: { kind: 'tenant', type: 'Tenant', interaction: 'read' },
    auditedBy: 'feature',
    summary:
      'Runs a batch or transaction Bundle. A transaction that needs more writes than can be made at once is 413: send it with $import.',
    body: z.unknown(),
    async run(request) {
      const { type, entries } = entriesOf(request.body, request.scope.fhirBase);
      if (type === 'batch') return reply(200, await runBatch(request, entries, send, deps.log));
      return reply(200, await runTransaction(request, entries, { ...deps, check, send }));
    },
  });
