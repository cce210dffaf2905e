import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Bundle } from 'fhir/r4';
import { happeningOf, toEnvelope } from '../../core/events/happening.ts';
import { QueueStore } from '../../local/events/queue-store.ts';
import { signIn } from '../../local/identity/sign-in.ts';
import { readAssembly } from '../../local/template/assembly.ts';
import { attributesAt } from '../../local/template/attributes.ts';
import { readQueues } from '../../local/template/queues.ts';
import { Resolver } from '../../local/template/resolver.ts';
import { FhirId, TenantId } from '../../schemas/ids.ts';
import { type StackAddress, stackAt } from './stack.ts';

/** ms: the stream may be a little behind. */
const PATIENCE_MS = 30_000;
/** The clinic to which the planted letter belongs. */
export const PLANTED_AT = 'oak';

/**
 * Puts a registration that the ledger's queue has given up into the dead-letter queue of a running stack, as its queue does. Within a
 * minute it is failed work of the clinic; trying it again works, for nothing is wrong with it.
 */
export async function plantDeadLetter(address: StackAddress): Promise<void> {
  const tenant = await tenantOf(address);
  const event = { type: 'Patient', id: FhirId.parse(randomUUID()), version: 1, event: 'PatientRegistered' };
  const body = toEnvelope({ happening: happeningOf({ tenant, ...event }), time: new Date().toISOString() });
  const resolver = new Resolver(
    readAssembly(join(address.dataDir, 'template')),
    attributesAt({ origin: address.url, s3: '', services: '' }),
    { parameters: { AppOrigin: address.url }, secretFor: () => '' },
  );
  const usage = readQueues(resolver).find(({ name }) => name.includes('EventsUsage'));
  if (!usage?.deadLetter) throw new Error('The ledger has no queue with dead letters.');
  // A queue beside the real one, which nobody receives from and which gives up at once.
  const beside = { ...usage, name: 'planted', deadLetter: { ...usage.deadLetter, maxReceives: 0 } };
  const store = new QueueStore(join(address.dataDir, 'queues', 'messages.db'));
  try {
    store.send(beside, { body });
    store.receive(beside, 1);
  } finally {
    store.close();
  }
}

/** A tenant's id stands in the events of its patients, and in no answer of the API. */
async function tenantOf(address: StackAddress): Promise<TenantId> {
  const stack = stackAt(address);
  const { accessToken } = await signIn({ url: stack.url, user: stack.user(PLANTED_AT, 'front-desk') });
  const answer = await fetch(`${stack.url}/api/${PLANTED_AT}/fhir/R4/Patient?_count=1`, {
    headers: { authorization: `Bearer ${accessToken}` },
  });
  const id = ((await answer.json()) as Bundle).entry?.[0]?.resource?.id ?? '';
  for (const endMs = Date.now() + PATIENCE_MS; Date.now() < endMs; await wait(200)) {
    const lines = readFileSync(join(stack.dataDir, 'logs', 'bus.log'), 'utf8').split('\n');
    const told = lines.find((event) => event.includes(`"Patient/${id}/`));
    if (told) return TenantId.parse((JSON.parse(told) as { detail: { tenant: string } }).detail.tenant);
  }
  throw new Error('The patient’s registration does not pass over the bus.');
}
