import type { Encounter } from 'fhir/r4';
import { endpoint, reply } from '../../core/http/endpoint.ts';
import { ifMatchVersion, operationKeyOf } from '../../core/http/preferences.ts';
import type { Endpoint, Headers, Reply } from '../../core/http/types.ts';
import { Problem } from '../../core/outcome.ts';
import type { Scope } from '../../core/scope.ts';
import type { Stored } from '../../core/store/types.ts';
import { patientOf } from '../../schemas/fhir/compartment.ts';
import type { FhirId } from '../../schemas/ids.ts';
import { PublishTemplate } from '../../schemas/note-template.ts';
import { AddAddendum, BeginNote, SignNote, StartVisit, StrikeNote } from '../../schemas/visit.ts';
import { addAddendum } from './addendum.ts';
import { beginNote } from './begin-note.ts';
import type { VisitsDeps } from './deps.ts';
import { publishTemplate } from './publish-template.ts';
import { idOf } from './reading.ts';
import { signNote } from './sign-note.ts';
import { checkNote, KEYS_PATH, readSignedFile } from './signed-file.ts';
import { startVisit } from './start-visit.ts';
import { strikeNote } from './strike.ts';
import { noteTemplates, readWorkspace } from './workspace.ts';

const A = '/api/{tenant}';

