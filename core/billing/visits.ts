import type {
  Account,
  ChargeItem,
  Condition,
  Coverage,
  Encounter,
  FhirResource,
  Immunization,
  Observation,
  Patient,
  Procedure,
} from 'fhir/r4';
import type { Block, Unbilled, UnbilledPage, VisitBill } from '../../schemas/billing.ts';
import { patientOf } from '../../schemas/fhir/compartment.ts';
import { FhirId } from '../../schemas/ids.ts';
import { sumOfCents } from '../../schemas/money.ts';
import { personName } from '../../schemas/names.ts';
import { inLanes } from '../in-lanes.ts';
import { isGone, Problem, said } from '../outcome.ts';
import type { Scope } from '../scope.ts';
import { stableId } from '../stable-id.ts';
import type { Stored, Write } from '../store/types.ts';
import { blocksOf, encounterOf, isOpen, ratedAsOf, totalCentsOf, toVisitCharge } from './charge-item.ts';
import { type BillingDeps, type Clinic, dayIn, readClinic } from './clinic.ts';
import { visitOfInvoice } from './invoice.ts';
import { planCharges } from './plan-charges.ts';
import { coverageOn, isToBill, propose, type VisitFacts, visitTypeOf } from './propose.ts';

/** A patient is new when nobody of the clinic has seen them for three years. */
const NEW_AFTER_YEARS = 3;
/** Tries of a proposal against others that write the same charges. */
const TRIES = 4;

export const accountId = (scope: Scope, patient: string): FhirId => stableId(scope.tenant, `account/${patient}`);

/** Everything of one type in a patient's chart, or in what is billed for them. */
export async function chartOf<R extends FhirResource>(
  { records }: Pick<BillingDeps, 'records'>,
  scope: Scope,
  patient: FhirId,
  type: R['resourceType'],
  options: { compartment?: 'admin'; fromTime?: string; toTime?: string } = {},
): Promise<Stored<R>[]> {
  const found: Stored[] = [];
  let cursor: string | undefined;
  do {
    const page = await records.chart(scope, patient, { types: type, count: 200, ...options, ...(cursor && { cursor }) });
    found.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return found as Stored<R>[];
}

/** Charges are numbered: this many are asked for at once, and the next ones only when all of these are there. */
const NUMBERS = 8;
/** The most charges of one visit, all that ever were: an invoice of them has to fit into one transaction. */
export const MOST_CHARGES = 24;

/** The charges of one visit, in the order in which they were made: by their numbers, so that a visit whose time was corrected keeps its own. */
export async function chargesOf({ records }: BillingDeps, scope: Scope, encounter: string): Promise<Stored<ChargeItem>[]> {
  const found: Stored<ChargeItem>[] = [];
  for (let from = 1; from <= MOST_CHARGES && found.length === from - 1; from += NUMBERS) {
    const ids = Array.from({ length: NUMBERS }, (_, at) => chargeId(scope, encounter, from + at));
    const charges = (await records.readMany(
      scope,
      ids.map((id) => ({ type: 'ChargeItem', id })),
    )) as Stored<ChargeItem>[];
    found.push(...charges.sort((a, b) => ids.indexOf(a.id as FhirId) - ids.indexOf(b.id as FhirId)));
  }
  return found;
}

export const chargeId = (scope: Scope, encounter: string, nth: number): FhirId =>
  stableId(scope.tenant, `charge/${encounter}/${nth}`);

/** What is known of a visit, for the rules. `day`: of the visit, on the clinic's calendar. */
async function factsOf(deps: BillingDeps, scope: Scope, encounter: Stored<Encounter>, day: string): Promise<VisitFacts> {
  const patient = patientOf(encounter);
  const nothing: VisitFacts = {
    encounter,
    performed: [],
    isNew: true,
    hasDiagnosis: (encounter.diagnosis ?? []).length > 0,
    coverage: undefined,
  };
  if (!patient) return nothing;
  const since = `${Number(day.slice(0, 4)) - NEW_AFTER_YEARS}${day.slice(4)}`.replace('-02-29', '-02-28');
  // A record of the visit carries its time, or that of the signing on the next days.
  const around = { fromTime: day, toTime: shifted(day, 3) };
  const of = <R extends FhirResource>(type: R['resourceType'], range: { fromTime?: string; toTime?: string } = {}) =>
    chartOf<R>(deps, scope, patient, type, range);
  const [encounters, coverages, conditions, procedures, immunizations, observations] = await Promise.all([
    of<Encounter>('Encounter', { fromTime: since, toTime: day }),
    of<Coverage>('Coverage'),
    of<Condition>('Condition'),
    of<Procedure>('Procedure', around),
    of<Immunization>('Immunization', around),
    of<Observation>('Observation', around),
  ]);
  const isOurs = ({ encounter: of }: { encounter?: { reference?: string } }): boolean =>
    of?.reference === `Encounter/${encounter.id}`;
  const own = `Encounter/${encounter.id}`;
  const codings = [
    ...procedures.filter((one) => isOurs(one) && one.status === 'completed').map(({ code }) => code),
    ...immunizations.filter((one) => isOurs(one) && one.status === 'completed').map(({ vaccineCode }) => vaccineCode),
    ...observations
      .filter((one) => isOurs(one) && one.status !== 'cancelled' && one.status !== 'entered-in-error')
      .map(({ code }) => code),
  ];
  return {
    encounter,
    performed: codings.flatMap((concept) =>
      (concept?.coding ?? []).flatMap(({ code, display }) => (code ? [{ code, text: concept?.text ?? display ?? code }] : [])),
    ),
    isNew: !encounters.some(
      (other) =>
        other.id !== encounter.id &&
        other.status === 'finished' &&
        (other.period?.start ?? '') < (encounter.period?.start ?? '9999'),
    ),
    hasDiagnosis:
      (encounter.diagnosis ?? []).length > 0 ||
      (encounter.reasonReference ?? []).some(({ reference }) => reference?.startsWith('Condition/')) ||
      conditions.some((condition) => condition.encounter?.reference === own),
    coverage: coverageOn(coverages, day),
  };
}

const shifted = (day: string, days: number): string => new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);
const dayOf = (encounter: { readonly period?: Encounter['period'] | undefined }, { timeZone }: Clinic, now: Date): string => {
  const at = encounter.period?.start ?? encounter.period?.end;
  return at ? (at.length <= 10 ? at.slice(0, 10) : dayIn(timeZone, at)) : dayIn(timeZone, now);
};

