import { join } from 'node:path';
import type { Patient } from 'fhir/r4';
import type { UploadAccepted, UploadSource, UploadType } from '../../schemas/uploads.ts';
import type { DemoFile } from '../identity/demo-file.ts';
import { JsonFile } from '../identity/json-file.ts';
import { signIn } from '../identity/sign-in.ts';
import { patientId } from './charts/chart.ts';
import { DEMO_CLINICS } from './clinics.ts';
import { demoApi } from './demo-api.ts';
import { advertisement, labReport, type Named, referralLetter } from './scan-letters.ts';
import { faxOf, pageOf, pdfOf, spoilt } from './scan-maker.ts';

interface Paper {
  readonly source: UploadSource;
  readonly type: UploadType;
  readonly bytes: Buffer;
}

/**
 * What lies on the filing board of the first clinic as it is opened: a result scanned at the desk, a letter by fax, and what belongs in no
 * chart. They are uploaded as a person does it, and read in the background. Done once for a data folder that has charts.
 */
export async function loadScans({
  dataDir,
  demo,
  signal,
}: {
  dataDir: string;
  demo: DemoFile;
  signal?: AbortSignal;
}): Promise<void> {
  const done = new JsonFile<Record<string, true>>(join(dataDir, 'demo-scans.json'), () => ({}));
  const [clinic] = DEMO_CLINICS;
  // The nurse uploads: who follows the README signs in as somebody else, and a code of the second factor is good once.
  const user = demo.tenants.find(({ slug }) => slug === clinic?.slug)?.users.find(({ role }) => role === 'nurse');
  if (!clinic || !user || done.value[clinic.slug]) return;
  const { accessToken: token } = await signIn({ url: demo.url, user, ...(signal && { signal }) });
  const send = demoApi({ url: `${demo.url}/api/${clinic.slug}`, token, signal });
  const people = await Promise.all(
    clinic.patients.slice(0, 2).map((person) => send<Patient>('GET', `/fhir/R4/Patient/${patientId(person)}`)),
  );
  const [one, other] = people.flatMap((patient) => (patient ? [namedAs(patient)] : []));
  if (!one || !other) return;
  for (const { source, type, bytes } of await papersAbout(one, other)) {
    const begun = await send<UploadAccepted>('POST', '/uploads', { source, files: [{ type, bytes: bytes.length }] });
    const [link] = begun?.links ?? [];
    if (!link) return;
    const form = new FormData();
    for (const [name, value] of Object.entries(link.fields)) form.set(name, value);
    form.set('file', new Blob([Uint8Array.from(bytes)], { type }));
    const put = await fetch(link.url, { method: 'POST', body: form, signal: signal ?? null });
    await put.body?.cancel();
    if (!put.ok) return;
  }
  done.value[clinic.slug] = true;
  await done.save();
}

const namedAs = ({ name: [first] = [], birthDate = '' }: Patient): Named => ({
  given: first?.given?.[0] ?? '',
  family: first?.family ?? '',
  birthDate,
});

const papersAbout = async (one: Named, other: Named): Promise<readonly Paper[]> => [
  { source: 'upload', type: 'application/pdf', bytes: await pdfOf(labReport(one)) },
  {
    source: 'fax',
    type: 'image/tiff',
    bytes: faxOf([spoilt(await pageOf(referralLetter(other)), { degrees: 0.8, noise: 1 })], 'fine'),
  },
  { source: 'fax', type: 'application/pdf', bytes: await pdfOf(advertisement()) },
];
