import { createHash } from 'node:crypto';
import type { FhirId, Slug, TenantId } from '../../schemas/ids.ts';
import type { KeyRange } from './types.ts';

/**
 * Every pk and sk in the table is built in this file and nowhere else.
 *
 *   item                pk                                   sk
 *   record, current     t#<tenant>#in#<place>                <Type>#<time>#<id>
 *   locator             t#<tenant>#<Type>#<id>               at
 *   past version        t#<tenant>#<Type>#<id>               v#<version, 10 digits>
 *   code row            t#<tenant>#in#<place>                ~<Type>#<code>#<time>#<id>
 *   index row           t#<tenant>#ix#<Type>#<parameter>     <value>#<id>
 *   only-one row        t#<tenant>#only#<Type>#<hash>        at
 *   operation key       t#<tenant>#once#<hash>               at
 *   day of the day book t#<tenant>#day#<Type>#<id>           <yyyy-mm-dd, UTC>
 *   audit row           t#<tenant>#audit#<yyyy-mm-dd>#<0-3>  <instant>#<id>
 *   audit index row     t#<tenant>#audit#p#<patient>         <yyyy-mm-dd>#<part, 3 digits>
 *                       t#<tenant>#audit#a#<hash of agent>   <yyyy-mm-dd>#<part, 3 digits>
 *   audit indexed until t#<tenant>#audit#until               at
 *   coverages, counted  t#<tenant>#cover#<patient>           at
 *   shared knowledge    lib#<system>#<version>               <term or code>
 *   import              t#<tenant>#imports                   <import id>
 *   upload, open        t#<tenant>#uploads#open              <upload id>
 *   upload, settled     t#<tenant>#uploads#done              <upload id>
 *   upload, in line     t#<tenant>#uploads#line              <upload id>
 *   place of reading    t#<tenant>#uploads#places            <number>
 *   receipt             t#<tenant>#receipt#<event id>        <receiver>
 *   counted once        t#<tenant>#counted#<Type>#<id>       <line of the usage ledger>
 *   counted encounter   t#<tenant>#counted#<yyyy-mm>         <encounter id>
 *   patient last seen   t#<tenant>#seen#<patient>            at
 *   gate of the plan    t#<tenant>#gate                      at
 *   failed work         t#<tenant>#failed                    <work id>
 *   usage ledger        sys#usage#<tenant>                   <yyyy-mm>
 *   failed work, count  sys#failed#all                       <tenant>#<work id>
 *   run of a schedule   sys#run#<schedule>                   at
 *   slug                sys#slug#<slug>                      at
 *   tenant              sys#tenant#<tenant>                  at
 *   tenant, listed      sys#tenants                          <slug>
 *   membership          sys#user#<sub>                       <slug>
 *   fault, counted      sys#reports                          <fault>
 *   a sender's hour     sys#reports#by#<hash of user>        <hour since 1970>
 *   member              sys#members#<tenant>                 <sub>
 *   invitation          sys#members#<tenant>                 inv-<hash of the e-mail>
 *   room to prescribe   sys#seats#<tenant>                   at
 *   patient's access    sys#portal#<tenant>                  <patient>
 *   operator invited    sys#operators                        inv-<hash of the e-mail>
 *   operators ended     sys#operators                        ended
 *   sign-up             sys#signup#<id>                      at
 *   link                sys#link#<hash of its token>         at
 *   attempts            sys#rate#<what>#<hash of whom>       <begin of the window, s>
 *   Stripe event        sys#stripe#event#<event id>          at
 *   Stripe event failed sys#stripe#failed                    <event id>
 *   owner of an account sys#stripe#owners                    <acct_... or cus_...>
 *   clinic's plan       sys#stripe#plans                     <tenant>
 *   texted              sys#texts#<hash of number>           <tenant>#<patient>
 *   due work            sys#due#<minute>#<shard>             <tenant>#<event>#<Type>#<id>#<detail>   (core/store/due.ts)
 *
 *   <place>  a patient's chart `<patient>`; what is billed for that patient `<patient>#admin`; `~<Type>` for a record in nobody's chart.
 *   <id>     an id as `packId` writes it.     <time>  a time as `sortTime` writes it.
 *   Index `changed`: cpk = t#<tenant>#<Type>, csk = `changeTime`, on current records and on the locators of deleted ones.
 *
 * Invariant: every tenant's pk, index pks too, begins with `tenantPrefix`, the value that the IAM condition dynamodb:LeadingKeys
 * holds a request to. The closing '#' keeps tenant "acme" out of tenant "acme2".
 * Invariant: no part holds a '#': ids and types have none in their alphabets, codes and index values are escaped.
 * '~' is in no id and sorts after every type name, so no patient's chart is a type's partition and a chart's range has no code rows.
 */
