import * as z from 'zod';
import { FhirId, TenantId } from '../../schemas/ids.ts';
import { type Item, stringOf } from '../store/item.ts';
import { instantOfChangeTime, isImportPk, isRecordPk, parseRecordSk, parseVersionsPk, tenantOfPk } from '../store/keys.ts';

/**
 * What has happened, as it travels over the bus: names and opaque ids, nothing of what a record says.
 * Invariant: no field is added here. Whoever needs more reads the record, under a tenant's own credentials.
 */
export const Happening = z.strictObject({
  tenant: TenantId,
  /** A FHIR type, or `Import`. */
  type: z.string().regex(/^[A-Z][A-Za-z]{1,50}$/),
  id: FhirId,
  version: z.int().positive(),
  /** In the past tense: PatientRegistered. */
  event: z.string().regex(/^[A-Z][A-Za-z]{2,50}$/),
  /** The same whenever and however often it is told: what receivers know a repeat by. */
  eventId: z.string().regex(/^[A-Za-z0-9._/-]{5,200}$/),
});
export type Happening = z.infer<typeof Happening>;

/** A happening and when it happened: a UTC instant. */
export interface Told {
  readonly happening: Happening;
  readonly time: string;
}

/** The source of our events on the bus. */
export const SOURCE = 'tessera';

/** A text, or a list of that one text: what a rule takes from another service's event may stand in a list there (infra/constructs/delivery.ts). */
const sole = <S extends z.ZodType>(text: S) => z.union([text, z.tuple([text]).transform(([only]) => only)]);

/** What EventBridge hands to a queue. Only what receivers read. */
export const Envelope = z.object({
  source: z.literal(SOURCE),
  time: z.iso.datetime(),
  detail: Happening.extend({ tenant: sole(TenantId), id: sole(FhirId) }),
});

/** @throws when the text is no event of ours */
export function readEnvelope(body: string): Told {
  const { detail, time } = Envelope.parse(JSON.parse(body));
  return { happening: detail, time };
}

/** The same words that the bus uses, to send an event to one receiver again. */
export const toEnvelope = ({ happening, time }: Told): string =>
  JSON.stringify({ source: SOURCE, 'detail-type': happening.event, time, detail: happening });

export function happeningOf(of: Omit<Happening, 'eventId'>): Happening {
  return { ...of, eventId: [of.type, of.id, of.version, of.event].join('/') };
}

/** What an item of the table says has happened: by its current version, by that it is deleted, or by an import's state. Nothing for items of any other kind. */
export function toldBy(item: Item): Told[] {
  const [pk, sk] = [stringOf(item, 'pk'), stringOf(item, 'sk')];
  const tenant = tenantOfPk(pk);
  const names = item.events?.SS ?? [];
  if (!tenant || names.length === 0) return [];
  const subject = isRecordPk(pk)
    ? { type: parseRecordSk(sk).type, id: parseRecordSk(sk).id, version: Number(item.v?.N) }
    : isImportPk(pk)
      ? { type: 'Import', id: FhirId.parse(sk), version: Number(item.n?.N) }
      : deletedOf(pk, item);
  if (!subject) return [];
  const time = instantOfChangeTime(stringOf(item, 'csk'));
  return names.toSorted().map((event) => ({ happening: happeningOf({ tenant, ...subject, event }), time }));
}

/** A record that is deleted stands in its locator. */
function deletedOf(pk: string, item: Item): { type: string; id: FhirId; version: number } | undefined {
  const record = item.x === undefined ? undefined : parseVersionsPk(pk);
  return record && { ...record, version: Number(item.x?.N) };
}
