import type { FhirResource } from 'fhir/r4';
import { Problem } from '../outcome.ts';
import { splitEscaped, toPlainText } from './escapes.ts';
import { type DateTest, dateMatches, dateRanges, parseDateTest } from './kinds/date.ts';
import { amountMatches, amountsOf, parseAmountTest } from './kinds/quantity.ts';
import { parseReferenceTest, type ReferenceTest, referenceMatches, targetsOf } from './kinds/reference.ts';
import { type TextModifier, textsMatch, textsOf } from './kinds/text.ts';
import { parseTokenTest, type TokenTest, textMatches, tokenMatches, tokensOf } from './kinds/token.ts';
import { urlMatches } from './kinds/uri.ts';
import { elementsAt, type Kind, type Parameter, type Source } from './parameters.ts';

/** One `name:modifier=value,value` of a search: what it asks, for the planner, and whether a resource answers it. */
export interface Criterion {
  readonly parameter: Parameter;
  readonly modifier?: string;
  /** Its values, unescaped text; a resource that answers one of them answers the criterion. */
  readonly texts: readonly string[];
  /** What each value asks, where the planner can use it; empty with a modifier. */
  readonly tokens: readonly TokenTest[];
  readonly dates: readonly DateTest[];
  readonly references: readonly ReferenceTest[];
  readonly answeredBy: (resource: FhirResource) => boolean;
}

export interface Reading {
  /** The absolute URL under which our own records stand: `scope.fhirBase`. */
  readonly base: string;
  readonly nowMs: number;
}

/** Modifiers by kind. `missing` serves all of them; a type name serves references. */
const MODIFIERS: Readonly<Record<Kind, readonly string[]>> = {
  token: ['not', 'text'],
  string: ['exact', 'contains'],
  reference: ['identifier'],
  uri: ['below'],
  date: [],
  number: [],
  quantity: [],
};

/** Alternatives of one parameter: each is held against every candidate. */
const MAX_VALUES = 500;

type Test = (resource: FhirResource) => boolean;
/** What is read from one source of a parameter, flattened over all sources. */
const collect =
  <V>(parameter: Parameter, read: (element: unknown, source: Source) => readonly V[]) =>
  (resource: FhirResource): V[] =>
    parameter.sources.flatMap((source) => elementsAt(resource, source).flatMap((element) => read(element, source)));

/** @throws Problem invalid for a modifier we do not have or a value that is none of its kind */
export function parseCriterion(parameter: Parameter, modifier: string | undefined, value: string, reading: Reading): Criterion {
  refuseModifier(parameter, modifier);
  const raw = splitEscaped(value, ',').filter((text) => text !== '');
  if (raw.length > MAX_VALUES)
    throw new Problem('invalid', [{ code: 'too-costly', text: `${parameter.name} takes at most ${MAX_VALUES} values.` }]);
  const plain = { parameter, ...(modifier && { modifier }), texts: raw.map(toPlainText), tokens: [], dates: [], references: [] };
  if (modifier === 'missing') return { ...plain, answeredBy: missing(parameter, value) };
  switch (parameter.kind) {
    case 'token':
      return { ...plain, ...tokenTest(parameter, modifier, raw) };
    case 'date': {
      const dates = raw.map((text) => parseDateTest(text, parameter.name, reading.nowMs));
      const read = collect(parameter, (element, { dataType }) => dateRanges(element, dataType));
      return {
        ...plain,
        dates,
        answeredBy: (resource) => read(resource).some((range) => dates.some((date) => dateMatches(date, range))),
      };
    }
    case 'reference':
      return { ...plain, ...referenceTest(parameter, modifier, raw, reading.base) };
    case 'string': {
      const read = collect(parameter, (element, { dataType }) => textsOf(element, dataType));
      return {
        ...plain,
        answeredBy: (resource) => plain.texts.some((text) => textsMatch(text, modifier as TextModifier, read(resource))),
      };
    }
    case 'quantity':
    case 'number': {
      const tests = raw.map((text) => parseAmountTest(text, parameter.name));
      const read = collect(parameter, (element, { dataType }) => amountsOf(element, dataType));
      return {
        ...plain,
        answeredBy: (resource) => read(resource).some((amount) => tests.some((test) => amountMatches(test, amount))),
      };
    }
    case 'uri': {
      const read = collect(parameter, (element) => (typeof element === 'string' ? [element] : []));
      return {
        ...plain,
        answeredBy: (resource) =>
          read(resource).some((url) => plain.texts.some((text) => urlMatches(text, modifier === 'below', url))),
      };
    }
  }
}

