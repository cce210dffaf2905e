import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { InvoicePage, UnbilledPage } from '../../schemas/billing.ts';
import type { DemoFile } from '../identity/demo-file.ts';
import { JsonFile } from '../identity/json-file.ts';
import { signIn } from '../identity/sign-in.ts';
import { DEMO_CLINICS } from './clinics.ts';
import { demoApi } from './demo-api.ts';

/** Tries, a quarter of a second apart, until the visits that were just loaded have gone through their queue and wait for the biller. */
const LOOKS = 60;
/** Of the visits that wait, the biller has done this many: one paid, one paid in part, the others open. The rest stays to be done. */
const BILLED = 4;

/** What a newcomer finds at the billing desk, made by the biller at the keyboard: done once for a data folder. */
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
  for (const { slug } of DEMO_CLINICS) {
    if (done.value[slug]) continue;
    const user = demo.tenants.find((tenant) => tenant.slug === slug)?.users.find(({ role }) => role === 'biller');
    if (!user) continue;
    const { accessToken: token } = await signIn({ url: demo.url, user, ...(signal && { signal }) });
    const send = demoApi({ url: `${demo.url}/api/${slug}/billing`, token, signal });
    const ready = await readyVisits(() => send<UnbilledPage>('GET', '/unbilled'), signal);
    for (const [at, visit] of ready.slice(0, BILLED).entries()) {
      const made = await send<{ id: string }>('POST', `/visits/${visit}/invoice`, { attempt: randomUUID() });
      const invoice = made && (await send<InvoicePage>('GET', `/invoices/${made.id}`));
      if (!invoice || at > 1) continue;
      const cents = at === 0 ? invoice.openCents : Math.round(invoice.openCents / 2);
      await send('POST', `/invoices/${invoice.id}/payments`, {
        attempt: randomUUID(),
        cents,
        method: at === 0 ? 'check' : 'cash',
      });
    }
    done.value[slug] = true;
    await done.save();
  }
}

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
