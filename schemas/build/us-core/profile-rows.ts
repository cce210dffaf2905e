/** Turns a profile's snapshot into rows: for each element, what it asks beyond FHIR R4 itself (which schemas/fhir checks). */
import type { ElementDefinition, ElementDefinitionType, StructureDefinition } from 'fhir/r4';
import type { Discriminator, ElementRow, Json, ProfileRow } from '../../us-core/rows.ts';
import type { BaseElements } from './base-elements.ts';
import type { Bindings } from './bindings.ts';
import type { ProfileRules } from './profile-rules.ts';

const US_CORE = 'http://hl7.org/fhir/us/core/StructureDefinition/';
const TYPE_MUST_SUPPORT = 'http://hl7.org/fhir/StructureDefinition/elementdefinition-type-must-support';
const USCDI = 'http://hl7.org/fhir/us/core/StructureDefinition/uscdi-requirement';

/** A profile of R4 itself that US Core points to. */
const VITAL_SIGNS = 'http://hl7.org/fhir/StructureDefinition/vitalsigns';

/** The last part of a canonical: the name of a profile of US Core, or of an R4 type. */
const nameOf = (canonical: string): string =>
  canonical === VITAL_SIGNS ? 'Observation' : canonical.slice(canonical.lastIndexOf('/') + 1);

export interface RowMakers {
  readonly base: BaseElements;
  readonly bindings: Bindings;
  readonly rules: ProfileRules;
}

export function profileRow(profile: StructureDefinition, makers: RowMakers): ProfileRow {
  const elements = profile.snapshot?.element ?? [];
  const byId = new Map(elements.map((element) => [element.id ?? '', element] as const));
  const all = elements.map((element) => elementRow(element, byId, makers));
  const unsliced = new Map(all.map((row) => [row.id, row] as const));
  const rows = all
    .map((row) => withoutRepeats(row, unsliced.get(row.id.replace(/:[^.]+/g, ''))))
    .filter((row) => Object.values(row).some((value) => value !== undefined && value !== row.id));
  return { name: nameOf(profile.url), type: profile.type, title: profile.title ?? profile.name, elements: rows };
}

/** A slice's value is one of the sliced element too: what that says already is not said again. */
function withoutRepeats(row: ElementRow, sliced: ElementRow | undefined): ElementRow {
  if (sliced === undefined || sliced === row) return row;
  const { suggests, rules, targets, ...rest } = row;
  const isNew = (key: 'suggests' | 'rules' | 'targets'): boolean => String(row[key]) !== String(sliced[key]);
  return clean({
    ...rest,
    suggests: isNew('suggests') ? suggests : undefined,
    targets: isNew('targets') ? targets : undefined,
    rules: isNew('rules') ? rules : undefined,
  });
}

function elementRow(
  element: ElementDefinition,
  byId: ReadonlyMap<string, ElementDefinition>,
  { base: bases, bindings, rules }: RowMakers,
): ElementRow {
  const id = element.id ?? '';
  const base = bases.of(element, byId);
  const types = element.type ?? [];
  const isSlice = element.sliceName !== undefined;
  const max = element.max === '*' ? Number.POSITIVE_INFINITY : Number(element.max);
  const baseMax = base.max === '*' ? Number.POSITIVE_INFINITY : Number(base.max);
  const extension = extensionOf(types);
  return clean({
    id,
    min: (element.min ?? 0) > (isSlice ? 0 : (base.min ?? 0)) ? element.min : undefined,
    max: max < baseMax ? max : undefined,
    types: isNarrower(types, base.type ?? [], element) ? types.map(({ code }) => code) : undefined,
    fixed: wantedValue(element, 'fixed'),
    pattern: wantedValue(element, 'pattern'),
    codes: bindings.required(element, base),
    suggests: bindings.extensible(element),
    targets: targetsOf(types, base.type ?? []),
    ...slicingOf(element),
    url: extension,
    extension: extension?.startsWith(US_CORE) ? nameOf(extension) : undefined,
    rules: rules.of(element, base),
    ...mustSupportOf(element),
  });
}

const clean = (row: { [Key in keyof ElementRow]: ElementRow[Key] | undefined }): ElementRow =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined)) as unknown as ElementRow;

/** `fixedCode`, `patternCodeableConcept`: the value of whichever there is. */
function wantedValue(element: ElementDefinition, kind: 'fixed' | 'pattern'): Json | undefined {
  const key = Object.keys(element).find((name) => name.startsWith(kind));
  return key === undefined ? undefined : (element as unknown as Record<string, Json>)[key];
}

function isNarrower(
  types: readonly ElementDefinitionType[],
  baseTypes: readonly ElementDefinitionType[],
  { path }: ElementDefinition,
): boolean {
  return path.endsWith('[x]') && types.length < baseTypes.length;
}

const extensionOf = (types: readonly ElementDefinitionType[]): string | undefined =>
  types.length === 1 && types[0]?.code === 'Extension' ? types[0].profile?.[0] : undefined;

function targetsOf(
  types: readonly ElementDefinitionType[],
  baseTypes: readonly ElementDefinitionType[],
): readonly string[] | undefined {
  const targets = (of: readonly ElementDefinitionType[]) =>
    of.flatMap(({ code, targetProfile }) => (code === 'Reference' ? (targetProfile ?? []) : [])).map(nameOf);
  const [own, all] = [targets(types), targets(baseTypes)];
  return own.every((name) => all.includes(name)) && all.every((name) => own.includes(name)) ? undefined : own;
}

function slicingOf({ slicing, path }: ElementDefinition): Pick<ElementRow, 'slicedBy'> {
  // Extensions are always told apart by their url.
  if (!slicing || /\.(?:modifierE|e)xtension$/.test(path)) return {};
  const slicedBy = (slicing.discriminator ?? []).map(({ type, path: at }): Discriminator => {
    if (type !== 'value' && type !== 'pattern' && type !== 'type') throw new Error(`Unknown discriminator ${type} at ${path}`);
    return [type, at];
  });
  // What may stand outside of slices by type is said by the element's types.
  if (slicing.rules === 'closed' && slicedBy.some(([kind]) => kind !== 'type')) throw new Error(`Closed slices at ${path}`);
  return { slicedBy };
}

function mustSupportOf(element: ElementDefinition): Pick<ElementRow, 'mustSupport' | 'mustSupportTypes'> {
  const isUscdi = element.extension?.some(({ url, valueBoolean }) => url === USCDI && valueBoolean === true);
  if (!element.mustSupport) return isUscdi ? { mustSupport: 'uscdi' } : {};
  const flagged = (element.type ?? []).filter((type) =>
    type.extension?.some(({ url, valueBoolean }) => url === TYPE_MUST_SUPPORT && valueBoolean === true),
  );
  const isPart = flagged.length > 0 && flagged.length < (element.type?.length ?? 0);
  return { mustSupport: 'yes', ...(isPart && { mustSupportTypes: flagged.map(({ code }) => code) }) };
}
