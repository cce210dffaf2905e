import { createHash } from 'node:crypto';
import type { SQSEvent } from 'aws-lambda';
import type { Coverage, FhirResource, Invoice } from 'fhir/r4';
import { beforeAll, describe, expect, test } from 'vitest';
import { addCharge } from '../../core/billing/edit-charges.ts';
import { billVisit } from '../../core/billing/invoices.ts';
import { proposeCharges, readVisit } from '../../core/billing/visits.ts';
import { FailedWorkRows } from '../../core/events/failed-work.ts';
import { type Told, toEnvelope, toldBy } from '../../core/events/happening.ts';
import { changedBetween } from '../../core/store/changed.ts';
import { keys } from '../../core/store/keys.ts';
import { dynamoJobs } from '../../functions/imports/dynamo-jobs.ts';
import { newJob } from '../../functions/imports/jobs.ts';
import { runImport, type WorkerDeps } from '../../functions/imports/run-import.ts';
import { recordTargets } from '../../functions/imports/targets.ts';
import { RECORD_RULES } from '../../functions/record-rules.ts';
import { usageReceiver } from '../../functions/usage/receive.ts';
import type { FhirId } from '../../schemas/ids.ts';
import { call } from '../support/api.ts';
import { finishedVisit, haveFees, haveTwoPrices, now } from '../support/billing.ts';
import { type Clinics, openClinics } from '../support/clinics.ts';
import { memoryTrail } from '../support/import-trail.ts';
import { scopeOf, type TestStore, testStore } from '../support/records.ts';

/* Coverages come and go, by every way that there is: what is open is priced by those that stand, what is invoiced stays as it was. */

let store: TestStore;
beforeAll(async () => {
  store = await testStore();
  await furnish(store);
});
const deps = () => ({ records: store.records, now });

/** A clinic whose telephone visits cost 75.00 when an insurer pays, and 50.00 otherwise. */
async function furnish({ records, scope }: Pick<TestStore, 'records' | 'scope'>): Promise<void> {
  await haveFees(records, scope);
  await haveTwoPrices(records, scope);
}
const somebody = async (): Promise<FhirId> =>
  (await store.records.create(store.scope, { resourceType: 'Patient', name: [{ family: 'Okonkwo-Ñúñez' }] })).id as FhirId;
async function openVisit(patient: string, at: Pick<TestStore, 'records' | 'scope'> = store): Promise<FhirId> {
  const visit = finishedVisit(patient, 'telephone', { diagnosis: [{ condition: { display: 'Cough' } }] });
  const id = (await at.records.create(at.scope, visit)).id as FhirId;
  await proposeCharges({ records: at.records, now }, at.scope, id);
  return id;
}
const coverageOf = (patient: string, more: Partial<Coverage> = {}): Coverage => ({
  resourceType: 'Coverage',
  status: 'active',
  beneficiary: { reference: `Patient/${patient}` },
  payor: [{ display: 'Meadow Mutual' }],
  period: { start: '2026-01-01' },
  ...more,
});
const priceOf = async (visit: FhirId, at: Pick<TestStore, 'records' | 'scope'> = store) => {
  const { ratedAs, totalCents } = await readVisit({ records: at.records, now }, at.scope, visit);
  return [ratedAs, totalCents];
};

/** The news of a coverage, as the stream would hand it on: of one that stands and of one that is deleted. */
async function toldOf(id: string, { tableOf, scope }: Pick<TestStore, 'tableOf' | 'scope'> = store): Promise<Told[]> {
  const table = tableOf(scope.tenant);
  const range = { from: { instant: '2020-01-01T00:00:00.000Z' }, to: '2099-01-01T00:00:00.000Z', limit: 500 };
  const { items } = await changedBetween(table, scope.tenant, 'Coverage', range);
  return (await table.batchGet(items)).flatMap(toldBy).filter(({ happening }) => happening.id === id);
}
/** The receiver of the usage queue, as its Lambda has it, given these messages. */
function receive(told: readonly Told[], { records, tableOf }: Pick<TestStore, 'records' | 'tableOf'> = store) {
  const handler = usageReceiver({ records, tableOf, failed: new FailedWorkRows(tableOf, now), now, log: () => undefined });
  const Records = told.map((each) => ({
    messageId: each.happening.eventId,
    body: toEnvelope(each),
    attributes: { ApproximateReceiveCount: '1' },
    messageAttributes: {},
  }));
  return handler({ Records } as unknown as SQSEvent);
}

