import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Role } from '../../schemas/access.ts';
import type { InvoicePage, UnbilledPage } from '../../schemas/billing.ts';
import type { DemoFile } from '../identity/demo-file.ts';
import { JsonFile } from '../identity/json-file.ts';
import { signIn } from '../identity/sign-in.ts';
import { patientId } from './charts/chart.ts';
import { DEMO_CLINICS, type DemoClinic } from './clinics.ts';
import { type DemoApi, demoApi } from './demo-api.ts';
import { chargeCard, connectPayments, recordVisits } from './load-payments.ts';

/** Tries, a quarter of a second apart, until the visits that were just loaded have gone through their queue and wait for the biller. */
const LOOKS = 60;
/** Of the visits that wait, the biller has done this many: one paid, one paid in part, the others open. The rest stays to be done, and of those that can be billed at least so many. */
const BILLED = 4;
const LEFT = 2;
/** The clinic whose account at the stand-in of Stripe is open: the other one is for whoever wants to open it. */
const CONNECTED = 'oak';
/** Stripe's numbers of a card that pays, and of one that can be saved and is declined when it is charged. */
const PAYS = '4242424242424242';
const DECLINED = '4000000000000341';

/** What a newcomer finds at the billing desk, made by the people of the clinic at their keyboards: done once for a data folder. */
export async function loadBilling({
  dataDir,
  demo,
  signal,
}: {
  dataDir: string;
  demo: DemoFile;
  signal?: AbortSignal;
}): Promise<void> {
  const done = new JsonFile<Record<string, true>>(join(dataDir, 'demo-billing.json'), () => ({}));
  for (const clinic of DEMO_CLINICS) {
    if (done.value[clinic.slug]) continue;
    const users = demo.tenants.find(({ slug }) => slug === clinic.slug)?.users;
    const as = async (role: Role): Promise<DemoApi | undefined> => {
      const user = users?.find((one) => one.role === role);
      if (!user) return undefined;
      const { accessToken: token } = await signIn({ url: demo.url, user, ...(signal && { signal }) });
      return demoApi({ url: `${demo.url}/api/${clinic.slug}`, token, signal });
    };
    await atTheDesk(clinic, as, signal);
    done.value[clinic.slug] = true;
    await done.save();
  }
}

type As = (role: Role) => Promise<DemoApi | undefined>;

async function atTheDesk(clinic: DemoClinic, as: As, signal: AbortSignal | undefined): Promise<void> {
  const biller = await as('biller');
  if (!biller) return;
  const ready = await readyVisits(() => biller<UnbilledPage>('GET', '/billing/unbilled'), signal);
  const invoices = await billAll(biller, ready.slice(0, Math.max(1, Math.min(BILLED, ready.length - LEFT))));
  const [first, second, third] = invoices;
  if (first) await takeByHand(biller, first, first.openCents, 'check');
  if (second) await takeByHand(biller, second, Math.round(second.openCents / 2), 'cash');
  const connected = clinic.slug === CONNECTED && (await connectPayments(await as('admin')));
  const reader = clinic.members.find(({ patient }) => patient)?.patient;
  const visits = reader ? await recordVisits(await as('physician'), patientId(reader)) : [];
  for (const visit of visits) await biller('POST', `/billing/visits/${visit}/check`);
  const [paid] = await billAll(biller, visits);
  if (paid && connected) await chargeCard(biller, paid, PAYS);
  else if (paid) await takeByHand(biller, paid, paid.openCents, 'check');
  if (third && connected) await chargeCard(biller, third, DECLINED);
}

async function billAll(biller: DemoApi, visits: readonly string[]): Promise<InvoicePage[]> {
  const invoices: InvoicePage[] = [];
  for (const visit of visits) {
    const made = await biller<{ id: string }>('POST', `/billing/visits/${visit}/invoice`, { attempt: randomUUID() });
    const invoice = made && (await biller<InvoicePage>('GET', `/billing/invoices/${made.id}`));
    if (invoice) invoices.push(invoice);
  }
  return invoices;
}

const takeByHand = (biller: DemoApi, { id }: InvoicePage, cents: number, method: 'check' | 'cash'): Promise<unknown> =>
  biller('POST', `/billing/invoices/${id}/payments`, { attempt: randomUUID(), cents, method });

/** The visits that can be billed, once their number does not grow any more. */
async function readyVisits(look: () => Promise<UnbilledPage | undefined>, signal: AbortSignal | undefined): Promise<string[]> {
  let before = -1;
  for (let tries = 0; tries < LOOKS; tries += 1) {
    const visits = (await look())?.visits ?? [];
    if (visits.length > 0 && visits.length === before)
      return visits.filter(({ state }) => state !== 'blocked').map(({ encounter }) => encounter);
    before = visits.length;
    await wait(250, undefined, { signal });
  }
  return [];
}
