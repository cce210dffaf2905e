import type { Encounter, FhirResource, Observation, Patient } from 'fhir/r4';
import { readOverview } from '../../functions/charts/chart-overview.ts';
import type { FhirId } from '../../schemas/ids.ts';
import { type TestStore, testStore } from '../support/records.ts';
import { benchCharts } from './charts.ts';

export type OperationFigures = {
  operation: string;
  calls: number;
  queries: number;
  readUnits: number;
  writeUnits: number;
  atMost: string;
};

/** What each operation asks of DynamoDB, counted from the commands sent and the items in them (core/aws/unit-counter.ts). */
export async function benchOperations(endpoint: string): Promise<OperationFigures[]> {
  const store = await testStore({ endpoint });
  const { records, audit, scope } = store;
  const figures: OperationFigures[] = [];
  const count = async <T>(operation: string, atMost: string, run: () => Promise<T>): Promise<T> => {
    store.counter.reset();
    const result = await run();
    const { calls, readUnits, writeUnits, commands } = store.counter;
    const queries = commands.filter((command) => command === 'QueryCommand').length;
    figures.push({ operation, calls, queries, readUnits, writeUnits, atMost });
    return result;
  };

  const patient = await count('create Patient (4 index rows)', '1 call', () => records.create(scope, aPatient));
  const subject = patient.id as FhirId;
  const observation = await count('create Observation', '1 call, 9 units', () =>
    records.create(scope, pulse(subject, '2026-01-01T08:00:00Z')),
  );
  await count('create Encounter', '1 call, 7 units', () => records.create(scope, visit(subject)));
  await count('read by id', '2 reads, 1 audit write', async () => {
    await records.read(scope, 'Observation', observation.id as FhirId);
    await audit.record(scope, {
      interaction: 'read',
      type: 'Observation',
      id: observation.id as FhirId,
      patient: subject,
      outcome: 'success',
    });
  });
  await count('update in place', '3 calls, 8 units', () =>
    records.update(scope, { ...observation, status: 'amended' }, { ifMatch: 1 }),
  );
  await count('update that moves the clinical time', '3 calls, 16 units', () =>
    records.update(scope, { ...observation, effectiveDateTime: '2020-01-01T08:00:00Z' } as Observation & { id: string }, {
      ifMatch: 2,
    }),
  );
  await count('update Patient, a name changes', '3 calls', () =>
    records.update(scope, { ...patient, name: [{ family: 'King', given: ['Ada', 'Augusta'] }] } as Patient & { id: string }, {
      ifMatch: 1,
    }),
  );
  await count('transaction of 20 creates (Encounter)', '1 call, 145 units', () =>
    records.transact(
      scope,
      Array.from({ length: 20 }, () => ({ kind: 'create', resource: visit(subject) }) as const),
    ),
  );
  await count('transaction of 20 updates (Encounter)', '3 calls, 170 units', async () => {
    const page = await records.chart(scope, subject, { types: 'Encounter', count: 20 });
    store.counter.reset();
    await records.transact(
      scope,
      page.items.map(
        (resource) =>
          ({ kind: 'update', resource: { ...(resource as Encounter & { id: string }), status: 'cancelled' } }) as const,
      ),
    );
  });
  await count('delete Observation', '3 calls', () => records.delete(scope, 'Observation', observation.id as FhirId));
  await count('patient search by name', '', () => records.byIndex(scope, 'Patient', 'name', { prefix: 'lov' }, { count: 10 }));

  for (const { title, resources } of benchCharts()) await countChart(store, title, resources, count);
  return figures;
}

type Count = <T>(operation: string, atMost: string, run: () => Promise<T>) => Promise<T>;

async function countChart(store: TestStore, title: string, resources: readonly FhirResource[], count: Count): Promise<void> {
  const patient = resources.find(({ resourceType }) => resourceType === 'Patient');
  if (!patient?.id) throw new Error('This chart has no patient.');
  const subject = patient.id as FhirId;
  await store.records.createMany(
    store.scope,
    resources.map((resource) => ({ resource, id: resource.id as FhirId })),
  );
  await count(`chart, whole: ${title}`, '130 units per 1,000 records', async () => {
    for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
      ({ cursor } = await store.records.chart(store.scope, subject, { count: 10_000, ...(cursor !== undefined && { cursor }) }));
    }
  });
  await count(`chart, first paint: ${title}`, '8 Queries, 60 units', () => readOverview(store.records, store.scope, subject));
}

const aPatient: Patient = {
  resourceType: 'Patient',
  name: [{ family: 'Lovelace', given: ['Ada', 'Augusta'] }],
  birthDate: '1815-12-10',
};
const pulse = (patient: FhirId, effectiveDateTime: string): Observation => ({
  resourceType: 'Observation',
  status: 'final',
  code: { coding: [{ system: 'http://loinc.org', code: '8867-4', display: 'Heart rate' }] },
  subject: { reference: `Patient/${patient}` },
  effectiveDateTime,
  valueQuantity: { value: 72, unit: 'beats/minute', system: 'http://unitsofmeasure.org', code: '/min' },
});
const visit = (patient: FhirId): Encounter => ({
  resourceType: 'Encounter',
  status: 'finished',
  class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
  subject: { reference: `Patient/${patient}` },
  period: { start: '2026-01-01T08:00:00Z', end: '2026-01-01T08:20:00Z' },
});
