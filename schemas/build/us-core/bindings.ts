import type { ElementDefinition } from 'fhir/r4';
import type { CodeListRow } from '../../us-core/rows.ts';
import type { ValueSets } from './value-sets.ts';

const MAX_VALUE_SET = 'http://hl7.org/fhir/StructureDefinition/elementdefinition-maxValueSet';
const withoutVersion = (canonical: string | undefined): string => canonical?.split('|')[0] ?? '';
const maxOf = ({ binding }: ElementDefinition): string | undefined =>
  binding?.extension?.find(({ url }) => url === MAX_VALUE_SET)?.valueCanonical;
/** Of elements whose codes have no system. */
const isPlain = ({ type }: ElementDefinition): boolean =>
  type?.every(({ code }) => ['code', 'string', 'uri'].includes(code)) === true;

/** Numbers the value sets of bindings, and counts how each binding is checked. */
export class Bindings {
  readonly lists: CodeListRow[] = [];
  /** By strength and way of checking: the elements. */
  readonly ways: Record<'required' | 'extensible', Record<'by code' | 'by system' | 'not at all', string[]>> = {
    required: { 'by code': [], 'by system': [], 'not at all': [] },
    extensible: { 'by code': [], 'by system': [], 'not at all': [] },
  };
  private readonly valueSets: ValueSets;
  constructor(valueSets: ValueSets) {
    this.valueSets = valueSets;
  }

  /** A required binding, or the maximum of another one, that R4 does not have itself. */
  required(element: ElementDefinition, base: ElementDefinition): number | undefined {
    const { binding } = element;
    const wanted = binding?.strength === 'required' ? binding.valueSet : maxOf(element);
    const inBase = base.binding?.strength === 'required' ? base.binding.valueSet : maxOf(base);
    if (wanted === undefined || withoutVersion(wanted) === withoutVersion(inBase)) return undefined;
    return this.number(element, wanted, 'required');
  }

  extensible(element: ElementDefinition): number | undefined {
    const { binding } = element;
    return binding?.strength === 'extensible' && binding.valueSet
      ? this.number(element, binding.valueSet, 'extensible')
      : undefined;
  }

  private number(element: ElementDefinition, canonical: string, strength: 'required' | 'extensible'): number | undefined {
    const valueSet = withoutVersion(canonical);
    const systems = this.valueSets.expand(valueSet);
    const isWhole = systems?.some(([, ...codes]) => codes.length === 0);
    const way = !systems || (isWhole && isPlain(element)) ? 'not at all' : isWhole ? 'by system' : 'by code';
    this.ways[strength][way].push(`${element.id} ${valueSet}`);
    if (!systems || way === 'not at all') return undefined;
    const known = this.lists.findIndex((list) => list.valueSet === valueSet);
    return known >= 0 ? known : this.lists.push({ valueSet, systems }) - 1;
  }
}
