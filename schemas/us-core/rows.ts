/**
 * What a row of the generated table says (schemas/us-core/generated/table.ts). A row is an element of a profile's snapshot; what FHIR R4 asks of
 * the element anyway is left out, since R4 is checked before.
 */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** How the slices of an element are told apart (FHIR R4, Profiling, "Discriminator"): kind, and path from the element. */
export type Discriminator = readonly [kind: 'value' | 'pattern' | 'type', path: string];

export interface ElementRow {
  /** The element's id in the snapshot: `Patient.identifier.system`, `Observation.category:VSCat`, `Observation.value[x]:valueQuantity`. */
  readonly id: string;
  /** Where the profile asks for more values than R4, or of a slice. */
  readonly min?: number;
  /** Where the profile allows fewer values than R4, or of a slice. */
  readonly max?: number;
  /** Where fewer types are allowed than in R4. */
  readonly types?: readonly string[];
  readonly fixed?: Json;
  readonly pattern?: Json;
  /** Number of the code list of a required binding that R4 does not have. */
  readonly codes?: number;
  /** Number of the code list of an extensible binding. */
  readonly suggests?: number;
  /** What a reference may point to, where R4 allows more: our profiles by name, else R4 types. */
  readonly targets?: readonly string[];
  readonly slicedBy?: readonly Discriminator[];
  /** Of an extension slice: its url, and the name of the US Core profile of that extension. */
  readonly url?: string;
  readonly extension?: string;
  /** Names of invariants in schemas/us-core/generated/rules.ts. */
  readonly rules?: readonly string[];
  /** `yes`: flagged mustSupport. `uscdi`: not flagged, but listed as an additional USCDI requirement, which certified systems support too. */
  readonly mustSupport?: 'yes' | 'uscdi';
  /** Of a choice: the types that are flagged, where not all are. */
  readonly mustSupportTypes?: readonly string[];
}

export interface ProfileRow {
  /** `us-core-patient`: the last part of its canonical url. */
  readonly name: string;
  readonly type: string;
  readonly title: string;
  readonly elements: readonly ElementRow[];
}

/** The codes of a binding, by code system; no codes: every code of the system. */
export interface CodeListRow {
  readonly valueSet: string;
  readonly systems: readonly (readonly [system: string, ...codes: string[]])[];
}
