import type { Stored } from '../store/types.ts';
import { fold } from './fold.ts';
import { dateRanges } from './kinds/date.ts';
import { amountsOf } from './kinds/quantity.ts';
import { targetsOf } from './kinds/reference.ts';
import { textsOf } from './kinds/text.ts';
import { tokensOf } from './kinds/token.ts';
import { elementsAt, type Parameter, parametersOf, type Source } from './parameters.ts';
import type { SortKey } from './query.ts';

/** Orders for searches whose hits are all in memory. Whatever the keys, records without a value come last and the id decides ties. */
export function compareBy(type: string, sort: readonly SortKey[]): (one: Stored, other: Stored) => number {
  const keys = sort.flatMap(({ parameter, descending }) => {
    const known = parametersOf(type).get(parameter);
    return known ? [{ descending, keyOf: (record: Stored) => sortValue(known, record, descending) }] : [];
  });
  return (one, other) => {
    for (const { keyOf, descending } of keys) {
      const order = compareValues(keyOf(one), keyOf(other), descending);
      if (order !== 0) return order;
    }
    return byId(one, other);
  };
}

/** How people are listed: family name, given names, birth date. */
export const compareNames = (one: Stored, other: Stored): number =>
  compareValues(nameKey(one), nameKey(other), false) ||
  compareValues(birthDateOf(one), birthDateOf(other), false) ||
  byId(one, other);

const byId = (one: Stored, other: Stored): number => (one.id < other.id ? -1 : one.id > other.id ? 1 : 0);

function nameKey(record: Stored): string | undefined {
  if (record.resourceType !== 'Patient') return undefined;
  const name = record.name?.find(({ use }) => use === 'official') ?? record.name?.[0];
  return name && fold([name.family ?? '', ...(name.given ?? []), name.text ?? ''].join('\u0001'));
}
const birthDateOf = (record: Stored): string | undefined => (record.resourceType === 'Patient' ? record.birthDate : undefined);

function compareValues(one: string | number | undefined, other: string | number | undefined, descending: boolean): number {
  if (one === other) return 0;
  if (one === undefined) return 1;
  if (other === undefined) return -1;
  return one < other === descending ? 1 : -1;
}

/** The value that counts: the least of several, the greatest when descending (FHIR R4, Search, "_sort"). */
function sortValue(parameter: Parameter, record: Stored, descending: boolean): string | number | undefined {
  const values = parameter.sources.flatMap((source) =>
    elementsAt(record, source).flatMap((element) => valuesOf(parameter, element, source)),
  );
  return values.sort((one, other) => compareValues(one, other, descending))[0];
}

function valuesOf({ kind }: Parameter, element: unknown, source: Source): (string | number)[] {
  switch (kind) {
    case 'date':
      return dateRanges(element, source.dataType).map(({ fromMs }) => fromMs);
    case 'token':
      return tokensOf(element, source.dataType).flatMap(({ code, texts }) => code ?? texts[0] ?? []);
    case 'string':
      return textsOf(element, source.dataType).map(({ text }) => fold(text));
    case 'reference':
      return targetsOf(element, source, '').map(({ url }) => url);
    case 'quantity':
    case 'number':
      return amountsOf(element, source.dataType).map(({ low }) => low);
    case 'uri':
      return typeof element === 'string' ? [element] : [];
  }
}
