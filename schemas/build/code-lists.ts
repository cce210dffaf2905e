import type { CodeSystem, CodeSystemConcept } from 'fhir/r4';
import { readTerminology } from './definitions.ts';

/**
 * Value sets that name a whole outside code system. They become a rule at run time (see codes.ts of the runtime):
 * media types are an open list (RFC 6838), UCUM units are built by grammar.
 */
const BY_RULE: Record<string, string> = {
  'http://hl7.org/fhir/ValueSet/mimetypes': '~media-type',
  'http://hl7.org/fhir/ValueSet/ucum-units': '~unit',
};

/** Not published with R4, so nothing can be checked against it: a LOINC answer list. */
const UNAVAILABLE = new Set(['http://loinc.org/vs/LL379-9']);

const conceptCodes = (concepts: readonly CodeSystemConcept[] = []): string[] =>
  concepts.flatMap((concept) => [concept.code, ...conceptCodes(concept.concept)]);

/**
 * Numbers the value sets of required bindings and writes each as lines of `system<TAB>code<TAB>code...`.
 * The system is left out where only the code can be checked, so that the table stays small.
 */
export class CodeLists {
  readonly lists: string[] = [];
  private readonly numbers = new Map<string, number>();
  private readonly terminology = readTerminology();

  /** The list's number, or undefined when the value set cannot be checked. @throws Error for a value set that we do not know how to expand */
  numberOf(canonical: string, withSystem: boolean): number | undefined {
    const url = canonical.split('|')[0] ?? canonical;
    if (UNAVAILABLE.has(url)) return undefined;
    const key = `${url} ${withSystem}`;
    let number = this.numbers.get(key);
    if (number === undefined) {
      number = this.lists.push(BY_RULE[url] ?? this.expand(url, withSystem)) - 1;
      this.numbers.set(key, number);
    }
    return number;
  }

  private expand(url: string, withSystem: boolean): string {
    if (url === 'http://hl7.org/fhir/ValueSet/currencies') return ['', ...Intl.supportedValuesOf('currency')].join('\t'); // ISO 4217
    const compose = this.terminology.valueSets.get(url)?.compose;
    if (!compose || compose.exclude) throw new Error(`Cannot expand the value set ${url}`);
    const lines = compose.include.map((include) => {
      if (!include.system || include.filter || include.valueSet) throw new Error(`Cannot expand the value set ${url}`);
      const codes = include.concept?.map((concept) => concept.code) ?? conceptCodes(this.completeSystem(include.system).concept);
      if (codes.length === 0) throw new Error(`The value set ${url} has no codes`);
      return [withSystem ? include.system : '', ...codes].join('\t');
    });
    return lines.join('\n');
  }

  private completeSystem(url: string): CodeSystem {
    const system = this.terminology.codeSystems.get(url);
    if (system?.content !== 'complete') throw new Error(`The code system ${url} is not complete`);
    return system;
  }
}
