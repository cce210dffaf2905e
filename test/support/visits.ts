import { randomUUID } from 'node:crypto';
import type { QuestionnaireResponse } from 'fhir/r4';
import type { Role } from '../../schemas/access.ts';
import type { FhirId } from '../../schemas/ids.ts';
import { call } from './api.ts';
import { type Clinics, somebodyOf } from './clinics.ts';
import { scopeOf } from './records.ts';
import type { Known } from './sample-requests.ts';

/** Two visits of another patient: the note of one is begun, that of the other is signed. */
export async function notesOf(
  clinics: Clinics,
  slug: 'oak' | 'oak-hill',
  family: string,
): Promise<Pick<Known, 'noteVisit' | 'template' | 'signed'>> {
  const scope = scopeOf(clinics.tenants[slug]);
  const id = somebodyOf(slug) as FhirId;
  await clinics.records.update(scope, { resourceType: 'Practitioner', id, name: [{ text: 'Somebody' }] });
  const { id: patient } = await clinics.records.create(scope, { resourceType: 'Patient', name: [{ family }] });
  const post = <B>(address: string, role: Role, body: object, headers: Record<string, string> = {}) =>
    call<B>(clinics.handlers.visits, 'POST', `/api/${slug}${address}`, {
      body,
      token: clinics.tokenOf(slug, role),
      headers: { 'content-type': 'application/json', ...headers },
    });
  const items = [{ linkId: 'plan', text: 'Plan', kind: 'text' }];
  const template = (await post<{ id: string }>('/note-templates', 'admin', { title: 'Note', items })).body.id;
  const begin = async () => {
    const visit = await post<{ id: string }>('/visits', 'physician', { patient }, { 'idempotency-key': randomUUID() });
    return post<QuestionnaireResponse>(`/visits/${visit.body.id}/note`, 'physician', { template });
  };
  const visitOf = ({ body }: { body: QuestionnaireResponse }): string => body.encounter?.reference?.split('/')[1] ?? '';
  const [open, over] = [await begin(), await begin()];
  for (const { body } of [open, over])
    await clinics.records.update(scope, {
      ...body,
      id: body.id as FhirId,
      item: [{ linkId: 'plan', answer: [{ valueString: 'Rest' }] }],
    });
  const signed = await post<{ id: string }>(`/visits/${visitOf(over)}/note/sign`, 'physician', {}, { 'if-match': 'W/"2"' });
  return { noteVisit: visitOf(open), template, signed: signed.body.id };
}
