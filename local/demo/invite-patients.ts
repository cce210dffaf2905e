import { join } from 'node:path';
import type { Patient } from 'fhir/r4';
import type { OnlineTime, OnlineVisitType, PortalState } from '../../schemas/portal.ts';
import type { DemoFile } from '../identity/demo-file.ts';
import { JsonFile } from '../identity/json-file.ts';
import { signIn } from '../identity/sign-in.ts';
import { patientId } from './charts/chart.ts';
import { DEMO_CLINICS } from './clinics.ts';
import { type DemoApi, demoApi } from './demo-api.ts';

/** Beyond the day that the calendar is filled for. */
const VISIT_AHEAD_MS = 6 * 24 * 3_600_000;

/**
 * The demo's patients come to the portal like any other: the front desk invites them from the chart, and they open the mailed link with their
 * birth date; then each books a visit online. Done once for a data folder, so that access which was ended since stays ended.
 */
export async function invitePatients({
  dataDir,
  demo,
  signal,
}: {
  dataDir: string;
  demo: DemoFile;
  signal?: AbortSignal;
}): Promise<void> {
  const done = new JsonFile<Record<string, true>>(join(dataDir, 'demo-portal.json'), () => ({}));
  const anybody = demoApi({ url: demo.url, signal });
  for (const { slug, members } of DEMO_CLINICS) {
    const user = demo.tenants.find((tenant) => tenant.slug === slug)?.users.find(({ role }) => role === 'front-desk');
    if (done.value[slug] || !user) continue;
    const { accessToken: token } = await signIn({ url: demo.url, user, ...(signal && { signal }) });
    const desk = demoApi({ url: demo.url, token, signal });
    for (const { email, patient } of members) {
      if (!patient) continue;
      const id = patientId(patient);
      const invites = `/api/${slug}/portal/invites`;
      const chart = await desk<Patient>('GET', `/api/${slug}/fhir/R4/Patient/${id}`);
      const invited = chart && (await desk<PortalState>('POST', invites, { patient: id, email }));
      if (!invited) continue; // there is no such chart in this folder, or it is open to them already
      const inbox = await anybody<readonly { text: string }[]>('GET', `/local/inbox.json?to=${encodeURIComponent(email)}`);
      const secret = inbox?.map(({ text }) => /\/link#(\S+)/.exec(text)?.[1]).find(Boolean);
      if (!(await anybody('POST', '/api/platform/links/confirm', { token: secret, birthDate: chart.birthDate })))
        throw new Error('A demo patient could not open their invitation.');
      const account = demo.tenants.find((tenant) => tenant.slug === slug)?.users.find((one) => one.email === email);
      if (!account) continue;
      const own = await signIn({ url: demo.url, user: account, ...(signal && { signal }) });
      await bookOnline(demoApi({ url: `${demo.url}/api/${slug}/portal/visits`, token: own.accessToken, signal }));
    }
    done.value[slug] = true;
    await done.save();
  }
}

/** The first free time of what may be booked online, where there is one. */
async function bookOnline(send: DemoApi): Promise<void> {
  const [type] = (await send<{ types: readonly OnlineVisitType[] }>('GET', '/types'))?.types ?? [];
  if (!type) return;
  const from = new Date(Date.now() + VISIT_AHEAD_MS).toISOString();
  const [time] = (await send<{ times: readonly OnlineTime[] }>('POST', '/free', { visitType: type.id, from }))?.times ?? [];
  if (time) await send('POST', '', { visitType: type.id, practitioner: time.practitioner, start: time.start });
}