/**
 * Makes a finished visit's charges what its facts ask for: the first time proposes them, later follows what has changed. However often and
 * by however many it is called, each charge is there once: the n-th of a visit has one id. Answers how many charges it wrote.
 */
export async function proposeCharges(deps: BillingDeps, scope: Scope, encounterId: FhirId, known?: Clinic): Promise<number> {
  const encounter = await deps.records.read<Encounter>(scope, 'Encounter', encounterId);
  if (!isToBill(encounter, deps.now().getTime())) return 0;
  const clinic = known ?? (await readClinic(deps, scope));
  for (let attempt = 1; ; attempt += 1) {
    const writes = await proposalWrites(deps, scope, encounter, clinic);
    if (writes.length === 0) return 0;
    try {
      await deps.records.transact(scope, writes, { via: 'transaction' });
      return writes.filter((write) => write.kind !== 'delete' && write.resource.resourceType === 'ChargeItem').length;
    } catch (error) {
      if (!isLostRace(error) || attempt >= TRIES) throw error;
    }
  }
}

export const isLostRace = (error: unknown): boolean =>
  error instanceof Problem && (error.kind === 'conflict' || error.kind === 'stale-version');

async function proposalWrites(deps: BillingDeps, scope: Scope, encounter: Stored<Encounter>, clinic: Clinic): Promise<Write[]> {
  const now = deps.now();
  const day = dayOf(encounter, clinic, now);
  const [existing, facts] = await Promise.all([chargesOf(deps, scope, encounter.id), factsOf(deps, scope, encounter, day)]);
  const proposed = propose(facts, clinic.fees, clinic.currency, day);
  const patient = patientOf(encounter);
  const account = patient && accountId(scope, patient);
  const plan = planCharges(
    existing,
    proposed,
    {
      encounter,
      account: account && `Account/${account}`,
      currency: clinic.currency,
      ratedAs: proposed.ratedAs,
      blocks: proposed.blocks,
      at: now.toISOString(),
    },
    (nth) => chargeId(scope, encounter.id, nth),
  );
  const versions = new Map(existing.map(({ id, meta }) => [id, Number(meta.versionId)]));
  const writes: Write[] = [
    ...plan.create.map((resource): Write => ({ kind: 'create', resource, id: FhirId.parse(resource.id) })),
    ...plan.update.map((resource): Write => {
      const ifMatch = versions.get(resource.id ?? '');
      return { kind: 'update', resource: resource as ChargeItem & { id: string }, ...(ifMatch && { ifMatch }) };
    }),
  ];
  writes.push(...heldOpen(existing, writes));
  if (writes.length === 0 || !patient || !account) return writes;
  const present = await deps.records.existing(scope, [{ type: 'Account', id: account }]);
  return present.size > 0 ? writes : [...writes, { kind: 'create', id: account, resource: newAccount(patient, clinic, day) }];
}

