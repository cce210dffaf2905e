import type {
  ChargeItemDefinition,
  FhirResource,
  HealthcareService,
  Location,
  Organization,
  Practitioner,
  Questionnaire,
  Schedule,
} from 'fhir/r4';
import { stableId } from '../../core/stable-id.ts';
import type { FhirId, TenantId } from '../../schemas/ids.ts';
import { type NoteItem, toQuestionnaireItem } from '../../schemas/note-template.ts';
import type { MailLanguage } from '../../schemas/people.ts';
import { availabilityExtension, type OpenSpan, TIME_ZONE } from '../../schemas/scheduling.ts';
import { NOTE_TEMPLATE } from '../../schemas/visit.ts';

/** What a clinic that has just been made begins with: to be changed, not to be believed. All texts are [English, Spanish]. */
type Text = readonly [en: string, es: string];
export interface StarterOrder {
  readonly tenant: TenantId;
  readonly name: string;
  readonly country: string;
  readonly timeZone: string;
  readonly language: MailLanguage;
}

interface VisitType {
  readonly code: string;
  readonly minutes: number;
  readonly name: Text;
}
const VISIT_TYPES: readonly VisitType[] = [
  { code: 'new-patient', minutes: 40, name: ['New patient', 'Paciente nuevo'] },
  { code: 'follow-up', minutes: 20, name: ['Follow-up', 'Seguimiento'] },
  { code: 'well-visit', minutes: 40, name: ['Well visit', 'Revisión preventiva'] },
  { code: 'telephone', minutes: 15, name: ['Telephone visit', 'Visita telefónica'] },
  { code: 'procedure', minutes: 30, name: ['Small procedure', 'Procedimiento menor'] },
  { code: 'nurse-visit', minutes: 15, name: ['Nurse visit', 'Visita de enfermería'] },
];

interface Template {
  readonly code: string;
  readonly title: Text;
  /** LOINC: what kind of document its notes are. */
  readonly loinc: readonly [code: string, display: string];
  readonly parts: readonly Text[];
}
const NOTE_TEMPLATES: readonly Template[] = [
  {
    code: 'soap-visit',
    title: ['Visit note (SOAP)', 'Nota de visita (SOAP)'],
    loinc: ['11506-3', 'Progress note'],
    parts: [
      ['Subjective', 'Subjetivo'],
      ['Objective', 'Objetivo'],
      ['Assessment', 'Valoración'],
      ['Plan', 'Plan'],
    ],
  },
  {
    code: 'well-visit',
    loinc: ['34117-2', 'History and physical note'],
    title: ['Well visit', 'Revisión preventiva'],
    parts: [
      ['Interval history', 'Historia desde la última visita'],
      ['Growth, development or function', 'Crecimiento, desarrollo o función'],
      ['Screening and immunizations', 'Cribado e inmunizaciones'],
      ['Examination', 'Exploración'],
      ['Counselling', 'Consejos'],
      ['Plan', 'Plan'],
    ],
  },
  {
    code: 'telephone',
    loinc: ['34748-4', 'Telephone encounter Note'],
    title: ['Telephone visit', 'Visita telefónica'],
    parts: [
      ['Who called, and how they were identified', 'Quién llamó y cómo se identificó'],
      ['Reason for the call', 'Motivo de la llamada'],
      ['Advice given', 'Consejo dado'],
      ['When to call again or come in', 'Cuándo volver a llamar o acudir'],
    ],
  },
];

/** What a note can bring into the chart: each answer becomes a record when the note is signed. */
const COMMANDS = [
  ['problems', ['Problems', 'Problemas']],
  ['allergies', ['Allergies', 'Alergias']],
] as const satisfies readonly (readonly [NoteItem['kind'], Text])[];

