import type {
  Bundle,
  Coding,
  Composition,
  CompositionSection,
  DocumentReference,
  Encounter,
  FhirResource,
  Observation,
  Patient,
  Practitioner,
  Questionnaire,
  QuestionnaireResponse,
  Reference,
} from 'fhir/r4';
import { personName } from '../../schemas/names.ts';
import { answersOf, canonicalOf, itemsOf } from '../../schemas/note-template.ts';
import { PORTAL_TAG, WITHHELD_REASON_TAG, type WithheldReason } from '../../schemas/portal-records.ts';
import { profileUrl } from '../../schemas/us-core/profiles.ts';
import { SIGNED, VITALS_TITLE } from '../../schemas/visit.ts';
import { answerText, measurementLines, type NoteLanguage } from './answer-text.ts';
import { narrativeOf } from './narrative.ts';
import type { NoteIds } from './note-ids.ts';

/** What a note is made of when it is signed. Everything as it stands at that moment. */
export interface NoteParts {
  readonly ids: NoteIds;
  readonly draft: QuestionnaireResponse & { id: string };
  readonly template: Questionnaire;
  readonly patient: Patient;
  readonly signer: Practitioner & { id: string };
  readonly encounter: Encounter & { id: string };
  /** Of the place where the visit was. */
  readonly timeZone: string;
  /** Measurements of the visit. */
  readonly vitals: readonly (Observation & { id: string })[];
  /** What its coded answers become, with ids. */
  readonly coded: readonly { readonly linkId: string; readonly resource: FhirResource & { id: string } }[];
  /** UTC instant. */
  readonly signedAt: string;
  readonly withhold?: WithheldReason;
}

export interface NoteDocument {
  readonly composition: Composition & { id: string };
  readonly reference: DocumentReference & { id: string };
  readonly response: QuestionnaireResponse & { id: string };
  /** What is signed: all of it, with the patient, the signer and the visit as they were. */
  readonly bundle: Bundle;
}

const LOINC = 'http://loinc.org';
export const VITALS_CODE = { system: LOINC, code: '8716-3', display: 'Vital signs' };
/** LOINC, "Progress note": the type of a template that names none. */
const PROGRESS_NOTE = { system: LOINC, code: '11506-3', display: 'Progress note' };

export const languageOf = ({ language }: Pick<Questionnaire, 'language'>): NoteLanguage => (language === 'es' ? 'es' : 'en');
export const signerReference = ({ id, name }: Practitioner & { id: string }): Reference => {
  const display = personName(name);
  return { reference: `Practitioner/${id}`, ...(display && { display }) };
};

interface Section {
  readonly title: string;
  readonly text: string;
  readonly code?: CompositionSection['code'];
  readonly entry: readonly Reference[];
}

/** The note in its template's order, then what was measured; questions without an answer are left out. */
export function sectionsOf({ draft, template, vitals, coded, timeZone }: NoteParts): Section[] {
  const answers = answersOf(draft);
  const language = languageOf(template);
  const asked = itemsOf(template).flatMap((item): Section[] => {
    const text = (answers.get(item.linkId) ?? []).map((answer) => answerText(answer, item, language)).join('\n');
    if (text.trim() === '') return [];
    const entry = coded
      .filter(({ linkId }) => linkId === item.linkId)
      .map(({ resource }) => ({ reference: `${resource.resourceType}/${resource.id}` }));
    return [{ title: item.text, text, entry }];
  });
  if (vitals.length === 0) return asked;
  const measured: Section = {
    title: VITALS_TITLE[language],
    text: measurementLines(vitals, { language, timeZone }).join('\n'),
    code: { coding: [VITALS_CODE] },
    entry: vitals.map(({ id }) => ({ reference: `Observation/${id}` })),
  };
  return [...asked, measured];
}

/** The note, ready to be signed and stored. Pure. */
export function noteDocument(parts: NoteParts): NoteDocument {
  const { ids, draft, template, patient, signer, encounter, signedAt } = parts;
  const sections = sectionsOf(parts);
  const title = template.title ?? 'Note';
  const author = signerReference(signer);
  const subject = { reference: `Patient/${patient.id}` };
  const visit = { reference: `Encounter/${encounter.id}` };
  const type = { coding: [template.code?.find(({ system }) => system === LOINC) ?? PROGRESS_NOTE], text: title };

  const composition: NoteDocument['composition'] = {
    resourceType: 'Composition',
    id: ids.composition,
    meta: { tag: [SIGNED] },
    status: 'final',
    type,
    subject,
    encounter: visit,
    date: signedAt,
    author: [author],
    title,
    attester: [{ mode: 'professional', time: signedAt, party: author }],
    ...(encounter.serviceProvider && { custodian: encounter.serviceProvider }),
    section: sections.map(({ title: heading, text, code, entry }) => ({
      title: heading,
      ...(code && { code }),
      text: narrativeOf(text),
      ...(entry.length > 0 && { entry: [...entry] }),
    })),
  };
  const text = [title, ...sections.map((section) => `${section.title}\n${section.text}`)].join('\n\n');
  const reference = documentReference(parts, { type, title, text, author, subject, visit });
  const { meta, ...answered } = draft;
  const response: NoteDocument['response'] = {
    ...answered,
    meta: { ...(meta?.profile && { profile: meta.profile }), tag: [SIGNED] },
    questionnaire: canonicalOf(template),
    status: 'completed',
    author,
  };
  return {
    composition,
    reference,
    response,
    bundle: bundleOf(ids, signedAt, [composition, response, reference, ...around(parts)]),
  };
}