/**
 * A charge more is written only while the visit is not billed: with it goes one that is there, as it is, under its version, which whoever
 * bills the visit at the same moment writes too. Else the new one would be left over, on a visit that has its invoice.
 */
export function heldOpen(existing: readonly Stored<ChargeItem>[], writes: readonly Write[]): Write[] {
  const [standing] = existing.filter(isOpen);
  if (!standing || !writes.some(({ kind }) => kind === 'create') || writes.some(({ kind }) => kind === 'update')) return [];
  return [{ kind: 'update', resource: standing, ifMatch: Number(standing.meta.versionId) }];
}

const newAccount = (patient: FhirId, { organization }: Clinic, day: string): Account => ({
  resourceType: 'Account',
  status: 'active',
  type: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'PBILLACCT' }] },
  subject: [{ reference: `Patient/${patient}` }],
  servicePeriod: { start: day },
  ...(organization && { owner: { reference: organization } }),
});

/** Prices a patient's open charges again, after their coverage or the fees have changed. Answers how many visits changed. */
export async function rerateCharges(deps: BillingDeps, scope: Scope, of: { patient: FhirId } | 'everybody'): Promise<number> {
  const charges =
    of === 'everybody'
      ? (await openCharges(deps, scope, Number.POSITIVE_INFINITY)).charges
      : await chartOf<ChargeItem>(deps, scope, of.patient, 'ChargeItem', { compartment: 'admin' });
  const visits = new Set(charges.filter(isOpen).flatMap((charge) => encounterOf(charge) ?? []));
  return visits.size === 0 ? 0 : repropose(deps, scope, [...visits], await readClinic(deps, scope));
}

/** A visit that was deleted is billed to nobody, and keeps no other from its price. @throws every other error */
function noVisitAnyMore(error: unknown): 0 {
  if (!isGone(error)) throw error;
  return 0;
}

/** Visits, or patients, that are looked at at the same time. */
const LANES = 6;

async function repropose(deps: BillingDeps, scope: Scope, visits: readonly string[], clinic: Clinic): Promise<number> {
  const changed = await inLanes(visits, LANES, (visit) =>
    proposeCharges(deps, scope, FhirId.parse(visit), clinic).catch(noVisitAnyMore),
  );
  return changed.filter((count) => count > 0).length;
}

/**
 * After many coverages have come or gone at once: prices the open charges anew whose patient is covered now and was not, or the other way
 * round. One Query a patient tells which: an import may bring ten thousand coverages to a clinic with a handful of open visits.
 */
export async function rerateCovered(deps: BillingDeps, scope: Scope): Promise<number> {
  const { charges } = await openCharges(deps, scope, Number.POSITIVE_INFINITY);
  if (charges.length === 0) return 0;
  const clinic = await readClinic(deps, scope);
  const byPatient = [...Map.groupBy(charges, (charge) => patientOf(charge))];
  const visits = await inLanes(byPatient, LANES, async ([patient, of]) =>
    patient ? (await ratedOtherwise(deps, scope, clinic, patient, of)).flatMap((charge) => encounterOf(charge) ?? []) : [],
  );
  return repropose(deps, scope, [...new Set(visits.flat())], clinic);
}

