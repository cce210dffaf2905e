/**
 * Compiles the published SearchParameters of R4 and US Core into schemas/generated/search-parameters.ts: for each type and parameter, which
 * elements hold its values. Run by schemas/build/generate.ts, or by itself: `node schemas/build/search-parameters.ts`.
 *
 *   date effectiveDateTime:dateTime effectivePeriod:Period     the kind, then a path and a data type for each element
 *   reference subject:Reference>Patient                        only references to a Patient count (`where(resolve() is Patient)`)
 *   token telecom[system=phone]:ContactPoint                   only the elements with that value count (`where(system='phone')`)
 *
 * Choices are spelled out as JSON names them. What an expression finds that its kind cannot compare (a Range as a token) is left out.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ElementDefinition, SearchParameter } from 'fhir/r4';
import { readDefinitions, readTypes, type TypeDefinition } from './definitions.ts';

/** The data types that each kind of parameter can compare (FHIR R4, Search, "Search Parameter Types"). */
const COMPARABLE: Readonly<Record<string, readonly string[]>> = {
  token: ['CodeableConcept', 'Coding', 'Identifier', 'ContactPoint', 'code', 'boolean', 'string', 'id', 'uri'],
  date: ['date', 'dateTime', 'instant', 'Period', 'Timing'],
  reference: ['Reference', 'canonical', 'uri'],
  string: ['string', 'markdown', 'HumanName', 'Address'],
  quantity: ['Quantity', 'Age', 'Duration', 'Money', 'SampledData', 'Range'],
  number: ['integer', 'positiveInt', 'unsignedInt', 'decimal', 'Range'],
  uri: ['uri', 'url', 'canonical', 'oid', 'uuid'],
};

interface Element {
  /** As in JSON, filters and all. */
  readonly path: string;
  /** A data type, or for what has elements of its own in the definition that path. */
  readonly type: string;
}

class Definitions {
  private readonly elements = new Map<string, ElementDefinition>();
  constructor(definitions: readonly TypeDefinition[]) {
    for (const { elements } of definitions) for (const element of elements) this.elements.set(element.path, element);
  }

  /** The element `name` of a type, every choice of it when it is `name[x]`. */
  children(parent: Element, name: string, filter: string): Element[] {
    const plain = this.elements.get(`${parent.type}.${name}`);
    if (plain) return [{ path: join1(parent.path, name + filter), type: this.typeOf(plain) }];
    const choice = this.elements.get(`${parent.type}.${name}[x]`);
    return (choice?.type ?? []).map(({ code }) => ({ path: join1(parent.path, name + upperFirst(code) + filter), type: code }));
  }

  private typeOf(element: ElementDefinition): string {
    if (element.contentReference) return element.contentReference.replace(/^.*#/, '');
    const code = element.type?.[0]?.code ?? '';
    if (code.startsWith('http://hl7.org/fhirpath/')) return element.path.endsWith('.id') ? 'id' : 'string';
    return code === 'BackboneElement' || code === 'Element' ? element.path : code;
  }
}

const join1 = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);
const upperFirst = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** One step of an expression: `.name`, `.where(name='value')`, `.where(resolve() is Type)`, `.ofType(Type)`. */
const STEP = /\.(?:where\(\s*(\w+)\s*=\s*'([^']*)'\s*\)|where\(resolve\(\) is (\w+)\)|ofType\((\w+)\)|(\w+)(?![\w(]))/y;

/** The elements that one expression without `|` names, within a type; undefined when it says something this reader does not know. */
export function elementsOf(
  definitions: Definitions,
  expression: string,
  type: string,
): readonly (Element & { target?: string })[] | undefined {
  const text = expression.replace(/[()]/g, (sign, at: number) => (isGrouping(expression, at) ? '' : sign)).trim();
  if (!text.startsWith(`${type}.`)) return undefined;
  let found: readonly (Element & { target?: string })[] = [{ path: '', type }];
  STEP.lastIndex = type.length;
  while (STEP.lastIndex < text.length) {
    const step = STEP.exec(text);
    if (!step) return undefined;
    const [, key, value, target, choice, name = ''] = step;
    if (key) found = found.map((element) => ({ ...element, path: `${element.path}[${key}=${value}]` }));
    else if (target) found = found.map((element) => ({ ...element, target }));
    else if (choice) found = found.filter((element) => element.type === choice || element.path.endsWith(upperFirst(choice)));
    else found = found.flatMap((element) => definitions.children(element, name, ''));
  }
  return found;
}

