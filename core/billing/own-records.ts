import type { Basic } from 'fhir/r4';
import type { FhirId } from '../../schemas/ids.ts';
import type { Scope } from '../scope.ts';
import { stableId } from '../stable-id.ts';
import type { Stored, Write } from '../store/types.ts';
import type { BillingDeps } from './clinic.ts';

/*
 * What billing keeps of a clinic that FHIR has no type for, each one Basic under an id that follows from the clinic: which account takes its
 * payments, how the last comparison with the processor went. Written here and in no other way (functions/billing/rules).
 */
export const OWN_SYSTEM = 'urn:tessera:basic';
const CONTENT = 'urn:tessera:basic-content';
export const OWN_NAMES = ['payment-account', 'reconciliation'] as const;
export type OwnName = (typeof OWN_NAMES)[number];

export const ownId = (scope: Pick<Scope, 'tenant'>, name: OwnName): FhirId => stableId(scope.tenant, `billing/${name}`);

export interface Kept<T> {
  readonly value: T;
  readonly version: number;
}

export async function readOwn<T>(
  { records }: Pick<BillingDeps, 'records'>,
  scope: Scope,
  name: OwnName,
): Promise<Kept<T> | undefined> {
  const [record] = (await records.readMany(scope, [{ type: 'Basic', id: ownId(scope, name) }])) as Stored<Basic>[];
  const text = record?.extension?.find(({ url }) => url === CONTENT)?.valueString;
  return record && text !== undefined ? { value: JSON.parse(text) as T, version: Number(record.meta.versionId) } : undefined;
}

export async function writeOwn(
  { records }: Pick<BillingDeps, 'records'>,
  scope: Scope,
  name: OwnName,
  value: unknown,
  ifMatch: number | undefined,
): Promise<void> {
  const resource: Basic & { id: string } = {
    resourceType: 'Basic',
    id: ownId(scope, name),
    extension: [{ url: CONTENT, valueString: JSON.stringify(value) }],
    code: { coding: [{ system: OWN_SYSTEM, code: name }], text: name },
  };
  const write: Write =
    ifMatch === undefined ? { kind: 'create', resource, id: ownId(scope, name) } : { kind: 'update', resource, ifMatch };
  await records.transact(scope, [write]);
}

/** Which account of which processor takes the clinic's payments. */
export interface PaymentAccount {
  readonly way: 'stripe';
  readonly account: string;
  /** UTC instant. */
  readonly since: string;
}