interface Fee {
  readonly code: string;
  /** In hundredths of the currency. An example: the clinic sets its own. */
  readonly amountCents: number;
  readonly title: Text;
}
const OWN_FEES: readonly Fee[] = [
  { code: 'visit-new', amountCents: 180_00, title: ['Visit, new patient', 'Visita, paciente nuevo'] },
  { code: 'visit-follow-up', amountCents: 110_00, title: ['Visit, follow-up', 'Visita de seguimiento'] },
  { code: 'visit-well', amountCents: 160_00, title: ['Well visit', 'Revisión preventiva'] },
  { code: 'visit-nurse', amountCents: 45_00, title: ['Nurse visit', 'Visita de enfermería'] },
  { code: 'visit-long', amountCents: 45_00, title: ['Long visit, over an hour', 'Visita larga, más de una hora'] },
  { code: 'visit-telephone', amountCents: 60_00, title: ['Telephone visit', 'Visita telefónica'] },
  { code: 'procedure-small', amountCents: 150_00, title: ['Small procedure', 'Procedimiento menor'] },
  { code: 'form-letter', amountCents: 25_00, title: ['Form or letter', 'Formulario o carta'] },
  { code: 'missed-visit', amountCents: 40_00, title: ['Missed visit', 'Visita perdida'] },
];
/** HCPCS Level II, public domain (CMS). No CPT: its texts may not be shipped (AMA licence). */
const HCPCS_FEES: readonly Fee[] = [
  {
    code: 'G0438',
    amountCents: 175_00,
    title: ['Annual wellness visit, first (Medicare)', 'Visita anual de bienestar, primera (Medicare)'],
  },
  {
    code: 'G0439',
    amountCents: 140_00,
    title: ['Annual wellness visit, subsequent (Medicare)', 'Visita anual de bienestar, siguientes (Medicare)'],
  },
  { code: 'G0444', amountCents: 25_00, title: ['Annual depression screening', 'Cribado anual de depresión'] },
  { code: 'G0008', amountCents: 30_00, title: ['Giving influenza vaccine', 'Administración de vacuna antigripal'] },
  { code: 'G0009', amountCents: 30_00, title: ['Giving pneumococcal vaccine', 'Administración de vacuna antineumocócica'] },
];
const HCPCS = 'http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets';

/** ISO 4217 of the countries where Tessera is asked for most; a clinic elsewhere begins in US dollars and changes it. */
const CURRENCIES: Readonly<Record<string, string>> = {
  US: 'USD',
  PR: 'USD',
  CA: 'CAD',
  GB: 'GBP',
  MX: 'MXN',
  CO: 'COP',
  AR: 'ARS',
  CL: 'CLP',
  PE: 'PEN',
  AU: 'AUD',
  NZ: 'NZD',
  IN: 'INR',
  CH: 'CHF',
  ...Object.fromEntries(['AT', 'BE', 'DE', 'ES', 'FI', 'FR', 'GR', 'IE', 'IT', 'LU', 'NL', 'PT'].map((code) => [code, 'EUR'])),
};

/** The hours of a clinic that has not said its own. */
const STARTER_HOURS: readonly OpenSpan[] = [
  { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '08:00', to: '12:00' },
  { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '13:00', to: '17:00' },
];