export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** Where in the table a current record stands: its partition after `in#`, and its sort time. */
export interface Place {
  readonly place: string;
  readonly time: string;
}

export const tenantPrefix = (tenant: TenantId) => `t#${tenant}#` as const;
export const LIBRARY_PREFIX = 'lib#';
export const DUE_PREFIX = 'sys#due#';
export const TEXTED_PREFIX = 'sys#texts#';
export const DIRECTORY_PREFIXES = ['sys#slug#', 'sys#tenant#', 'sys#tenants', 'sys#user#'] as const;
/** What the directory writer puts and changes, by prefix. Never `t#`: it reaches no record. */
export const WRITER_PREFIXES = [
  ...DIRECTORY_PREFIXES,
  'sys#members#',
  'sys#seats#',
  'sys#operators',
  'sys#portal#',
  'sys#signup#',
  'sys#link#',
  'sys#rate#',
] as const;
/** What it takes away: memberships and invitations. A tenant and its slug stay. */
export const WRITER_DELETES = ['sys#user#', 'sys#members#', 'sys#operators'] as const;
export const STAFF_PREFIX = 'sys#members#';
/** Who races for a clinic's room for prescribers: counts, and nobody's name. */
export const SEATS_PREFIX = 'sys#seats#';
/** Where the invitations begin in a clinic's staff: subs are UUIDs, whose signs all sort before it. */
export const FIRST_INVITATION = 'inv-';
/** A tenant's ledger: outside the tenant's records, since the platform reads it. Nothing follows the tenant, so `acme` is not `acme2`. */
export const usagePk = (tenant: TenantId) => `sys#usage#${tenant}` as const;
export const USAGE_PREFIX = 'sys#usage#';
export const FAILED_PREFIX = 'sys#failed#';
export const RUN_PREFIX = 'sys#run#';
/** What Stripe has told, and which clinic its accounts are: ids and states, nothing of a patient. */
export const STRIPE_PREFIX = 'sys#stripe#';
export const CHANGED_INDEX = 'changed';
/** Those who were invited to run the platform. */
export const OPERATORS = 'sys#operators';
/** The partition with a row for every tenant, by slug: for operators' list and for what has to visit them all. */
export const TENANT_LIST = 'sys#tenants';
/** Reports of broken screens, by fault. */
export const REPORTS = 'sys#reports';
/** Whose audit rows an index row lists: a patient's, or those of an agent, as the rows name them (a sub, or a reference). */
export type AuditSubject = { readonly patient: FhirId } | { readonly agent: string };

/** The one sort key of a partition that holds a single item. */
const AT = 'at';