interface Described {
  readonly type: DocumentReference['type'];
  readonly title: string;
  readonly text: string;
  readonly author: Reference;
  readonly subject: Reference;
  readonly visit: Reference;
}

/** The note as charts and other programs find it: its text to read, and beside it the signed file. */
export function documentReference(
  {
    ids,
    encounter,
    signedAt,
    withhold,
  }: Pick<NoteParts, 'ids' | 'signedAt' | 'withhold'> & { encounter: Pick<Encounter, 'serviceProvider' | 'period'> },
  { type, title, text, author, subject, visit }: Described,
): NoteDocument['reference'] {
  return {
    resourceType: 'DocumentReference',
    id: ids.reference,
    meta: { profile: [profileUrl('us-core-documentreference')], tag: [SIGNED, ...portalTags(withhold)] },
    status: 'current',
    docStatus: 'final',
    type,
    category: [
      {
        coding: [
          {
            system: 'http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category',
            code: 'clinical-note',
            display: 'Clinical Note',
          },
        ],
      },
    ],
    subject,
    date: signedAt,
    author: [author],
    authenticator: author,
    ...(encounter.serviceProvider && { custodian: encounter.serviceProvider }),
    content: [
      {
        attachment: {
          contentType: 'text/plain',
          data: Buffer.from(text, 'utf8').toString('base64'),
          title,
          creation: signedAt,
        },
      },
      { attachment: { contentType: 'application/fhir+json', url: `Binary/${ids.file}`, title } },
    ],
    context: { encounter: [visit], ...(encounter.period && { period: encounter.period }) },
  };
}

/** A note is the patient's to read as well, unless somebody says why not. */
export const portalTags = (withhold: WithheldReason | undefined): Coding[] =>
  withhold === undefined
    ? [{ system: PORTAL_TAG, code: 'released' }]
    : [
        { system: PORTAL_TAG, code: 'withheld' },
        { system: WITHHELD_REASON_TAG, code: withhold },
      ];

/** Who a note is about and by, as they were when it was signed: names change, and a note stays what it was. */
export function peopleOf({ patient, signer }: Pick<NoteParts, 'patient' | 'signer'>): FhirResource[] {
  const { id, identifier, name, gender, birthDate } = patient;
  const who: Patient = {
    resourceType: 'Patient',
    ...(id && { id }),
    ...(identifier && { identifier }),
    ...(name && { name }),
    ...(gender && { gender }),
    ...(birthDate && { birthDate }),
  };
  const practitioner: Practitioner = {
    resourceType: 'Practitioner',
    id: signer.id,
    ...(signer.identifier && { identifier: signer.identifier }),
    ...(signer.name && { name: signer.name }),
  };
  return [who, practitioner];
}

/** The visit, and what was measured and found. */
function around({ patient, signer, encounter, coded, vitals }: NoteParts): FhirResource[] {
  const { resourceType, class: kind, type, subject, status } = encounter;
  const visit: Encounter = {
    resourceType,
    id: encounter.id,
    status,
    class: kind,
    ...(type && { type }),
    ...(subject && { subject }),
    ...(encounter.period?.start && { period: { start: encounter.period.start } }),
  };
  return [...peopleOf({ patient, signer }), visit, ...vitals.map(withoutVersion), ...coded.map(({ resource }) => resource)];
}

export const withoutVersion = <R extends FhirResource>({ meta, ...rest }: R): R => {
  const { versionId: _version, lastUpdated: _at, ...others } = meta ?? {};
  return { ...rest, ...(Object.keys(others).length > 0 && { meta: others }) } as R;
};

export const bundleOf = (ids: NoteIds, timestamp: string, resources: readonly FhirResource[]): Bundle => ({
  resourceType: 'Bundle',
  identifier: { system: 'urn:ietf:rfc:3986', value: `urn:uuid:${ids.reference}` },
  type: 'document',
  timestamp,
  entry: resources.map((resource) => ({ fullUrl: `urn:uuid:${resource.id}`, resource })),
});
