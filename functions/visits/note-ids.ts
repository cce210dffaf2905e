import { stableId } from '../../core/stable-id.ts';
import type { FhirId, TenantId } from '../../schemas/ids.ts';

/** The records that one signature makes. Their ids follow from what is signed, so that signing it twice meets itself. */
export interface NoteIds {
  readonly composition: FhirId;
  readonly reference: FhirId;
  readonly provenance: FhirId;
  /** The Binary with the signed file. */
  readonly file: FhirId;
  readonly coded: (at: number) => FhirId;
}

export const noteIds = (tenant: TenantId, what: string): NoteIds => ({
  composition: stableId(tenant, `${what}/composition`),
  reference: stableId(tenant, `${what}/reference`),
  provenance: stableId(tenant, `${what}/provenance`),
  file: stableId(tenant, `${what}/file`),
  coded: (at) => stableId(tenant, `${what}/coded/${at}`),
});

/** A visit has one note at a time. `struck`: how many of its notes were struck before this one. */
export const draftId = (tenant: TenantId, visit: string, struck: number): FhirId =>
  stableId(tenant, `visit-note/${visit}${struck === 0 ? '' : `/${struck}`}`);
/** The signature of a draft. */
export const idsOfDraft = (tenant: TenantId, draft: string): NoteIds => noteIds(tenant, `note/${draft}`);
/** What is added to a note; `attempt` is the author's own key, the same for every repeat. */
export const idsOfAddendum = (tenant: TenantId, reference: string, attempt: string): NoteIds =>
  noteIds(tenant, `addendum/${reference}/${attempt}`);