export const keys = {
  partition: (tenant: TenantId, place: string): string => `${tenantPrefix(tenant)}in#${place}`,
  record: (tenant: TenantId, type: string, id: FhirId, { place, time }: Place): Key => ({
    pk: keys.partition(tenant, place),
    sk: `${type}#${time}#${packId(id)}`,
  }),
  locator: (tenant: TenantId, type: string, id: FhirId): Key => ({ pk: versionsPk(tenant, type, id), sk: AT }),
  pastVersion: (tenant: TenantId, type: string, id: FhirId, version: number): Key => ({
    pk: versionsPk(tenant, type, id),
    sk: `v#${tenDigits(version)}`,
  }),
  codeRow: (tenant: TenantId, type: string, id: FhirId, code: string, { place, time }: Place): Key => ({
    pk: keys.partition(tenant, place),
    sk: `${codePrefix(type, code)}${time}#${packId(id)}`,
  }),
  indexPartition: (tenant: TenantId, type: string, parameter: string): string => `${tenantPrefix(tenant)}ix#${type}#${parameter}`,
  indexRow: (tenant: TenantId, type: string, parameter: string, value: string, id: FhirId): Key => ({
    pk: keys.indexPartition(tenant, type, parameter),
    sk: `${indexValue(value)}#${packId(id)}`,
  }),
  onlyOne: (tenant: TenantId, type: string, criteria: string): Key => ({
    pk: `${tenantPrefix(tenant)}only#${type}#${shortHash(criteria)}`,
    sk: AT,
  }),
  operation: (tenant: TenantId, user: string, operationKey: string): Key => ({
    pk: `${tenantPrefix(tenant)}once#${shortHash(`${user}\n${operationKey}`)}`,
    sk: AT,
  }),
  dayBook: (tenant: TenantId, type: string, id: FhirId): string => `${tenantPrefix(tenant)}day#${type}#${packId(id)}`,
  bookedDay: (tenant: TenantId, type: string, id: FhirId, day: string): Key => ({ pk: keys.dayBook(tenant, type, id), sk: day }),
  coverages: (tenant: TenantId, patient: FhirId): Key => ({ pk: `${tenantPrefix(tenant)}cover#${packId(patient)}`, sk: AT }),
  auditPartition: (tenant: TenantId, day: string, shard: number): string => `${tenantPrefix(tenant)}audit#${day}#${shard}`,
  auditRow: (tenant: TenantId, id: FhirId, { recorded, shard }: { recorded: string; shard: number }): Key => ({
    pk: keys.auditPartition(tenant, recorded.slice(0, 10), shard),
    sk: `${recorded}#${packId(id)}`,
  }),
  auditIndex: (tenant: TenantId, whose: AuditSubject): string =>
    'patient' in whose
      ? `${tenantPrefix(tenant)}audit#p#${packId(whose.patient)}`
      : `${tenantPrefix(tenant)}audit#a#${shortHash(whose.agent)}`,
  auditIndexRow: (tenant: TenantId, whose: AuditSubject, day: string, part: number): Key => ({
    pk: keys.auditIndex(tenant, whose),
    sk: `${day}#${String(part).padStart(3, '0')}`,
  }),
  auditIndexedUntil: (tenant: TenantId): Key => ({ pk: `${tenantPrefix(tenant)}audit#until`, sk: AT }),
  import: (tenant: TenantId, id: string): Key => ({ pk: `${tenantPrefix(tenant)}imports`, sk: id }),
  /** `open` until somebody has filed it or put it away: the filing board is one Query of it. */
  upload: (tenant: TenantId, part: 'open' | 'done', id: string): Key => ({
    pk: `${tenantPrefix(tenant)}uploads#${part}`,
    sk: id,
  }),
  /** Those that wait for a place, the oldest first. */
  uploadInLine: (tenant: TenantId, id: string): Key => ({ pk: `${tenantPrefix(tenant)}uploads#line`, sk: id }),
  readingPlace: (tenant: TenantId, place: number): Key => ({ pk: `${tenantPrefix(tenant)}uploads#places`, sk: String(place) }),
  receipt: (tenant: TenantId, eventId: string, receiver: string): Key => ({
    pk: `${tenantPrefix(tenant)}receipt#${eventId}`,
    sk: receiver,
  }),
  countedOnce: (tenant: TenantId, type: string, id: string, line: string): Key => ({
    pk: `${tenantPrefix(tenant)}counted#${type}#${id}`,
    sk: line,
  }),
  counted: (tenant: TenantId, month: string, id: string): Key => ({ pk: `${tenantPrefix(tenant)}counted#${month}`, sk: id }),
  lastSeen: (tenant: TenantId, patient: FhirId): Key => ({ pk: `${tenantPrefix(tenant)}seen#${packId(patient)}`, sk: AT }),
  gate: (tenant: TenantId): Key => ({ pk: `${tenantPrefix(tenant)}gate`, sk: AT }),
  failedWork: (tenant: TenantId, work: string): Key => ({ pk: `${tenantPrefix(tenant)}failed`, sk: work }),
  failedCount: (tenant: TenantId, work: string): Key => ({ pk: `${FAILED_PREFIX}all`, sk: `${tenant}#${work}` }),
  usage: (tenant: TenantId, month: string): Key => ({ pk: usagePk(tenant), sk: month }),
  run: (schedule: string): Key => ({ pk: `${RUN_PREFIX}${schedule}`, sk: AT }),
  stripeEvent: (event: string): Key => ({ pk: `${STRIPE_PREFIX}event#${event}`, sk: AT }),
  stripeFailed: (event: string): Key => ({ pk: `${STRIPE_PREFIX}failed`, sk: event }),
  stripeOwner: (id: string): Key => ({ pk: `${STRIPE_PREFIX}owners`, sk: id }),
  plan: (tenant: TenantId): Key => ({ pk: `${STRIPE_PREFIX}plans`, sk: tenant }),
  slug: (slug: Slug): Key => ({ pk: `sys#slug#${slug}`, sk: AT }),
  tenant: (tenant: TenantId): Key => ({ pk: `sys#tenant#${tenant}`, sk: AT }),
  /** Counts how often somebody became a prescriber: of two who found the same room for one more, one goes on. */
  seats: (tenant: TenantId): Key => ({ pk: `${SEATS_PREFIX}${tenant}`, sk: AT }),
  listedTenant: (slug: Slug): Key => ({ pk: TENANT_LIST, sk: slug }),
  report: (fault: string): Key => ({ pk: REPORTS, sk: fault }),
  reportsOf: (userHash: string, hour: number): Key => ({ pk: `${REPORTS}#by#${userHash}`, sk: String(hour) }),
  memberships: (sub: string): string => `sys#user#${sub}`,
  membership: (sub: string, slug: Slug): Key => ({ pk: keys.memberships(sub), sk: slug }),
  /** Members by their sub and invitations by their id, which begins with "inv-". */
  staff: (tenant: TenantId): string => `sys#members#${tenant}`,
  member: (tenant: TenantId, id: string): Key => ({ pk: keys.staff(tenant), sk: id }),
  /** How a patient stands to the portal: invited, or with an account. */
  portalAccess: (tenant: TenantId, patient: FhirId): Key => ({ pk: `sys#portal#${tenant}`, sk: packId(patient) }),
  operator: (id: string): Key => ({ pk: OPERATORS, sk: id }),
  signUp: (id: string): Key => ({ pk: `sys#signup#${id}`, sk: AT }),
  textedAt: (hash: string): string => `${TEXTED_PREFIX}${hash}`,
  texted: (hash: string, tenant: TenantId, patient: FhirId): Key => ({
    pk: keys.textedAt(hash),
    sk: `${tenant}#${packId(patient)}`,
  }),
  link: (hash: string): Key => ({ pk: `sys#link#${hash}`, sk: AT }),
  attempts: (what: string, whom: string, windowBegin: number): Key => ({
    pk: `sys#rate#${what}#${whom}`,
    sk: String(windowBegin),
  }),
};

