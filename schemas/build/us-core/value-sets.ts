/**
 * Expands the value sets of bindings. Code systems that may not be shipped (SNOMED CT, LOINC, CPT, ...) or are not published with R4 or US Core
 * stand in a list as a whole: then the system of a code is checked, and not the code.
 */
import type { CodeSystem, CodeSystemConcept, ValueSet, ValueSetComposeInclude } from 'fhir/r4';
import type { CodeListRow } from '../../us-core/rows.ts';

const NULL_FLAVOR = 'http://terminology.hl7.org/CodeSystem/v3-NullFlavor';
/** CDC Race and Ethnicity: a code system of the United States government, in the public domain. */
const CDC_RACE = 'urn:oid:2.16.840.1.113883.6.238';
const RACES = [CDC_RACE, '1002-5', '2028-9', '2054-5', '2076-8', '2106-3'] as const;

/**
 * Value sets of NLM's Value Set Authority Center, which the package names and does not bring. The codes of the small ones are written here
 * anew (OMB Statistical Policy Directive 15 of 1997, HL7 v3 NullFlavor and AdministrativeGender); of others only the code system is known.
 */
const VSAC: Readonly<Record<string, CodeListRow['systems']>> = {
  '2.16.840.1.114222.4.11.836': [RACES],
  '2.16.840.1.113883.3.2074.1.1.3': [RACES],
  '2.16.840.1.114222.4.11.837': [[CDC_RACE, '2135-2', '2186-5']],
  '2.16.840.1.113883.1.11.14914': [[CDC_RACE]],
  '2.16.840.1.114222.4.11.877': [[CDC_RACE]],
  '2.16.840.1.113762.1.4.1021.102': [[NULL_FLAVOR, 'ASKU', 'UNK']],
  '2.16.840.1.113762.1.4.1021.103': [[NULL_FLAVOR, 'ASKU', 'OTH', 'UNK']],
  '2.16.840.1.113762.1.4.1': [['http://terminology.hl7.org/CodeSystem/v3-AdministrativeGender', 'F', 'M']],
  '2.16.840.1.113762.1.4.1010.4': [['http://www.nlm.nih.gov/research/umls/rxnorm']],
  '2.16.840.1.113762.1.4.1010.6': [['http://hl7.org/fhir/sid/cvx']],
  '2.16.840.1.114222.4.11.1066': [['http://nucc.org/provider-taxonomy']],
  '2.16.840.1.113762.1.4.1099.24': [['http://snomed.info/sct']],
  '2.16.840.1.113762.1.4.1166.22': [['http://snomed.info/sct']],
};

/** Value sets of which not even the code system can be said from what is published with them, and why. */
export const UNKNOWN: Readonly<Record<string, string>> = {
  '2.16.840.1.113762.1.4.1240.3': 'a list of NLM VSAC, not published with US Core',
  '2.16.840.1.113762.1.4.1021.32': 'a list of NLM VSAC, not published with US Core',
  '2.16.840.1.113762.1.4.1099.30': 'a list of NLM VSAC, not published with US Core',
  '2.16.840.1.113762.1.4.1099.54': 'a list of NLM VSAC, not published with US Core',
  '2.16.840.1.113762.1.4.1186.8': 'a list of NLM VSAC, not published with US Core',
  '2.16.840.1.114222.4.11.3591': 'a list of NLM VSAC, not published with US Core',
  '2.16.840.1.114222.4.11.7900': 'a list of CDC PHIN VADS, not published with US Core',
  '2.16.840.1.114222.4.11.7901': 'a list of CDC PHIN VADS, not published with US Core',
  formatcodes: 'the code system of IHE is not published with US Core',
  'simple-language': 'language tags have a grammar (BCP 47) and no list',
};

/** Systems whose codes are not shipped. */
const LICENSED = new Set([
  'http://snomed.info/sct',
  'http://loinc.org',
  'http://www.ama-assn.org/go/cpt',
  'http://www.ada.org/cdt',
]);

export class ValueSets {
  private readonly sets: ReadonlyMap<string, ValueSet>;
  private readonly systems: ReadonlyMap<string, CodeSystem>;

  constructor(sets: ReadonlyMap<string, ValueSet>, systems: ReadonlyMap<string, CodeSystem>) {
    this.sets = sets;
    this.systems = systems;
  }

  /** Undefined when nothing can be checked; UNKNOWN says why. @throws Error for a value set that we do not know how to read */
  expand(canonical: string): CodeListRow['systems'] | undefined {
    const url = canonical.split('|')[0] ?? canonical;
    const key = url.slice(url.lastIndexOf('/') + 1);
    if (UNKNOWN[key]) return undefined;
    const byHand = VSAC[key];
    if (byHand) return byHand;
    const { include, exclude = [] } = this.compose(url);
    const systems = new Map<string, Set<string> | 'all'>();
    for (const part of include) for (const [system, ...codes] of this.part(part, url)) add(systems, system, codes);
    for (const part of exclude) for (const [system, ...codes] of this.part(part, url)) take(systems, system, codes);
    return [...systems].map(([system, codes]) => [system, ...(codes === 'all' ? [] : codes)]);
  }

  private compose(url: string): NonNullable<ValueSet['compose']> {
    const compose = this.sets.get(url)?.compose;
    if (!compose) throw new Error(`The value set ${url} is not published with R4 or US Core`);
    return compose;
  }

  private part(part: ValueSetComposeInclude, url: string): CodeListRow['systems'] {
    if (!part.system) return (part.valueSet ?? []).flatMap((one) => this.expand(one) ?? []);
    if (part.valueSet) throw new Error(`Cannot expand an intersection of value sets in ${url}`);
    const definition = this.systems.get(part.system);
    if (LICENSED.has(part.system)) return [[part.system]];
    if (part.concept) return [[part.system, ...part.concept.map(({ code }) => code)]];
    if (definition?.content !== 'complete') return [[part.system]];
    const concepts = definition.concept ?? [];
    const filter = part.filter?.[0];
    if (!filter) return [[part.system, ...codesOf(concepts)]];
    if (part.filter?.length !== 1 || filter.property !== 'concept') throw new Error(`Cannot read the filter of ${url}`);
    const below = codesOf(concepts.flatMap((concept) => find(concept, filter.value)));
    if (below.length === 0) throw new Error(`${part.system} has no code ${filter.value}, which ${url} asks for`);
    if (filter.op === 'is-a') return [[part.system, ...below]];
    if (filter.op === 'is-not-a') return [[part.system, ...codesOf(concepts).filter((code) => !below.includes(code))]];
    throw new Error(`Cannot read the filter ${filter.op} of ${url}`);
  }
}

function add(systems: Map<string, Set<string> | 'all'>, system: string, codes: readonly string[]): void {
  const known = systems.get(system) ?? new Set<string>();
  if (known === 'all') return;
  systems.set(system, codes.length === 0 ? 'all' : new Set([...known, ...codes]));
}
function take(systems: Map<string, Set<string> | 'all'>, system: string, codes: readonly string[]): void {
  const known = systems.get(system);
  if (known === 'all' || known === undefined) return;
  for (const code of codes) known.delete(code);
}

const codesOf = (concepts: readonly CodeSystemConcept[]): string[] =>
  concepts.flatMap(({ code, concept }) => [code, ...codesOf(concept ?? [])]);
const find = (concept: CodeSystemConcept, code: string): CodeSystemConcept[] =>
  concept.code === code ? [concept] : (concept.concept ?? []).flatMap((child) => find(child, code));