/** The visit and its note: begun, written, signed, added to, struck, checked. */
export const visitsEndpoints = (deps: VisitsDeps & { readonly newUuid: () => string }): readonly Endpoint[] => [
  endpoint({
    method: 'POST',
    path: `${A}/visits`,
    access: { kind: 'tenant', type: 'Encounter', interaction: 'create' },
    summary: 'Opens a visit for a patient who is here without an appointment. The same Idempotency-Key answers the same visit.',
    body: StartVisit,
    async run({ scope, body, headers }) {
      const { kind, encounter } = await startVisit(deps, scope, body, attemptOf(headers));
      return recordAnswer(scope, kind, encounter);
    },
  }),
  endpoint({
    method: 'GET',
    path: `${A}/visits/{id}`,
    // Whoever may read notes: the front desk works with visits and reads none.
    access: { kind: 'tenant', type: 'QuestionnaireResponse', interaction: 'read' },
    summary: 'Reads a visit with its note, the note’s template, what was measured, and the last note of the same kind.',
    media: 'application/json',
    async run({ scope, params }) {
      const encounter = await deps.records.read<Encounter>(scope, 'Encounter', idOf(params.id));
      return withPatient(reply(200, await readWorkspace(deps, scope, encounter)), encounter);
    },
  }),
  endpoint({
    method: 'POST',
    path: `${A}/visits/{id}/note`,
    access: { kind: 'tenant', type: 'QuestionnaireResponse', interaction: 'create' },
    summary:
      'Begins the visit’s note from a template, or answers the one that is begun. It is then saved as a QuestionnaireResponse.',
    body: BeginNote,
    async run({ scope, params, body }) {
      const { kind, note } = await beginNote(deps, scope, idOf(params.id), body.template);
      return recordAnswer(scope, kind, note);
    },
  }),
  endpoint({
    method: 'POST',
    path: `${A}/visits/{id}/note/sign`,
    access: { kind: 'tenant', type: 'Signature', interaction: 'create' },
    summary:
      'Signs the visit’s note as If-Match names it, once: 201, and 200 for every repeat. Coded answers become records, the visit ends.',
    body: SignNote,
    async run({ scope, params, body, headers }) {
      const version = ifMatchVersion(headers['if-match']);
      if (version === undefined) throw new Problem('invalid', 'Name the version that you sign: If-Match: W/"3".');
      const { kind, reference } = await signNote(deps, scope, { ...body, visit: idOf(params.id), version });
      return recordAnswer(scope, kind, reference);
    },
  }),
  endpoint({
    method: 'POST',
    path: `${A}/notes/{id}/addenda`,
    access: { kind: 'tenant', type: 'Signature', interaction: 'create' },
    summary: 'Adds a signed text to a signed note, which stays as it is. The same Idempotency-Key adds it once.',
    body: AddAddendum,
    async run({ scope, params, body, headers, origin }) {
      const order = { to: idOf(params.id), text: body.text, attempt: attemptOf(headers), origin };
      const { kind, reference } = await addAddendum(deps, scope, order);
      return recordAnswer(scope, kind, reference);
    },
  }),
  endpoint({
    method: 'POST',
    path: `${A}/notes/{id}/strike`,
    access: { kind: 'tenant', type: 'Signature', interaction: 'create' },
    summary: 'Strikes a signed note with a reason: it stays readable, and what it brought into the chart is taken back.',
    body: StrikeNote,
    async run({ scope, params, body, origin }) {
      const { reference } = await strikeNote(deps, scope, { ...body, note: idOf(params.id), origin });
      return recordAnswer(scope, 'present', reference);
    },
  }),
  endpoint({
    method: 'GET',
    path: `${A}/notes/{id}/file`,
    access: { kind: 'tenant', type: 'DocumentReference', interaction: 'read' },
    summary: 'The signed note as a file that anybody can check without us (npm run verify): document, signature and key.',
    media: 'application/json',
    async run({ scope, params, origin }) {
      const { file, reference } = await readSignedFile(deps.records, scope, idOf(params.id), origin);
      return withPatient(
        reply(200, file, { 'content-disposition': `attachment; filename="note-${reference.id}.json"` }),
        reference,
      );
    },
  }),
  endpoint({
    method: 'GET',
    path: `${A}/notes/{id}/verify`,
    access: { kind: 'tenant', type: 'DocumentReference', interaction: 'read' },
    summary: 'Checks a signed note and that the chart still says what was signed: valid, or what was altered.',
    media: 'application/json',
    async run({ scope, params, origin }) {
      const signed = await readSignedFile(deps.records, scope, idOf(params.id), origin);
      return withPatient(reply(200, await checkNote(deps, scope, signed)), signed.reference);
    },
  }),
  endpoint({
    method: 'GET',
    path: `${A}/note-templates`,
    access: { kind: 'tenant', type: 'Questionnaire', interaction: 'search' },
    summary: 'Every version of every note template of the clinic.',
    media: 'application/json',
    async run({ scope }) {
      return reply(200, { templates: await noteTemplates(deps, scope) });
    },
  }),
  endpoint({
    method: 'POST',
    path: `${A}/note-templates`,
    access: { kind: 'tenant', type: 'NoteTemplate', interaction: 'create' },
    summary:
      'Publishes a note template, or the next version of one; notes that were begun keep theirs. 409: somebody was quicker.',
    body: PublishTemplate,
    async run({ scope, body }) {
      return recordAnswer(scope, 'created', await publishTemplate(deps, scope, body, deps.newUuid));
    },
  }),
  endpoint({
    method: 'GET',
    path: KEYS_PATH,
    access: { kind: 'public', why: 'Whoever holds a signed note must be able to check it.' },
    summary: 'The public keys that notes are signed with, as a JSON Web Key Set.',
    media: 'application/json',
    async run() {
      const key = await deps.signer.publicKey();
      return reply(200, { keys: [{ ...key, use: 'sig', alg: 'ES256' }] }, { 'cache-control': 'public, max-age=3600' });
    },
  }),
];

/** @throws Problem invalid without one: a press that is sent twice must be one deed */
function attemptOf(headers: Headers): string {
  const key = operationKeyOf(headers);
  if (key === undefined)
    throw new Problem('invalid', 'Send an Idempotency-Key, such as a UUID, and the same one with every repeat.');
  return key;
}

const recordAnswer = ({ fhirBase }: Scope, kind: 'created' | 'present', record: Stored): Reply =>
  reply(kind === 'created' ? 201 : 200, record, {
    location: `${fhirBase}/${record.resourceType}/${record.id}`,
    etag: `W/"${record.meta.versionId}"`,
  });

function withPatient(answer: Reply, record: Parameters<typeof patientOf>[0]): Reply {
  const patient: FhirId | undefined = patientOf(record);
  return { ...answer, ...(patient && { patient }) };
}