export const changedPartition = (tenant: TenantId, type: string): string => `${tenantPrefix(tenant)}${type}`;

/** The places of a patient's records, and of those that are in nobody's chart. */
export const places = {
  chart: (patient: FhirId): string => packId(patient),
  admin: (patient: FhirId): string => `${packId(patient)}#admin`,
  ofType: (type: string): string => `~${type}`,
};

/** The patient whose chart (or billing) a place is; undefined for a type's own partition. */
export const patientOfPlace = (place: string): FhirId | undefined =>
  place.startsWith('~') ? undefined : unpackId(place.split('#', 1)[0] ?? '');

const versionsPk = (tenant: TenantId, type: string, id: FhirId): string => `${tenantPrefix(tenant)}${type}#${packId(id)}`;
const tenDigits = (version: number): string => String(version).padStart(10, '0');
const codePrefix = (type: string, code: string): string => `~${type}#${indexValue(code)}#`;
const shortHash = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 27);

/** Records of these types, all times. */
export const typeRange = (first: string, last: string = first): KeyRange => ({ from: `${first}#`, to: `${last}$` });
/** Every record of a chart, no code row. */
export const WHOLE_PLACE: KeyRange = { from: 'A', to: '~' };
/** One type's records whose time lies in [from, to), as sort times; either may be missing. */
export const timeRange = (type: string, from: string | undefined, to: string | undefined): KeyRange => ({
  from: `${type}#${from ?? ''}`,
  to: to === undefined ? `${type}$` : `${type}#${to}`,
});
/** One code's rows whose time lies in [from, to), as sort times; either may be missing. */
export const codeRange = (type: string, code: string, from?: string, to?: string): KeyRange => ({
  from: `${codePrefix(type, code)}${from ?? ''}`,
  to: to === undefined ? `${codePrefix(type, code).slice(0, -1)}$` : `${codePrefix(type, code)}${to}`,
});
/** Past versions below `version`; all of them without one. */
export const pastVersionRange = (below?: number): KeyRange => ({
  from: 'v#',
  // Behind the version before it: `to` may be no stored key, and a version is one.
  to: below === undefined ? 'v$' : `v#${tenDigits(below - 1)}$`,
});
/** The day book's rows of these UTC days, both included. */
export const bookedDays = (from: string, to: string): KeyRange => ({ from, to: `${to}$` });
/** Every audit row of one partition. */
export const ALL_AUDIT_ROWS: KeyRange = { from: '0', to: ':' };
/** Audit index rows of these UTC days, both included. */
export const auditDays = (from: string, to: string): KeyRange => ({ from: `${from}#`, to: `${to}$` });
/** Index rows whose value begins with a folded prefix, is exactly that value, or lies between two. */
export type IndexMatch =
  | { readonly prefix: string }
  | { readonly exact: string }
  /** Values from `from` on and before `before`, both shorter than what a key cuts. */
  | { readonly from: string; readonly before: string };