describe('an import', () => {
  /** Brings these resources, or takes them back, as the worker of the queue does, and hands its news to the receiver. */
  async function importOf(resources: readonly (FhirResource & { id: string })[]) {
    const body = Buffer.from(
      JSON.stringify({
        resourceType: 'Bundle',
        type: 'transaction',
        entry: resources.map((resource) => ({ fullUrl: `urn:uuid:${resource.id}`, resource })),
      }),
    );
    const file = {
      name: 'coverages.json',
      bytes: body.length,
      sha256: createHash('sha256').update(body).digest('hex'),
      format: 'bundle' as const,
    };
    const jobs = dynamoJobs(({ tenant }) => store.tableOf(tenant), Date.now);
    const job = newJob(store.scope, { source: 'urn:old-ehr', files: [file] }, Date.now());
    await jobs.add(store.scope, { ...job, state: 'running' });
    const worker: WorkerDeps = {
      jobs,
      targets: recordTargets(store.records, RECORD_RULES.write),
      uploads: { read: async () => body, remove: async () => undefined },
      trail: memoryTrail(),
      undo: store.records,
      nowMs: Date.now,
      remainingMs: () => 900_000,
    };
    const news = async (): Promise<Told[]> => {
      const item = await store.tableOf(store.scope.tenant).get(keys.import(store.scope.tenant, job.id));
      return item ? toldBy(item) : [];
    };
    await runImport(worker, store.scope, job.id);
    return {
      news,
      async takeBack() {
        const done = await jobs.find(store.scope, job.id);
        if (!done) throw new Error('The import is gone.');
        await jobs.save(store.scope, {
          ...done,
          state: 'undoing',
          undo: { deleted: 0, gone: 0, kept: { changed: 0, referenced: 0, shared: 0 }, keptRecords: [] } as never,
        });
        await runImport(worker, store.scope, job.id);
      },
    };
  }

  test('that brings a coverage prices the open visits anew when it is over; taken back, they are as before', async () => {
    const [patient, other] = [await somebody(), await somebody()];
    const [visit, untouched, invoiced] = [await openVisit(patient), await openVisit(other), await openVisit(patient)];
    const { id: invoice } = await billVisit(deps(), store.scope, invoiced, {});
    const id = '00000000-0000-4000-8000-00000000c0de';
    const brought = await importOf([{ ...coverageOf(patient), id } as Coverage & { id: string }]);
    expect(await toldOf(id)).toEqual([]); // each coverage of an import is no news of its own
    expect(await priceOf(visit)).toEqual(['self-pay', 50_00]);

    const news = await brought.news();
    expect(news.map(({ happening }) => happening.event)).toEqual(['ImportFinished']);
    expect(await receive([...news, ...news])).toEqual({ batchItemFailures: [] });
    expect(await priceOf(visit)).toEqual(['covered', 75_00]);
    expect(await priceOf(untouched)).toEqual(['self-pay', 50_00]);
    expect(await priceOf(invoiced)).toEqual(['self-pay', 50_00]);

    await brought.takeBack();
    const undone = await brought.news();
    expect(undone.map(({ happening }) => happening.event)).toEqual(['ImportUndone']);
    expect(await receive(undone)).toEqual({ batchItemFailures: [] });
    expect(await priceOf(visit)).toEqual(['self-pay', 50_00]);
    expect((await store.records.read<Invoice>(store.scope, 'Invoice', invoice as FhirId)).meta.versionId).toBe('1');
  });

  test('prices every patient’s visits, also when one of them was deleted in the meantime', async () => {
    const patients = await Promise.all([somebody(), somebody(), somebody()]);
    const visits = await Promise.all(patients.map((patient) => openVisit(patient)));
    await store.records.delete(store.scope, 'Encounter', visits[0] as FhirId);
    const brought = await importOf(
      patients.map((patient, at) => ({
        ...coverageOf(patient),
        id: `00000000-0000-4000-8000-0000000000c${at}`,
      })) as (Coverage & { id: string })[],
    );
    expect(await receive(await brought.news())).toEqual({ batchItemFailures: [] });
    for (const visit of visits.slice(1)) expect(await priceOf(visit)).toEqual(['covered', 75_00]);
  });
});

