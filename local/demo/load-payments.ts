import { randomUUID } from 'node:crypto';
import type { Bundle, Encounter } from 'fhir/r4';
import { type InvoicePage, type SavedMethods, VISIT_TYPE } from '../../schemas/billing.ts';
import type { DemoApi } from './demo-api.ts';

/* What the demo's people do about payments, through the same pages and requests as anybody. */

const DAY_MS = 86_400_000;
/** How long ago the portal's patient was on the telephone. */
const CALLS = [
  { daysAgo: 12, minutes: 20 },
  { daysAgo: 3, minutes: 15 },
];

/** Two calls of a physician's with a patient, about a problem in their chart: one is paid later, the other waits to be. */
export async function recordVisits(physician: DemoApi | undefined, patient: string): Promise<string[]> {
  if (!physician) return [];
  const found = await physician<Bundle>('GET', `/fhir/R4/Condition?patient=${patient}&_count=1`);
  const problem = found?.entry?.[0]?.resource?.id;
  const type = { coding: [{ system: VISIT_TYPE, code: 'follow-up' }], text: 'Follow-up' };
  const made: string[] = [];
  for (const { daysAgo, minutes } of CALLS) {
    const startMs = Date.now() - daysAgo * DAY_MS;
    const encounter: Encounter = {
      resourceType: 'Encounter',
      status: 'finished',
      class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'VR', display: 'virtual' },
      type: [type],
      serviceType: type,
      subject: { reference: `Patient/${patient}` },
      period: { start: new Date(startMs).toISOString(), end: new Date(startMs + minutes * 60_000).toISOString() },
      ...(problem && { reasonReference: [{ reference: `Condition/${problem}` }] }),
    };
    const kept = await physician<Encounter>('POST', '/fhir/R4/Encounter', encounter);
    if (kept?.id) made.push(kept.id);
  }
  return made;
}

/** The administrator answers the stand-in's questions about the clinic. Whether patients can pay by card afterwards. */
export async function connectPayments(admin: DemoApi | undefined): Promise<boolean> {
  const begun = await admin?.<{ url: string }>('POST', '/billing/connect');
  if (!begun) return false;
  await fetch(begun.url, { method: 'POST', redirect: 'manual' });
  return true;
}

/** Saves a card of the invoice's patient on the processor's page and charges it. */
export async function chargeCard(biller: DemoApi, { id, patient, openCents }: InvoicePage, number: string): Promise<void> {
  const path = `/billing/patients/${patient}/methods`;
  const page = await biller<{ url: string }>('POST', path, { attempt: randomUUID() });
  if (!page) return;
  const body = new URLSearchParams({ number, expiry: '12 / 39', cvc: '123' });
  await fetch(page.url, { method: 'POST', body, redirect: 'manual' });
  const method = (await biller<SavedMethods>('GET', path))?.methods[0]?.id;
  if (method) await biller('POST', `/billing/invoices/${id}/charge`, { attempt: randomUUID(), cents: openCents, method });
}