export const indexRange = (match: IndexMatch): KeyRange => {
  if ('from' in match) return { from: escapePart(match.from), to: escapePart(match.before) };
  if ('exact' in match) return { from: `${indexValue(match.exact)}#`, to: `${indexValue(match.exact)}$` };
  const prefix = escapePart(match.prefix);
  // A prefix longer than any stored value is cut as the value was; the caller checks every hit.
  const cut = Buffer.byteLength(prefix) > VALUE_BYTES ? cutTo(prefix, VALUE_BYTES) : prefix;
  // DynamoDB compares with no empty text; every stored value is longer than none.
  return { from: cut || '\u0001', to: `${cut}\u{10ffff}` };
};

/** What a record's sort key says. */
export function parseRecordSk(sk: string): { type: string; time: string; id: FhirId } {
  const [type, time, id] = sk.split('#');
  if (!type || time === undefined || !id) throw new Error('This is not the sort key of a record.');
  return { type, time, id: unpackId(id) };
}
/** What a code row's sort key says. */
export function parseCodeSk(sk: string): { time: string; id: FhirId } {
  const [, , time, id] = sk.split('#');
  if (time === undefined || !id) throw new Error('This is not the sort key of a code row.');
  return { time, id: unpackId(id) };
}
/** What an index row's sort key says; a long value is cut. */
export function parseIndexSk(sk: string): { value: string; id: FhirId } {
  const end = sk.lastIndexOf('#');
  const stored = sk.slice(0, end);
  const escaped = Buffer.byteLength(stored) > VALUE_BYTES ? stored.slice(0, -(1 + VALUE_HASH_CHARACTERS)) : stored;
  return { value: escaped.replaceAll('%23', '#').replaceAll('%25', '%'), id: unpackId(sk.slice(end + 1)) };
}
/** The tenant that a key belongs to; undefined for what is no tenant's. */
export const tenantOfPk = (pk: string): TenantId | undefined => TENANT_PK.exec(pk)?.[1] as TenantId | undefined;
const TENANT_PK = /^t#([a-z0-9]{8,20})#/;
/** Whether the pk holds current records. */
export const isRecordPk = (pk: string): boolean => /^t#[a-z0-9]+#in#/.test(pk);
export const isImportPk = (pk: string): boolean => /^t#[a-z0-9]+#imports$/.test(pk);
/** The type and id of a pk of locator and past versions. */
export function parseVersionsPk(pk: string): { type: string; id: FhirId } | undefined {
  const [, type, packed] = /^t#[a-z0-9]+#([A-Z][A-Za-z]+)#([^#]+)$/.exec(pk) ?? [];
  return type && packed ? { type, id: unpackId(packed) } : undefined;
}
/** Whose chart a row of a number's partition names. */
export function readTexted(sk: string): { tenant: TenantId; patient: FhirId } {
  const [tenant, patient] = sk.split('#');
  if (!tenant || !patient) throw new Error('This is not the sort key of somebody who was written to.');
  return { tenant: tenant as TenantId, patient: unpackId(patient) };
}
export const versionOfSk = (sk: string): number => Number(sk.slice(2));

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** An id as keys write it: a lower-case UUID takes 23 characters instead of 36. '_' is in no FHIR id, so the two forms cannot meet. */
export const packId = (id: FhirId): string =>
  UUID.test(id) ? `_${Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url')}` : id;

export function unpackId(packed: string): FhirId {
  if (!packed.startsWith('_')) return packed as FhirId;
  const hex = Buffer.from(packed.slice(1), 'base64url').toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}` as FhirId;
}

/** Bytes of a code or an index value that a key holds in the clear; a hash stands for the rest. */
const VALUE_BYTES = 200;
const VALUE_HASH_CHARACTERS = 11;

function indexValue(value: string): string {
  const escaped = escapePart(value);
  if (Buffer.byteLength(escaped) <= VALUE_BYTES) return escaped;
  return `${cutTo(escaped, VALUE_BYTES)}~${shortHash(value).slice(0, VALUE_HASH_CHARACTERS)}`;
}
const escapePart = (value: string): string => value.replace(/[%#]/g, (sign) => (sign === '#' ? '%23' : '%25'));
/** The longest beginning of whole characters that fits. */
function cutTo(text: string, bytes: number): string {
  let used = 0;
  let cut = '';
  for (const character of text) {
    used += Buffer.byteLength(character);
    if (used > bytes) break;
    cut += character;
  }
  return cut;
}

/** An instant as the sort key of index `changed`: epoch milliseconds in base 36, nine digits, good until the year 5188. */
export const changeTime = (instant: string): string => Date.parse(instant).toString(36).padStart(9, '0');
export const instantOfChangeTime = (csk: string): string => new Date(Number.parseInt(csk, 36)).toISOString();