/** Whether the parenthesis at a position groups, rather than holds a function's argument. */
function isGrouping(text: string, at: number): boolean {
  if (text[at] === '(') return !/\w$/.test(text.slice(0, at));
  let depth = 0;
  for (let i = at; i >= 0; i--) {
    if (text[i] === ')') depth++;
    if (text[i] === '(' && --depth === 0) return isGrouping(text, i);
  }
  return true;
}

/** US Core's own parameters step into an extension's value as JSON names it, and to the code inside a Coding: the Coding itself can be asked for with its system. */
const standard = ({ expression = '' }: SearchParameter): string =>
  expression
    .replace(/\.value\.coding\.code$/, '.value.ofType(CodeableConcept)')
    .replace(/\.value\.code$/, '.value.ofType(Coding)')
    .replace(/\.valueDateTime$/, '.value.ofType(dateTime)');

/** "(a | b)" and "a | b" as a and b. No expression of R4 has a '|' within quotes. */
const alternatives = (expression: string): string[] => expression.split('|').map((part) => part.trim());

export interface Compiled {
  /** type -> parameter -> line. `Resource` holds what every type has. */
  readonly table: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** "Type.parameter" of what was left out. */
  readonly left: readonly string[];
}

/** The whole table. */
export function compileSearchParameters(): Compiled {
  const definitions = new Definitions(readTypes());
  const table: Record<string, Record<string, string>> = {};
  const left: string[] = [];
  for (const parameter of published()) {
    for (const type of parameter.base) {
      const line = lineOf(definitions, parameter, type);
      if (line === undefined) left.push(`${type}.${parameter.code}`);
      else table[type] = { [parameter.code]: line, ...table[type] }; // R4's own definition comes first and stands
    }
  }
  return { table, left };
}

const published = (): SearchParameter[] =>
  ['search-parameters.json', 'search-parameters-uscore.json'].flatMap((file) =>
    readDefinitions<{ entry: { resource: SearchParameter }[] }>(file).entry.map((entry) => entry.resource),
  );

function lineOf(definitions: Definitions, parameter: SearchParameter, type: string): string | undefined {
  if (type === 'Patient' && parameter.code === 'deceased') return 'token deceasedBoolean:boolean deceasedDateTime:exists';
  const comparable = COMPARABLE[parameter.type] ?? [];
  const found = alternatives(standard(parameter))
    .flatMap((part) => elementsOf(definitions, part, type) ?? [])
    .filter((element) => comparable.includes(element.type));
  const words = found.map(({ path, type: dataType, target }) => `${path}:${dataType}${target ? `>${target}` : ''}`);
  return words.length === 0 ? undefined : [parameter.type, ...new Set(words)].join(' ');
}

const HEADER = '// Made by schemas/build/search-parameters.ts from the FHIR R4 and US Core definitions. Do not edit.\n';

/** Writes schemas/generated/search-parameters.ts. */
export function generateSearchParameters(): void {
  const { table } = compileSearchParameters();
  const target = join(import.meta.dirname, '../generated');
  mkdirSync(target, { recursive: true });
  writeFileSync(
    join(target, 'search-parameters.ts'),
    `${HEADER}
/** See schemas/build/search-parameters.ts for the notation. */
export const SEARCH_PARAMETERS: Readonly<Record<string, Readonly<Record<string, string>>>> = ${JSON.stringify(table, undefined, 1)};
`,
  );
}

if (import.meta.main) generateSearchParameters();
