import type { ComplexType } from './complex-type.ts';
import type { ElementCheck } from './element-check.ts';
import type { Invariant } from './invariants.ts';
import type { Fault } from './issue.ts';
import { isObject, type JsonObject, type Step, type Walk } from './walk.ts';

const NULL: Fault = { code: 'structure', text: 'Leave this out instead of writing null.' };
const NOT_A_LIST: Fault = { code: 'structure', text: 'Write this as a list in square brackets: it may repeat.' };
const A_LIST: Fault = { code: 'structure', text: 'Write one value without square brackets: it may not repeat.' };
const EMPTY_LIST: Fault = { code: 'structure', text: 'Leave this out instead of writing an empty list.' };
const UNEVEN: Fault = {
  code: 'structure',
  text: 'Give both lists of this element the same length, with null where one has nothing to say.',
};

/** One JSON key of a type. */
export interface FieldSpec {
  readonly step: Step;
  readonly check: ElementCheck;
  readonly isList: boolean;
  /** What is seen when the key is met: content, a required element, a choice. */
  readonly bits: number;
  /** The bit of the choice that the key belongs to, or 0. */
  readonly choice: number;
  readonly invariants: readonly Invariant[];
}

/** The type Element, as it stands by itself and as it stands beside a primitive's value: there an id is enough (ele-1). */
export interface SiblingTypes {
  readonly alone: ComplexType;
  readonly besideValue: ComplexType;
}

/** An element, or the `_` sibling of a primitive element, which holds its id and extensions (FHIR R4, "JSON", 2.6.2.2). */
export class Field {
  readonly bits: number;
  readonly choice: number;
  private readonly spec: FieldSpec;
  private readonly step: Step;
  /** The key that holds the other half of a primitive. */
  private readonly other: string;
  private readonly isSibling: boolean;
  /** `beside` is what the other key has at the same place; told to siblings only. */
  private readonly checkOne: (input: unknown, walk: Walk, beside?: unknown) => void;

  constructor(spec: FieldSpec, siblingOf?: SiblingTypes) {
    this.spec = spec;
    this.bits = spec.bits;
    this.choice = spec.choice;
    const { check, invariants, step } = spec;
    this.isSibling = siblingOf !== undefined;
    this.step = siblingOf ? { key: `_${step.key}`, expression: step.expression } : step;
    this.other = siblingOf ? step.key : check.isPrimitive ? `_${step.key}` : '';
    const checkValue = siblingOf
      ? (input: unknown, walk: Walk, beside?: unknown) =>
          (beside === undefined || beside === null ? siblingOf.alone : siblingOf.besideValue).check(input, walk)
      : check.isPrimitive
        ? (input: unknown, walk: Walk) => {
            const fault = input === null ? NULL : Array.isArray(input) ? A_LIST : check.fault(input);
            if (fault) walk.report(fault);
          }
        : (input: unknown, walk: Walk) => {
            if (input === null) walk.report(NULL);
            else if (Array.isArray(input)) walk.report(A_LIST);
            else check.check(input, walk);
          };
    this.checkOne =
      invariants.length === 0 || siblingOf
        ? checkValue
        : (input, walk) => {
            const before = walk.faults;
            checkValue(input, walk);
            if (walk.faults === before) for (const rule of invariants) rule(input as JsonObject, walk);
          };
  }

  /** The field of the `_` sibling, whose values are of the type Element. */
  sibling(types: SiblingTypes): Field {
    return new Field(this.spec, types);
  }

  check(input: unknown, parent: JsonObject, walk: Walk): void {
    walk.enter(this.step);
    if (this.spec.isList) this.checkList(input, parent, walk);
    else this.checkOne(input, walk, this.isSibling ? parent[this.other] : undefined);
    walk.leave();
  }

  private checkList(input: unknown, parent: JsonObject, walk: Walk): void {
    if (!Array.isArray(input)) walk.report(input === null ? NULL : NOT_A_LIST);
    else if (input.length === 0) walk.report(EMPTY_LIST);
    else this.checkItems(input, parent, walk);
  }

  private checkItems(input: readonly unknown[], parent: JsonObject, walk: Walk): void {
    const other = this.other === '' ? undefined : parent[this.other];
    const others: readonly unknown[] | undefined = Array.isArray(other) ? other : undefined;
    if (others && others.length !== input.length) walk.report(UNEVEN);
    for (let index = 0; index < input.length; index++) {
      if (input[index] === null && isFilled(others?.[index])) continue;
      walk.enter(index);
      this.checkOne(input[index], walk, others?.[index]);
      walk.leave();
    }
  }
}

/** Whether the other half of a primitive says something, so that null may stand here. */
const isFilled = (value: unknown): boolean =>
  value !== null && value !== undefined && (!isObject(value) || Object.keys(value).length > 0);