/** Those of a patient's charges that the coverage of this moment prices otherwise. */
async function ratedOtherwise<C extends ChargeItem>(
  deps: BillingDeps,
  scope: Scope,
  clinic: Clinic,
  patient: FhirId,
  charges: readonly C[],
): Promise<C[]> {
  const coverages = await chartOf<Coverage>(deps, scope, patient, 'Coverage');
  return charges.filter((charge) => {
    const day = dayOf({ period: charge.occurrencePeriod }, clinic, deps.now());
    return ratedAsOf(charge) !== (coverageOn(coverages, day) ? 'covered' : 'self-pay');
  });
}

/** Versions of a coverage that are looked at: the one that was written, and those before it whose news may come with it. */
const VERSIONS = 5;

/**
 * What is not invoiced yet of whoever's coverage was written or deleted, and of whoever's it was before: one that was recorded for the wrong
 * patient priced that one's visits too. A repeat finds the charges as it would price them.
 */
export async function rerateAfter(deps: BillingDeps, scope: Scope, coverage: FhirId): Promise<number> {
  const { items } = await deps.records.history(scope, 'Coverage', coverage, { count: VERSIONS });
  const patients = new Set(items.flatMap(({ resource }) => (resource && patientOf(resource)) ?? []));
  let changed = 0;
  for (const patient of patients) changed += await rerateCharges(deps, scope, { patient });
  return changed;
}

/**
 * Holds what a visit is about to be billed by against the coverage and the fees of this moment: the news of what changed may be on its way.
 * @throws Problem rule-broken when its charges had to be priced anew: whoever bills has seen other sums
 */
export async function refuseOldPrices(
  deps: BillingDeps,
  scope: Scope,
  visit: FhirId,
  charged: readonly Stored<ChargeItem>[],
): Promise<void> {
  if (charged.some(isOpen) && (await proposeCharges(deps, scope, visit)) > 0)
    throw new Problem('rule-broken', said('prices-changed'));
}

/** Charges that the list of what is not billed looks at: beyond these there is another page. */
const MOST_OPEN = 2_000;

async function openCharges(
  { records }: BillingDeps,
  scope: Scope,
  most = MOST_OPEN,
): Promise<{ charges: Stored<ChargeItem>[]; more: boolean }> {
  const charges: Stored<ChargeItem>[] = [];
  let cursor: string | undefined;
  do {
    const page = await records.byIndex(
      scope,
      'ChargeItem',
      'status',
      { prefix: 'open/' },
      { count: 500, ...(cursor && { cursor }) },
    );
    charges.push(...(page.items as Stored<ChargeItem>[]).filter(isOpen));
    cursor = page.cursor;
  } while (cursor !== undefined && charges.length < most);
  return { charges, more: cursor !== undefined };
}

/** How many finished visits have no invoice yet, and how many of them are blocked: for whoever's home shows it. */
export async function countUnbilled(deps: BillingDeps, scope: Scope): Promise<{ visits: number; blocked: number }> {
  const { charges } = await openCharges(deps, scope);
  const visits = Map.groupBy(charges, (charge) => encounterOf(charge) ?? charge.id);
  return {
    visits: visits.size,
    blocked: [...visits.values()].filter((of) => of.some((charge) => blocksOf(charge).length > 0)).length,
  };
}

