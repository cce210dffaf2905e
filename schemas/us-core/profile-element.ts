/** The rows of a profile as a tree: an element, what is below it, and its slices. Made when the profile is first asked for. */
import { isObject, type JsonObject } from '../fhir/walk.ts';
import { hasPattern } from './patterns.ts';
import { hasCode } from './profile-codes.ts';
import type { Discriminator, ElementRow, ProfileRow } from './rows.ts';
import { usCore } from './table.ts';

/** One value of an element. */
export interface ElementValue {
  /** The JSON key: `valueQuantity` of `value[x]`. */
  readonly key: string;
  /** Of a choice: its data type as the key has it, `Quantity` or `DateTime`. */
  readonly type?: string;
  /** Position, when the element repeats. */
  readonly index?: number;
  /** Undefined when there are extensions only. */
  readonly value: unknown;
  /** What holds the children: the object itself, or of a primitive the object of its extensions. */
  readonly object: JsonObject;
}

const NOTHING: JsonObject = {};
const capitalised = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);
const isCapital = (code: number): boolean => code >= 65 && code <= 90;

export class ProfileElement {
  readonly row: ElementRow;
  /** Without `[x]`. */
  readonly name: string;
  readonly isChoice: boolean;
  readonly sliceName: string | undefined;
  readonly children: ProfileElement[] = [];
  readonly slices: ProfileElement[] = [];
  /** Of a choice: the types it may have here, as keys end in them. */
  readonly types: ReadonlySet<string> | undefined;

  constructor(row: ElementRow) {
    const [element = '', sliceName] = row.id.slice(row.id.lastIndexOf('.') + 1).split(':');
    this.row = row;
    this.isChoice = element.endsWith('[x]');
    this.name = element.replace('[x]', '');
    this.sliceName = sliceName;
    this.types = row.types && new Set(row.types.map(capitalised));
  }

  /** This element's values in an object. */
  valuesIn(parent: JsonObject): ElementValue[] {
    if (!this.isChoice) return valuesAt(parent, this.name);
    for (const key in parent) {
      const named = key.startsWith('_') ? key.slice(1) : key;
      if (!named.startsWith(this.name) || !isCapital(named.charCodeAt(this.name.length))) continue;
      return valuesAt(parent, named).map((value) => ({ ...value, type: named.slice(this.name.length) }));
    }
    return [];
  }

  /** Whether a value of the sliced element is of this slice. */
  takes(value: ElementValue, slicedBy: readonly Discriminator[]): boolean {
    if (this.name === 'extension') return value.object.url === this.url;
    return slicedBy.every(([kind, path]) =>
      kind === 'type' ? this.types?.has(value.type ?? '') === true : isLike(this.at(path), valuesBelow(value, path)),
    );
  }

  private get url(): unknown {
    return this.row.url ?? this.children.find(({ name }) => name === 'url')?.row.fixed;
  }

  /** The element below this one that a discriminator points to. */
  private at(path: string): ProfileElement {
    let element: ProfileElement = this;
    for (const name of path === '$this' ? [] : path.split('.')) {
      const child = element.children.find((one) => one.name === name && one.sliceName === undefined);
      if (!child) throw new Error(`${this.row.id} has no ${path} to tell it by`);
      element = child;
    }
    return element;
  }
}

function valuesAt(parent: JsonObject, key: string): ElementValue[] {
  const [value, sibling] = [parent[key], parent[`_${key}`]];
  if (value === undefined && sibling === undefined) return [];
  const one = (own: unknown, extended: unknown, index?: number): ElementValue => ({
    key,
    value: own ?? undefined,
    object: isObject(own) ? own : isObject(extended) ? extended : NOTHING,
    ...(index !== undefined && { index }),
  });
  const [values, siblings] = [value, sibling].map((list) => (Array.isArray(list) ? (list as readonly unknown[]) : undefined));
  if (!values && !siblings) return [one(value, sibling)];
  const length = Math.max(values?.length ?? 0, siblings?.length ?? 0);
  return Array.from({ length }, (_, index) => one(values?.[index], siblings?.[index], index));
}

function valuesBelow(value: ElementValue, path: string): readonly unknown[] {
  let found: readonly unknown[] = [value.value];
  for (const name of path === '$this' ? [] : path.split('.')) {
    found = found.flatMap((one) => {
      const below = isObject(one) ? one[name] : undefined;
      return below === undefined ? [] : Array.isArray(below) ? below : [below];
    });
  }
  return found;
}

function isLike({ row }: ProfileElement, values: readonly unknown[]): boolean {
  const { fixed, pattern, codes } = row;
  const wanted = fixed ?? pattern;
  if (wanted !== undefined) return values.some((value) => hasPattern(value, wanted));
  if (codes !== undefined) return values.some((value) => hasCode(value, codes));
  throw new Error(`${row.id} says nothing that its slice could be told by`);
}

function makeTree({ type, elements }: ProfileRow): ProfileElement {
  const byId = new Map<string, ProfileElement>();
  const elementOf = (id: string, row: ElementRow): ProfileElement => {
    const known = byId.get(id);
    if (known) return known;
    const element = new ProfileElement(row);
    byId.set(id, element);
    if (id !== type) {
      const parentId = id.slice(0, id.lastIndexOf('.'));
      const parent = elementOf(parentId, rows.get(parentId) ?? { id: parentId });
      if (element.sliceName === undefined) parent.children.push(element);
      else {
        const slicedId = id.slice(0, id.lastIndexOf(':'));
        elementOf(slicedId, rows.get(slicedId) ?? { id: slicedId }).slices.push(element);
      }
    }
    return element;
  };
  const rows = new Map(elements.map((row) => [row.id, row] as const));
  for (const [id, row] of rows) elementOf(id, row);
  return elementOf(type, rows.get(type) ?? { id: type });
}

let rowsByName: ReadonlyMap<string, ProfileRow> | undefined;
/** The rows of a profile by its name, `us-core-patient`. */
export function profileRow(name: string): ProfileRow | undefined {
  rowsByName ??= new Map(usCore().profiles.map((profile) => [profile.name, profile]));
  return rowsByName.get(name);
}

const trees = new Map<string, ProfileElement>();
/** The tree of a profile. @throws Error for a name that US Core does not have */
export function profileTree(name: string): ProfileElement {
  const known = trees.get(name);
  if (known) return known;
  const row = profileRow(name);
  if (!row) throw new Error(`US Core has no profile ${name}`);
  const tree = makeTree(row);
  trees.set(name, tree);
  return tree;
}
