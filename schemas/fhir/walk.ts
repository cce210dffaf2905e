/**
 * The state of one validation: where we are, in which resource, and what was found.
 * The place is a stack that is written in place, so that a sound resource costs no allocation on the way.
 */
import type { Fault, IssueCode, ValidationIssue } from './issue.ts';

/** A step into an element: its JSON key, and how FHIRPath names it (`value.ofType(Quantity)` for `valueQuantity`). */
export interface Step {
  readonly key: string;
  readonly expression: string;
}

export type JsonObject = Readonly<Record<string, unknown>>;

/** An issue with its place both ways: as JSON path for zod, as FHIRPath for OperationOutcome. */
export interface LocatedIssue extends ValidationIssue {
  readonly path: readonly (string | number)[];
}

/** Objects within objects. The deepest published example has 22; a document of our own never comes near. */
export const MAX_DEPTH = 64;
/** Beyond this many faults a list helps nobody, and an attacker could make us write megabytes. */
export const MAX_ISSUES = 200;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A name as FHIRPath writes it: in backticks unless it is plain. `div` is an operator there. */
export const fhirPathName = (name: string): string =>
  name !== 'div' && /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? name : `\`${name.slice(0, 64).replace(/[`\\\p{Cc}]/gu, '?')}\``;

export class Walk {
  readonly issues: LocatedIssue[] = [];
  /** Faults met so far, also those that are not listed any more: whoever finds it unchanged knows that a part is sound. */
  faults = 0;
  /** The innermost resource (FHIRPath's %resource). */
  resource: JsonObject;
  /** The resource that holds the contained ones (FHIRPath's %rootResource). */
  rootResource: JsonObject;
  /** Objects entered and not left yet. */
  depth = 0;
  private readonly root: string;
  private readonly steps: (Step | number)[] = [];
  private length = 0;

  constructor(root: string, input: JsonObject) {
    this.root = root;
    this.resource = input;
    this.rootResource = input;
  }

  enter(step: Step | number): void {
    this.steps[this.length++] = step;
  }

  leave(): void {
    this.length--;
  }

  report(fault: Fault): void {
    this.add(fault.code, fault.text);
  }

  /** Notes a fault of this element, or of a child of it that has no step of its own. */
  add(code: IssueCode, text: string, child?: string): void {
    this.faults++;
    if (this.issues.length > MAX_ISSUES) return;
    if (this.issues.length === MAX_ISSUES) {
      this.issues.push({
        code: 'too-long',
        text: 'There are more faults than are listed here. Correct these first.',
        expression: this.root,
        path: [],
      });
      return;
    }
    this.issues.push({ code, text, ...this.place(child) });
  }

  /** Where we are, or where a child of this element without a step of its own is. */
  protected place(child?: string): Pick<LocatedIssue, 'expression' | 'path'> {
    const steps = this.steps.slice(0, this.length);
    const path = steps.map((step) => (typeof step === 'number' ? step : step.key));
    let expression = this.root;
    for (const step of steps) expression += typeof step === 'number' ? `[${step}]` : `.${step.expression}`;
    if (child !== undefined) {
      path.push(child);
      expression += `.${fhirPathName(child)}`;
    }
    return { expression, path };
  }
}
