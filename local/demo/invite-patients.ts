import { join } from 'node:path';
import type { Patient } from 'fhir/r4';
import type { PortalState } from '../../schemas/portal.ts';
import type { DemoFile } from '../identity/demo-file.ts';
import { JsonFile } from '../identity/json-file.ts';
import { signIn } from '../identity/sign-in.ts';
import { patientId } from './charts/chart.ts';
import { DEMO_CLINICS } from './clinics.ts';

/**
 * The demo's patients come to the portal like any other: the front desk invites them from the chart, and they open the mailed link with their
 * birth date. Done once for a data folder, so that access which was ended since stays ended.
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
  const send = async <T>(method: string, path: string, { token, body }: { token?: string; body?: object }) => {
    const answer = await fetch(`${demo.url}${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      ...(body && { body: JSON.stringify(body) }),
      signal: signal ?? null,
    });
    return answer.ok ? ((await answer.json()) as T) : void (await answer.body?.cancel());
  };
  for (const { slug, members } of DEMO_CLINICS) {
    const user = demo.tenants.find((tenant) => tenant.slug === slug)?.users.find(({ role }) => role === 'front-desk');
    if (done.value[slug] || !user) continue;
    const { accessToken: token } = await signIn({ url: demo.url, user, ...(signal && { signal }) });
    for (const { email, patient } of members) {
      if (!patient) continue;
      const id = patientId(patient);
      const invites = `/api/${slug}/portal/invites`;
      const chart = await send<Patient>('GET', `/api/${slug}/fhir/R4/Patient/${id}`, { token });
      const invited = chart && (await send<PortalState>('POST', invites, { token, body: { patient: id, email } }));
      if (!invited) continue; // there is no such chart in this folder, or it is open to them already
      const inbox = await send<readonly { text: string }[]>('GET', `/local/inbox.json?to=${encodeURIComponent(email)}`, {});
      const secret = inbox?.map(({ text }) => /\/link#(\S+)/.exec(text)?.[1]).find(Boolean);
      const body = { token: secret, birthDate: chart.birthDate };
      if (!(await send('POST', '/api/platform/links/confirm', { body })))
        throw new Error('A demo patient could not open their invitation.');
    }
    done.value[slug] = true;
    await done.save();
  }
}
