import { randomUUID } from 'node:crypto';
import type { Encounter, Practitioner, QuestionnaireResponse } from 'fhir/r4';
import type { SavedMethods } from '../../schemas/billing.ts';
import { finishedVisit } from '../support/billing.ts';
import { startStack } from '../support/stack.ts';
import { type StaffApi, staffApi } from '../support/staff-api.ts';
import { CARD, press } from '../support/stripe.ts';
import { percentile, round } from './statistics.ts';

export type DeedFigures = { deed: string; times: number; p50Ms: number; p95Ms: number; atMost: string };

const TIMES = 40;
const WARM = 6;
const TEMPLATE = [{ linkId: 'plan', text: 'Plan', kind: 'text' }];
const PROMISE = '400 ms p95';

/** Booking, signing and paying on a whole stack of its own: from the client's side of HTTP, one after the other. */
export async function benchDeeds(): Promise<DeedFigures[]> {
  const stack = await startStack();
  try {
    const roles = ['physician', 'front-desk', 'admin', 'biller'] as const;
    const [physician, desk, admin, biller] = await Promise.all(roles.map((role) => staffApi(stack, 'oak', role)));
    if (!physician || !desk || !admin || !biller) throw new Error('A role has no demo user.');
    const patient = (await desk<{ id: string }>('POST', '/fhir/R4/Patient', { resourceType: 'Patient', birthDate: '1980-05-31' }))
      .id;
    return [
      await timed('book a visit', await booking(desk, admin, patient)),
      await timed('sign a note', await signing(physician, admin, patient)),
      ...(await paying(physician, admin, biller, patient)),
    ];
  } finally {
    await stack.stop();
  }
}

async function timed(deed: string, run: (n: number) => Promise<() => Promise<unknown>>): Promise<DeedFigures> {
  const samples: number[] = [];
  for (let n = 0; n < TIMES + WARM; n += 1) {
    const ready = await run(n);
    const began = performance.now();
    await ready();
    if (n >= WARM) samples.push(performance.now() - began);
  }
  const [p50Ms, p95Ms] = [round(percentile(samples, 0.5)), round(percentile(samples, 0.95))];
  return { deed, times: TIMES, p50Ms, p95Ms, atMost: PROMISE };
}

async function booking(desk: StaffApi, admin: StaffApi, patient: string) {
  const who = await admin<Practitioner & { id: string }>('POST', '/fhir/R4/Practitioner', {
    resourceType: 'Practitioner',
    active: true,
  });
  const firstMs = Math.ceil(Date.now() / 86_400_000 + 20) * 86_400_000;
  return async (n: number) => {
    const startMs = firstMs + n * 20 * 60_000;
    const resource = {
      resourceType: 'Appointment',
      status: 'booked',
      start: new Date(startMs).toISOString(),
      end: new Date(startMs + 20 * 60_000).toISOString(),
      participant: [`Patient/${patient}`, `Practitioner/${who.id}`].map((reference) => ({
        actor: { reference },
        status: 'accepted',
      })),
    };
    const body = {
      resourceType: 'Parameters',
      parameter: [
        { name: 'appointment-resource', resource },
        { name: 'override-reason', valueString: 'Measured' },
      ],
    };
    return () => desk('POST', '/fhir/R4/Appointment/$book', body, { 'idempotency-key': randomUUID() });
  };
}

async function signing(physician: StaffApi, admin: StaffApi, patient: string) {
  const { id: template } = await admin<{ id: string }>('POST', '/note-templates', { title: 'Measured', items: TEMPLATE });
  return async () => {
    const visit = await physician<{ id: string }>('POST', '/visits', { patient }, { 'idempotency-key': randomUUID() });
    const note = await physician<QuestionnaireResponse>('POST', `/visits/${visit.id}/note`, { template });
    const item = [{ linkId: 'plan', answer: [{ valueString: 'Rest and fluids.' }] }];
    await physician('PUT', `/fhir/R4/QuestionnaireResponse/${note.id}`, { ...note, item });
    return () => physician('POST', `/visits/${visit.id}/note/sign`, {}, { 'if-match': 'W/"2"' });
  };
}

async function paying(physician: StaffApi, admin: StaffApi, biller: StaffApi, patient: string): Promise<DeedFigures[]> {
  const connect = await admin<{ url: string }>('POST', '/billing/connect');
  await press(connect.url, {});
  const invoice = async (): Promise<string> => {
    const visit = await physician<Encounter & { id: string }>('POST', '/fhir/R4/Encounter', finishedVisit(patient, 'telephone'));
    await biller('POST', `/billing/visits/${visit.id}/check`);
    return (await biller<{ id: string }>('POST', `/billing/visits/${visit.id}/invoice`, { attempt: randomUUID() })).id;
  };
  const byCash = await timed('pay: cash at the desk', async () => {
    const id = await invoice();
    return () => biller('POST', `/billing/invoices/${id}/payments`, { attempt: randomUUID(), cents: 10_00, method: 'cash' });
  });
  const { url } = await biller<{ url: string }>('POST', `/billing/patients/${patient}/methods`, { attempt: randomUUID() });
  await press(url, { number: '4242424242424242', ...CARD });
  const { methods } = await biller<SavedMethods>('GET', `/billing/patients/${patient}/methods`);
  const method = methods[0]?.id ?? '';
  const byCard = await timed('pay: a saved card, with the stand-in of Stripe', async () => {
    const id = await invoice();
    return () => biller('POST', `/billing/invoices/${id}/charge`, { attempt: randomUUID(), cents: 10_00, method });
  });
  return [byCash, byCard];
}