/** Organisation, place, opening hours, visit types with their length, note templates and a fee schedule, as FHIR resources with ids. */
export function starterContent(order: StarterOrder): (FhirResource & { id: FhirId })[] {
  const { tenant, name, country, timeZone, language } = order;
  const say = (text: Text): string => text[language === 'es' ? 1 : 0];
  const id = (what: string): FhirId => stableId(tenant, what);
  const clinic = { reference: `Organization/${id('organization')}`, display: name };
  const place = { reference: `Location/${id('location')}`, display: name };

  const organization: Organization & { id: FhirId } = {
    resourceType: 'Organization',
    id: id('organization'),
    active: true,
    type: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/organization-type', code: 'prov' }] }],
    name,
    address: [{ country }],
  };
  const location: Location & { id: FhirId } = {
    resourceType: 'Location',
    id: id('location'),
    extension: [{ url: TIME_ZONE, valueCode: timeZone }],
    status: 'active',
    name,
    mode: 'instance',
    address: { country },
    managingOrganization: clinic,
  };
  const hours = availabilityExtension({ open: STARTER_HOURS, away: [] });
  const schedule: Schedule & { id: FhirId } = {
    resourceType: 'Schedule',
    id: id('schedule'),
    extension: [hours],
    active: true,
    actor: [place],
  };
  const services = VISIT_TYPES.map((visit): HealthcareService & { id: FhirId } => ({
    resourceType: 'HealthcareService',
    id: id(`visit/${visit.code}`),
    extension: [
      {
        url: 'urn:tessera:visit-length',
        valueDuration: { value: visit.minutes, unit: 'min', system: 'http://unitsofmeasure.org', code: 'min' },
      },
    ],
    active: true,
    providedBy: clinic,
    type: [{ coding: [{ system: 'urn:tessera:visit-type', code: visit.code }], text: say(visit.name) }],
    location: [place],
    name: say(visit.name),
  }));
  const templates = NOTE_TEMPLATES.map(({ code, title, loinc, parts }): Questionnaire & { id: FhirId } => ({
    resourceType: 'Questionnaire',
    id: id(`note/${code}`),
    url: `urn:uuid:${id(`note/${code}`)}`,
    title: say(title),
    status: 'active',
    version: '1',
    language,
    subjectType: ['Patient'],
    code: [
      { system: NOTE_TEMPLATE, code },
      { system: 'http://loinc.org', code: loinc[0], display: loinc[1] },
    ],
    item: [
      ...parts.map((part, at): NoteItem => ({ linkId: String(at + 1), text: say(part), kind: 'text' })),
      ...COMMANDS.map(([kind, text]): NoteItem => ({ linkId: kind, text: say(text), kind })),
    ].map(toQuestionnaireItem),
  }));
  const fee = (system: string, { code, amountCents, title }: Fee): ChargeItemDefinition & { id: FhirId } => ({
    resourceType: 'ChargeItemDefinition',
    id: id(`fee/${code}`),
    url: `urn:uuid:${id(`fee/${code}`)}`,
    title: say(title),
    status: 'active',
    code: { coding: [{ system, code }], text: say(title) },
    propertyGroup: [
      { priceComponent: [{ type: 'base', amount: { value: amountCents / 100, currency: CURRENCIES[country] ?? 'USD' } }] },
    ],
  });
  const fees = [
    ...OWN_FEES.map((own) => fee('urn:tessera:fee', own)),
    ...(country === 'US' ? HCPCS_FEES.map((own) => fee(HCPCS, own)) : []),
  ];
  return [organization, location, schedule, ...services, ...templates, ...fees];
}

/** Whoever writes in charts, as a record of the clinic. A name's last word is taken for the family name, which R4 readers expect. */
export function practitionerOf(tenant: TenantId, sub: string, name: string, email: string): Practitioner & { id: FhirId } {
  const words = name.split(/\s+/);
  const family = words.at(-1) ?? name;
  const given = words.slice(0, -1);
  return {
    resourceType: 'Practitioner',
    id: stableId(tenant, `practitioner/${sub}`),
    active: true,
    name: [{ text: name, family, ...(given.length > 0 && { given }) }],
    telecom: [{ system: 'email', value: email, use: 'work' }],
  };
}

/** By which whoever sees patients can be booked, at the hours of the place until they have their own. */
export function scheduleOf(tenant: TenantId, { id, name }: Practitioner & { id: FhirId }): Schedule & { id: FhirId } {
  return {
    resourceType: 'Schedule',
    id: stableId(tenant, `schedule/${id}`),
    active: true,
    actor: [{ reference: `Practitioner/${id}`, ...(name?.[0]?.text && { display: name[0].text }) }],
  };
}
