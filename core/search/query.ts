import type { FhirResource } from 'fhir/r4';
import { Problem, type ProblemIssue } from '../outcome.ts';
import { chartOfDerived } from '../provenance/provenances.ts';
import { type Criterion, parseCriterion, type Reading } from './criterion.ts';
import { parametersOf } from './parameters.ts';

/** Resources on a page: FHIR's `_count`. */
export const DEFAULT_COUNT = 50;
export const MAX_COUNT = 500;
const MAX_PARAMETERS = 50;

/** `_include=Observation:performer:Practitioner`. */
export interface Include {
  readonly type: string;
  readonly parameter: string;
  readonly target?: string;
  /** Also from what was included. */
  readonly iterate: boolean;
}

export interface SortKey {
  readonly parameter: string;
  readonly descending: boolean;
}

/** A search, parsed. */
export interface Query {
  readonly type: string;
  readonly criteria: readonly Criterion[];
  readonly count: number;
  readonly sort: readonly SortKey[];
  readonly includes: readonly Include[];
  readonly revincludes: readonly Include[];
  /** `_summary=count`: the total and no resource. */
  readonly countOnly: boolean;
  /** `_total=accurate`. */
  readonly wantsTotal: boolean;
  /** `_elements`: only these of each resource. */
  readonly elements: readonly string[];
  readonly cursor?: string;
  /** What was honoured, as asked, for the `self` link; without the cursor. */
  readonly honoured: readonly (readonly [name: string, value: string])[];
}

export interface QueryOptions extends Reading {
  /** `Prefer: handling=strict`: a parameter we do not know is an error, not noise. */
  readonly strict: boolean;
}

type Draft = { -readonly [K in keyof Query]: Query[K] extends readonly (infer T)[] ? T[] : Query[K] };
/** Takes one value of a control parameter. */
type Control = (draft: Draft, value: string, name: string) => void;

const CONTROLS: ReadonlyMap<string, Control> = new Map<string, Control>(
  Object.entries<Control>({
    _count: (draft, value) => {
      if (!/^\d{1,9}$/.test(value)) throw new Problem('invalid', '_count is a whole number of records.');
      draft.count = Math.min(Number(value), MAX_COUNT);
      if (Number(value) === 0) draft.countOnly = true; // FHIR R4, Search, "_count": 0 is treated as _summary=count
    },
    _cursor: (draft, value) => {
      draft.cursor = value;
    },
    _sort: (draft, value) => {
      draft.sort.push(...value.split(',').filter(Boolean).map(toSortKey));
    },
    _include: (draft, value, name) => {
      draft.includes.push(parseInclude(value, name));
    },
    _revinclude: (draft, value, name) => {
      draft.revincludes.push(parseInclude(value, name));
    },
    _summary: (draft, value) => {
      if (value !== 'count' && value !== 'false')
        throw new Problem('invalid', '_summary is count or false here; _elements chooses elements.');
      draft.countOnly = value === 'count' || draft.countOnly;
    },
    _total: (draft, value) => {
      if (!['none', 'estimate', 'accurate'].includes(value))
        throw new Problem('invalid', '_total is none, estimate or accurate.');
      draft.wantsTotal = value === 'accurate';
    },
    _elements: (draft, value) => {
      draft.elements.push(...value.split(',').filter(Boolean));
    },
  }),
);

const EMPTY = { count: DEFAULT_COUNT, countOnly: false, wantsTotal: false };

/** Parameters of R4 that would silently widen a search if we ignored them. */
const NOT_SUPPORTED = new Set([
  '_has',
  '_filter',
  '_list',
  '_query',
  '_text',
  '_content',
  '_type',
  '_contained',
  '_containedType',
]);

/**
 * Parses a search of a type. Parameters without a value are ignored (FHIR R4, Search, "Handling missing data").
 * @throws Problem invalid with every fault at once
 */
export function parseQuery(type: string, parameters: URLSearchParams, options: QueryOptions): Query {
  const draft: Draft = { ...EMPTY, type, criteria: [], sort: [], includes: [], revincludes: [], elements: [], honoured: [] };
  const issues: ProblemIssue[] = [];
  if (parameters.size > MAX_PARAMETERS)
    throw new Problem('invalid', [{ code: 'too-costly', text: `A search takes at most ${MAX_PARAMETERS} parameters.` }]);
  for (const [name, value] of parameters) {
    if (value === '') continue;
    try {
      if (take(draft, name, value, options) && name !== '_cursor') draft.honoured.push([name, value]);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      issues.push(...error.issues);
    }
  }
  refuseUnknownSort(draft, issues);
  if (issues.length > 0) throw new Problem('invalid', issues);
  return draft;
}

/** Whether the parameter was honoured. @throws Problem invalid */
function take(draft: Draft, name: string, value: string, options: QueryOptions): boolean {
  const [base = '', modifier] = splitName(name);
  const control = CONTROLS.get(base);
  if (control && (modifier === undefined || (modifier === 'iterate' && base.endsWith('include')))) {
    control(draft, value, name);
    return true;
  }
  if (NOT_SUPPORTED.has(base) || base.startsWith('_has')) throw notSupported(`${base} is not supported.`);
  const [own = '', ...chain] = base.split('.');
  const parameter = parametersOf(draft.type).get(own);
  if (parameter && chain.length > 0) throw notSupported(`${own} cannot be chained here: search for the ${own} first.`);
  if (!parameter) {
    if (options.strict) throw notSupported(`${draft.type} has no search parameter ${base.slice(0, 60)}.`);
    return false;
  }
  draft.criteria.push(parseCriterion(parameter, modifier, value, options));
  return true;
}

const notSupported = (text: string): Problem => new Problem('invalid', [{ code: 'not-supported', text }]);

function splitName(name: string): [string, string | undefined] {
  const at = name.indexOf(':');
  return at < 0 ? [name, undefined] : [name.slice(0, at), name.slice(at + 1)];
}

const toSortKey = (text: string): SortKey => ({ parameter: text.replace(/^-/, ''), descending: text.startsWith('-') });

function refuseUnknownSort({ type, sort }: Draft, issues: ProblemIssue[]): void {
  for (const { parameter } of sort) {
    if (!parametersOf(type).has(parameter))
      issues.push({ code: 'not-supported', text: `${type} cannot be sorted by ${parameter.slice(0, 60)}.` });
  }
}

/** @throws Problem invalid */
function parseInclude(text: string, name: string): Include {
  const [type = '', parameter = '', target] = text.split(':');
  const known = parametersOf(type).get(parameter);
  if (known?.kind !== 'reference')
    throw notSupported(`${name.split(':')[0]} takes a type and one of its reference parameters, such as Observation:performer.`);
  return { type, parameter, ...(target && { target }), iterate: name.endsWith(':iterate') };
}

/** Whether a record answers every criterion. A derived Provenance is its chart's, though it names one record of it and not the patient. */
export const answers = ({ criteria }: Pick<Query, 'criteria'>, resource: FhirResource): boolean =>
  criteria.every((criterion) => criterion.answeredBy(resource) || asksForChartOf(resource, criterion));

function asksForChartOf(resource: FhirResource, { parameter, references }: Criterion): boolean {
  const patient = parameter.name === 'patient' ? chartOfDerived(resource) : undefined;
  return patient !== undefined && references.some(({ id, version }) => id === patient && version === undefined);
}
