import { createHash } from 'node:crypto';
import type { Basic, Reference } from 'fhir/r4';
import { FhirId } from '../../schemas/ids.ts';
import { ownerKeyOf, ownerKeysOf, STAFF_SYSTEM } from '../../schemas/tasks.ts';
import type { Scope } from '../scope.ts';
import type { Records, Stored } from '../store/types.ts';

/*
 * Who does not work in the clinic any more: a mark (`Basic`) for each name that a person owns tasks under, written when they are disabled
 * and deleted when they are enabled. It is a record, so that whoever opens a task can ask for it with what they have, and so that it falls
 * due itself: some time after it was written, everything that is the person's by then is given back (functions/record-due.ts).
 * Invariant: no task stays with who has left. One opened after the mark, or opened again, goes to its pool. One that was being opened, or
 * that the person took with a token from before (15 minutes), is there when the mark falls due. What an interrupted release left is there
 * too.
 */
const PREFIX = 'left-';
const SYSTEM = 'urn:tessera:basic';
const LEFT_AT = 'urn:tessera:left';

/** From the mark to the second release: longer than a token of before opens anything. */
export const LEFT_AGAIN_MS = 20 * 60_000;

/** Whether a Basic of this id is such a mark: only the staff's list writes it. */
export const isLeftId = (id: string): boolean => id.startsWith(PREFIX);
const leftId = (key: string): FhirId => FhirId.parse(`${PREFIX}${createHash('sha256').update(key).digest('hex').slice(0, 32)}`);

interface Person {
  readonly sub: string;
  readonly fhirUser?: string;
  readonly name?: string;
}

/** Writes down that somebody has left, or that they are back; repeated, it finds that done. */
export async function markLeft(
  records: Pick<Records, 'update' | 'delete' | 'existing'>,
  scope: Scope,
  person: Person,
  has: { readonly leftAt: Date } | 'returned',
): Promise<void> {
  const keys = ownerKeysOf(person);
  if (has !== 'returned') {
    for (const key of keys) await records.update<Basic>(scope, markOf(key, person, has.leftAt));
    return;
  }
  const references = keys.map((key) => ({ type: 'Basic', id: leftId(key) }));
  const there = await records.existing(scope, references);
  for (const { type, id } of references) if (there.has(`${type}/${id}`)) await records.delete(scope, type, id);
}

const markOf = (key: string, { sub, fhirUser, name }: Person, at: Date): Basic & { id: FhirId } => ({
  resourceType: 'Basic',
  id: leftId(key),
  extension: [{ url: LEFT_AT, valueInstant: at.toISOString() }],
  identifier: [{ system: STAFF_SYSTEM, value: sub }],
  code: { coding: [{ system: SYSTEM, code: 'left' }], text: 'Does not work here any more' },
  ...(fhirUser && { subject: { reference: fhirUser, ...(name && { display: name }) } }),
});

/** When everything that is still theirs is given back; undefined for a Basic that is no such mark. */
export function leftAgainAtMs({ id, extension }: Basic): number | undefined {
  const at = extension?.find(({ url }) => url === LEFT_AT)?.valueInstant;
  return at !== undefined && isLeftId(id ?? '') ? Date.parse(at) + LEFT_AGAIN_MS : undefined;
}

/** Whom a mark names; undefined when it is none, or they are back. */
export async function findLeft(records: Pick<Records, 'readMany'>, scope: Scope, id: FhirId): Promise<Person | undefined> {
  if (!isLeftId(id)) return undefined;
  const [mark] = (await records.readMany(scope, [{ type: 'Basic', id }])) as readonly Stored<Basic>[];
  const sub = mark?.identifier?.[0]?.value;
  if (!mark || !sub) return undefined;
  const { reference: fhirUser, display: name } = mark.subject ?? {};
  return { sub, ...(fhirUser && { fhirUser }), ...(name && { name }) };
}

async function hasLeft(records: Pick<Records, 'readMany'>, scope: Scope, owner: Reference): Promise<boolean> {
  const key = ownerKeyOf(owner);
  return key !== undefined && (await records.readMany(scope, [{ type: 'Basic', id: leftId(key) }])).length > 0;
}

/** The same for somebody who is here: without its owner, when that has left. */
export async function forWhoIsHere<T extends { readonly owner?: Reference | undefined }>(
  records: Pick<Records, 'readMany'>,
  scope: Scope,
  wanted: T,
): Promise<T> {
  if (!wanted.owner || !(await hasLeft(records, scope, wanted.owner))) return wanted;
  const { owner: _, ...rest } = wanted;
  return rest as T;
}
