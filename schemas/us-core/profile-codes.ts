/** The code lists of the bindings that US Core adds. */
import { isObject, type JsonObject } from '../fhir/walk.ts';
import { usCore } from './table.ts';

interface CodeList {
  readonly valueSet: string;
  /** Codes by system; `all` where the codes themselves cannot be shipped. */
  readonly systems: ReadonlyMap<string, ReadonlySet<string> | 'all'>;
  readonly help: string;
}

const NAMED_IN_HELP = 12;
const lists: (CodeList | undefined)[] = [];

function readList(number: number): CodeList {
  const row = usCore().codeLists[number];
  if (!row) throw new Error(`There is no code list ${number}`);
  const systems = new Map(
    row.systems.map(([system, ...codes]) => [system, codes.length === 0 ? ('all' as const) : new Set(codes)] as const),
  );
  const named = row.systems.map(([system, ...codes]) =>
    codes.length === 0
      ? `a code of ${system}`
      : `${codes.slice(0, NAMED_IN_HELP).join(', ')}${codes.length > NAMED_IN_HELP ? ', ...' : ''} of ${system}`,
  );
  return { valueSet: row.valueSet, systems, help: `${named.join(', or ')}` };
}

export function codeList(number: number): CodeList {
  const known = lists[number] ?? readList(number);
  lists[number] = known;
  return known;
}

function holds({ systems }: CodeList, { system, code }: JsonObject): boolean {
  const codes = typeof system === 'string' ? systems.get(system) : undefined;
  return codes === 'all' || (codes !== undefined && typeof code === 'string' && codes.has(code));
}

/** Whether a code, Coding, Quantity or one coding of a CodeableConcept is of the list. */
export function hasCode(value: unknown, number: number): boolean {
  const list = codeList(number);
  if (typeof value === 'string') return [...list.systems.values()].some((codes) => codes === 'all' || codes.has(value));
  if (!isObject(value)) return false;
  return Array.isArray(value.coding)
    ? value.coding.some((coding) => isObject(coding) && holds(list, coding))
    : holds(list, value);
}

const UCUM = 'http://unitsofmeasure.org';
/**
 * Whether there is anything that the list could be asked about. A concept that is only text has no code, which breaks a required binding;
 * a quantity without a coded unit, or an element that only says why it is absent, does not. Lists of units say nothing of other values.
 */
export function isCoded(value: unknown, number: number): boolean {
  if (typeof value === 'string') return true;
  if (!isObject(value)) return false;
  const isUnits = codeList(number).systems.has(UCUM);
  if (isUnits) return value.code !== undefined && value.coding === undefined;
  return value.coding !== undefined || value.text !== undefined || value.code !== undefined || value.system !== undefined;
}