/** Finished visits without an invoice, the oldest first. */
export async function unbilledVisits(deps: BillingDeps, scope: Scope): Promise<UnbilledPage> {
  const [{ charges, more }, clinic] = await Promise.all([openCharges(deps, scope), readClinic(deps, scope)]);
  const visits = [...Map.groupBy(charges, (charge) => encounterOf(charge) ?? '')].filter(([visit]) => visit !== '');
  const [encounters, patients] = await Promise.all([
    deps.records.readMany(
      scope,
      visits.map(([id]) => ({ type: 'Encounter', id: FhirId.parse(id) })),
    ),
    deps.records.readMany(
      scope,
      [...new Set(charges.flatMap((charge) => patientOf(charge) ?? []))].map((id) => ({ type: 'Patient', id })),
    ),
  ]);
  const byId = new Map([...encounters, ...patients].map((one) => [`${one.resourceType}/${one.id}`, one]));
  const listed = visits.map(([id, of]): Unbilled => {
    const encounter = byId.get(`Encounter/${id}`) as Encounter | undefined;
    const blocks = [...new Set(of.flatMap(blocksOf))];
    return {
      encounter: id,
      ...aboutVisit(encounter, byId.get(of[0]?.subject.reference ?? '') as Patient | undefined),
      state: blocks.length > 0 ? 'blocked' : of.every(({ status }) => status === 'billable') ? 'accepted' : 'proposed',
      blocks,
      lines: of.length,
      totalCents: sumOfCents(of.map((charge) => totalCentsOf(charge, clinic.currency))),
    };
  });
  return { currency: clinic.currency, visits: listed.sort((a, b) => ((a.ended ?? '') < (b.ended ?? '') ? -1 : 1)), more };
}

type AboutVisit = Pick<VisitBill, 'patient' | 'patientName' | 'visitType' | 'practitioner' | 'started' | 'ended'>;
function aboutVisit(encounter: Encounter | undefined, patient: Patient | undefined): AboutVisit {
  const visitType = encounter && (visitTypeOf(encounter)?.text ?? encounter.serviceType?.text ?? encounter.type?.[0]?.text);
  const practitioner = encounter?.participant?.find(({ individual }) => individual?.display)?.individual?.display;
  const { start, end } = encounter?.period ?? {};
  const patientName = patient && personName(patient.name);
  return {
    ...(patient?.id && { patient: patient.id }),
    ...(patientName && { patientName }),
    ...(visitType && { visitType }),
    ...(practitioner && { practitioner }),
    ...(start && { started: start }),
    ...((end ?? start) && { ended: end ?? start }),
  } as AboutVisit;
}

/** One visit with its charges. @throws Problem not-found when it is not finished: nothing is billed before */
export async function readVisit(
  deps: BillingDeps,
  scope: Scope,
  id: FhirId,
): Promise<VisitBill & { readonly charged: readonly Stored<ChargeItem>[] }> {
  const encounter = await deps.records.read<Encounter>(scope, 'Encounter', id);
  const patientId = patientOf(encounter);
  const [charged, clinic, patients, invoices, coverages] = await Promise.all([
    chargesOf(deps, scope, encounter.id),
    readClinic(deps, scope),
    patientId ? deps.records.readMany(scope, [{ type: 'Patient', id: patientId }]) : [],
    patientId ? chartOf(deps, scope, patientId, 'Invoice', { compartment: 'admin' }) : [],
    patientId ? chartOf<Coverage>(deps, scope, patientId, 'Coverage') : [],
  ]);
  if (charged.length === 0) throw new Problem('not-found', said('visit-not-billable'));
  const open = charged.filter(isOpen);
  const standing = charged.filter(({ status }) => status !== 'not-billable');
  const blocks = [...new Set(open.flatMap(blocksOf))] as Block[];
  const ratedAs = charged[0] ? ratedAsOf(charged[0]) : 'self-pay';
  const insurer =
    ratedAs === 'covered' ? coverageOn(coverages, dayOf(encounter, clinic, deps.now()))?.payor[0]?.display : undefined;
  const invoice = invoices.find(
    (one) => one.resourceType === 'Invoice' && one.status !== 'cancelled' && visitOfInvoice(one) === id,
  );
  return {
    encounter: id,
    ...aboutVisit(encounter, patients[0] as Patient | undefined),
    currency: clinic.currency,
    ratedAs,
    ...(insurer && { insurer }),
    blocks,
    charges: charged.map((charge) => toVisitCharge(charge, clinic.currency)),
    totalCents: sumOfCents(standing.map((charge) => totalCentsOf(charge, clinic.currency))),
    ...(invoice?.id && { invoice: invoice.id }),
    charged,
  };
}
