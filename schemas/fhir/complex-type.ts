/**
 * Checks an object against its type: it walks the object's own keys once, each through a field that was made from the table
 * when the type was first met. No code is generated and nothing is copied.
 */
import { containedIsInOrder } from './contained.ts';
import { elementCheck } from './element-check.ts';
import { Field, type SiblingTypes } from './field.ts';
import { extensionHasValueOrExtensions, type Invariant, invariant } from './invariants.ts';
import type { Fault } from './issue.ts';
import { type ElementRow, readTypeRow } from './type-table.ts';
import { fhirPathName, isObject, type JsonObject, MAX_DEPTH, type Walk } from './walk.ts';

/** Set by every element but `id`: ele-1 asks for a value or children besides the id. */
const HAS_CONTENT = 1;
const NOT_AN_OBJECT: Fault = { code: 'structure', text: 'Write this as one object in curly brackets.' };
const TOO_DEEP: Fault = { code: 'structure', text: `Nest objects at most ${MAX_DEPTH} deep.` };
const NOTHING_INSIDE: Fault = {
  code: 'invariant',
  text: 'Give this element a value, or leave it out: it may not be empty (ele-1).',
};

const invariantsByHand = (type: string, isResource: boolean): readonly Invariant[] => {
  if (isResource) return [containedIsInOrder];
  return type === 'Extension' ? [extensionHasValueOrExtensions] : [];
};

const capitalised = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

/** Ids, Extension.url and a narrative's markup cannot be extended (FHIR R4, JSON, 2.6.2.2; Narrative.div). */
const hasSibling = (type: string, element: string): boolean =>
  element !== 'id' && !(type === 'Extension' && element === 'url') && !(type === 'Narrative' && element === 'div');

export class ComplexType {
  readonly name: string;
  readonly isResource: boolean;
  private readonly idIsContent: boolean;
  private readonly fields = new Map<string, Field>();
  private readonly invariants: readonly Invariant[];
  /** Bits that must all be seen. */
  private required = 0;
  private readonly requiredNames: { readonly bit: number; readonly name: string }[] = [];
  private readonly choices: { readonly bit: number; readonly name: string; readonly keys: readonly string[] }[] = [];

  /** `idIsContent`: of an Element beside a primitive's value. */
  constructor(name: string, idIsContent = false) {
    this.idIsContent = idIsContent;
    const row = readTypeRow(name);
    this.name = name;
    this.isResource = row.isResource;
    this.invariants = [...row.invariants.map(invariant), ...invariantsByHand(name, row.isResource)];
    let bit = HAS_CONTENT;
    for (const element of row.elements) {
      const counted = element.isRequired || element.isChoice;
      if (counted) bit *= 2;
      if (bit > 2 ** 30) throw new Error(`${name} has more required elements and choices than bits`);
      this.addFields(element, counted ? bit : 0);
    }
  }

  private addFields(element: ElementRow, bit: number): void {
    const content = element.name === 'id' && !this.idIsContent ? 0 : HAS_CONTENT;
    const keys: string[] = [];
    for (const type of element.types) {
      const named = type.name === 'SimpleQuantity' ? 'Quantity' : type.name; // a profile: its name stays off the wire
      const key = element.isChoice ? element.name + capitalised(named) : element.name;
      keys.push(key);
      const step = { key, expression: element.isChoice ? `${element.name}.ofType(${named})` : fhirPathName(key) };
      const check = elementCheck(type, key, complexType);
      const field = new Field({
        step,
        check,
        isList: element.isList,
        bits: content | bit,
        choice: element.isChoice ? bit : 0,
        invariants: element.invariants.map(invariant),
      });
      this.fields.set(key, field);
      if (check.isPrimitive && hasSibling(this.name, element.name)) this.fields.set(`_${key}`, field.sibling(siblingTypes()));
    }
    if (element.isRequired) {
      this.required |= bit;
      this.requiredNames.push({ bit, name: element.name });
    }
    if (element.isChoice) this.choices.push({ bit, name: element.name, keys });
  }

  /** Notes every fault of `input` on the walk, which stands at it. */
  check(input: unknown, walk: Walk): void {
    if (!isObject(input)) walk.report(NOT_AN_OBJECT);
    else if (walk.depth >= MAX_DEPTH) walk.report(TOO_DEEP);
    else this.checkElements(input, walk);
  }

  private checkElements(input: JsonObject, walk: Walk): void {
    walk.depth++;
    const before = walk.faults;
    let seen = 0;
    let twice = 0;
    for (const key in input) {
      const field = this.fields.get(key);
      if (field === undefined) {
        if (key !== 'resourceType' || !this.isResource) this.reportUnknown(key, walk);
        continue;
      }
      twice |= seen & field.choice;
      seen |= field.bits;
      field.check(input[key], input, walk);
    }
    if (twice !== 0) this.reportChoices(input, twice, walk);
    if ((seen & this.required) !== this.required) this.reportMissing(seen, walk);
    if ((seen & HAS_CONTENT) === 0 && !this.isResource) walk.report(NOTHING_INSIDE);
    if (walk.faults === before) for (const rule of this.invariants) rule(input, walk);
    walk.depth--;
  }

  private reportUnknown(key: string, walk: Walk): void {
    walk.add('structure', `Remove this element or correct its name: ${this.name} has no such element in FHIR R4.`, key);
  }

  private reportMissing(seen: number, walk: Walk): void {
    for (const { bit, name } of this.requiredNames) {
      if ((seen & bit) === 0) walk.add('required', `Give a value: ${this.name} needs ${name}.`, name);
    }
  }

  /** A choice met twice is at fault unless it was a primitive and its own sibling (`valueString` and `_valueString`). */
  private reportChoices(input: JsonObject, twice: number, walk: Walk): void {
    for (const { bit, name, keys } of this.choices) {
      const present =
        (twice & bit) === 0 ? [] : keys.filter((key) => Object.hasOwn(input, key) || Object.hasOwn(input, `_${key}`));
      if (present.length > 1) walk.add('structure', `Keep one of ${present.join(', ')}: ${name} may have one type only.`, name);
    }
  }
}

const known = new Map<string, ComplexType>();

/** The checker of a type, made when it is first met. @throws Error for a name that R4 does not have */
export function complexType(name: string): ComplexType {
  let type = known.get(name);
  if (type === undefined) {
    type = new ComplexType(name);
    known.set(name, type);
  }
  return type;
}

let siblings: SiblingTypes | undefined;
const siblingTypes = (): SiblingTypes => {
  siblings ??= { alone: complexType('Element'), besideValue: new ComplexType('Element', true) };
  return siblings;
};