describe('a coverage that was never the patient’s', () => {
  let clinics: Clinics;
  let oak: Pick<TestStore, 'records' | 'scope' | 'tableOf'>;
  beforeAll(async () => {
    clinics = await openClinics();
    const one = await testStore({ tenant: clinics.tenants.oak });
    oak = { records: clinics.records, scope: scopeOf(clinics.tenants.oak), tableOf: one.tableOf };
    await furnish(oak);
  });
  const send = <Body>(method: string, path: string, body?: object) =>
    call<Body>(clinics.handlers.records, method, `/api/oak/fhir/R4${path}`, {
      token: clinics.tokenOf('oak', 'physician', 'front-desk'),
      ...(body && { body }),
    });

  test.each(['deleted', 'marked as an error'] as const)(
    '%s: open visits are for whoever pays alone, the invoice stands, and what was is still to be read',
    async (how) => {
      const patient = (await oak.records.create(oak.scope, { resourceType: 'Patient' })).id;
      const [visit, invoiced] = [await openVisit(patient, oak), await openVisit(patient, oak)];
      const kept = (await send<Coverage & { id: string }>('POST', '/Coverage', coverageOf(patient))).body;
      await receive(await toldOf(kept.id, oak), oak);
      expect(await priceOf(visit, oak)).toEqual(['covered', 75_00]);
      const invoice = await billVisit({ records: oak.records, now }, oak.scope, invoiced, {});
      const gone =
        how === 'deleted'
          ? await send('DELETE', `/Coverage/${kept.id}`)
          : await send('PUT', `/Coverage/${kept.id}`, { ...kept, status: 'entered-in-error' });
      expect(gone.status).toBe(how === 'deleted' ? 204 : 200);
      const told = await toldOf(kept.id, oak);
      expect(told.map(({ happening }) => happening.eventId)).toEqual([`Coverage/${kept.id}/2/CoverageChanged`]);
      expect(await receive([...told, ...told], oak)).toEqual({ batchItemFailures: [] });
      expect(await priceOf(visit, oak)).toEqual(['self-pay', 50_00]);
      expect(await priceOf(invoiced, oak)).toEqual(['covered', 75_00]);
      expect(await oak.records.read(oak.scope, 'Invoice', invoice.id as FhirId)).toEqual(invoice);
      const { items } = await oak.records.history(oak.scope, 'Coverage', kept.id as FhirId, { count: 9 });
      expect(items.at(-1)?.resource).toMatchObject({ status: 'active', payor: [{ display: 'Meadow Mutual' }] });
    },
  );

  test('is deleted in the transaction that records the right one', async () => {
    const patient = (await oak.records.create(oak.scope, { resourceType: 'Patient' })).id;
    const kept = (await send<Coverage & { id: string }>('POST', '/Coverage', coverageOf(patient))).body;
    const right = coverageOf(patient, { payor: [{ display: 'Harbor Health' }] });
    const bundle = {
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [
        { request: { method: 'DELETE', url: `Coverage/${kept.id}` } },
        { resource: right, request: { method: 'POST', url: 'Coverage' } },
      ],
    };
    expect((await send('POST', '', bundle)).status).toBe(200);
    expect(await toldOf(kept.id, oak)).toHaveLength(1);
  });
});

test('deleted while the visit is billed and while its successor is recorded: the invoice is what the biller saw, or nothing is invoiced', async () => {
  for (let round = 0; round < 6; round += 1) {
    const patient = await somebody();
    const visit = await openVisit(patient);
    const kept = await store.records.create(store.scope, coverageOf(patient));
    const id = kept.id as FhirId;
    await receive(await toldOf(id));
    const [bill] = await Promise.allSettled([
      billVisit(deps(), store.scope, visit, {}),
      store.records.delete(store.scope, 'Coverage', id),
      store.records.create(store.scope, coverageOf(patient, { period: { start: '2025-01-01', end: '2025-12-31' } })),
    ]);
    const told = await toldOf(id);
    expect(told).toHaveLength(1);
    await Promise.all([receive(told), receive(told)]);
    const after = await readVisit(deps(), store.scope, visit);
    if (bill.status === 'fulfilled') {
      expect([after.charges.map(({ status }) => status), after.totalCents]).toEqual([['billed'], 75_00]);
      expect(bill.value.totalGross?.value).toBe(75);
    } else {
      expect(bill.reason).toMatchObject({ kind: 'rule-broken' });
      expect([after.ratedAs, after.totalCents]).toEqual(['self-pay', 50_00]);
    }
  }
  // Deleted before it is billed, and the news still on its way: the biller is shown the new price first.
  const patient = await somebody();
  const visit = await openVisit(patient);
  const kept = await store.records.create(store.scope, coverageOf(patient));
  await receive(await toldOf(kept.id));
  await store.records.delete(store.scope, 'Coverage', kept.id as FhirId);
  await expect(billVisit(deps(), store.scope, visit, {})).rejects.toMatchObject({ issues: [{ name: 'prices-changed' }] });
  expect((await billVisit(deps(), store.scope, visit, {})).totalGross?.value).toBe(50);
});

test('a line that is added while the visit is billed is on the invoice or refused, and never left over', async () => {
  const fee = (await store.records.ofType(store.scope, 'ChargeItemDefinition', { count: 50 })).items.find(
    (one) => one.resourceType === 'ChargeItemDefinition' && one.title === 'visit-follow-up',
  );
  for (let round = 0; round < 6; round += 1) {
    const visit = await openVisit(await somebody());
    const add = () => addCharge(deps(), store.scope, visit, { fee: fee?.id as FhirId, quantity: 1 });
    await Promise.allSettled([billVisit(deps(), store.scope, visit, {}), add(), add()]);
    const invoice = await billVisit(deps(), store.scope, visit, {});
    const { charges, totalCents } = await readVisit(deps(), store.scope, visit);
    expect(charges.filter(({ status }) => status !== 'billed')).toEqual([]);
    expect(totalCents).toBe(Math.round((invoice.totalGross?.value ?? 0) * 100));
  }
});