function refuseModifier({ name, kind }: Parameter, modifier: string | undefined): void {
  if (modifier === undefined || modifier === 'missing' || MODIFIERS[kind].includes(modifier)) return;
  if (kind === 'reference' && /^[A-Z][A-Za-z]+$/.test(modifier)) return;
  const known = ['missing', ...MODIFIERS[kind]].map((each) => `:${each}`).join(', ');
  throw new Problem('invalid', [{ code: 'not-supported', text: `${name} has no modifier :${modifier} here; it has ${known}.` }]);
}

function missing(parameter: Parameter, value: string): Test {
  if (value !== 'true' && value !== 'false') throw new Problem('invalid', `${parameter.name}:missing is true or false.`);
  const present: Test = (resource) => parameter.sources.some((source) => elementsAt(resource, source).length > 0);
  return (resource) => present(resource) !== (value === 'true');
}

function tokenTest(
  parameter: Parameter,
  modifier: string | undefined,
  raw: readonly string[],
): Pick<Criterion, 'tokens' | 'answeredBy'> {
  const tests = raw.map(parseTokenTest);
  const read = collect(parameter, (element, { dataType }) => tokensOf(element, dataType));
  if (modifier === 'text') {
    const texts = raw.map(toPlainText);
    return {
      tokens: [],
      answeredBy: (resource) => read(resource).some((token) => texts.some((text) => textMatches(text, token))),
    };
  }
  const some: Test = (resource) => read(resource).some((token) => tests.some((test) => tokenMatches(test, token)));
  if (modifier === 'not') return { tokens: [], answeredBy: (resource) => !some(resource) };
  return { tokens: tests, answeredBy: isDeceased(parameter) ? orAlive(parameter, tests, some) : some };
}

/** R4 defines `deceased` by an expression that is false for whoever has no such element. */
const isDeceased = ({ name, sources }: Parameter): boolean =>
  name === 'deceased' && sources.some(({ dataType }) => dataType === 'exists');
const orAlive = (parameter: Parameter, tests: readonly TokenTest[], some: Test): Test => {
  const wantsAlive = tests.some(({ code }) => code === 'false');
  return (resource) =>
    some(resource) || (wantsAlive && parameter.sources.every((source) => elementsAt(resource, source).length === 0));
};

function referenceTest(
  parameter: Parameter,
  modifier: string | undefined,
  raw: readonly string[],
  base: string,
): Pick<Criterion, 'references' | 'answeredBy'> {
  const read = collect(parameter, (element, source) => targetsOf(element, source, base));
  if (modifier === 'identifier') {
    const tests = raw.map(parseTokenTest);
    const matches = (identifier: { system?: string; value?: string }, test: TokenTest): boolean =>
      tokenMatches(test, {
        ...(identifier.system && { system: identifier.system }),
        ...(identifier.value && { code: identifier.value }),
        texts: [],
      });
    return {
      references: [],
      answeredBy: (resource) =>
        read(resource).some(({ identifier }) => identifier && tests.some((test) => matches(identifier, test))),
    };
  }
  const tests = raw.map((text) => parseReferenceTest(toPlainText(text), parameter.name, modifier, base));
  return {
    references: tests,
    answeredBy: (resource) => read(resource).some((target) => tests.some((test) => referenceMatches(test, target))),
  };
}
