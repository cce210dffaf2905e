/** Checks a resource, which is sound R4 already, against a US Core profile: it walks the profile's tree, and in the resource only what the tree names. */

import { referencedType } from '../fhir/references.ts';
import type { JsonObject, Step } from '../fhir/walk.ts';
import { fhirPathName, isObject } from '../fhir/walk.ts';
import { PROFILE_RULES } from './generated/rules.ts';
import { hasPattern, inWords } from './patterns.ts';
import { codeList, hasCode, isCoded } from './profile-codes.ts';
import { type ElementValue, type ProfileElement, profileRow, profileTree } from './profile-element.ts';
import type { ProfileWalk } from './profile-walk.ts';
import type { ElementRow } from './rows.ts';

/** Notes on the walk what the resource, or extension, lacks. @throws Error for a name that US Core does not have */
export function checkProfile(name: string, object: JsonObject, walk: ProfileWalk): void {
  const title = profileRow(name)?.title ?? name;
  const root = profileTree(name);
  new Check(walk, title).element(root, { key: '', value: object, object });
}

class Check {
  private readonly walk: ProfileWalk;
  /** Of the profile, for the texts. */
  private readonly title: string;
  constructor(walk: ProfileWalk, title: string) {
    this.walk = walk;
    this.title = title;
  }

  /** One value against what its row says, and against what is below it. The walk stands at it. */
  element(element: ProfileElement, value: ElementValue): void {
    const { row } = element;
    if (element.types && value.type !== undefined && !element.types.has(value.type))
      this.walk.add(
        'structure',
        `Write ${[...element.types].map((type) => element.name + type).join(' or ')}: ${this.title} has no other type here.`,
      );
    this.content(row, value);
    for (const child of element.children) this.child(child, value.object);
    if (row.extension !== undefined) checkProfile(row.extension, value.object, this.walk);
    for (const name of row.rules ?? []) this.rule(name, value);
  }

  /** All values of one element in its parent, where the walk stands. */
  private child(child: ProfileElement, parent: JsonObject): void {
    const values = child.valuesIn(parent);
    const found = new Map<ProfileElement, number>(child.slices.map((slice) => [slice, 0]));
    for (const value of values) {
      this.enter(child, value);
      this.element(child, value);
      for (const [slice, count] of found) {
        if (!slice.takes(value, child.row.slicedBy ?? [])) continue;
        found.set(slice, count + 1);
        this.element(slice, value);
      }
      this.leave(value);
    }
    for (const [slice, count] of found) this.count(slice, count);
    // A slice that is missing has been said already, and says more.
    const isSaid = values.length === 0 && child.slices.some(({ row }) => row.min !== undefined);
    if (!isSaid) this.count(child, values.length);
  }

  private count(element: ProfileElement, count: number): void {
    const { min = 0, max = Number.POSITIVE_INFINITY } = element.row;
    if (count < min) {
      const what = min === 1 ? 'a value' : `${min} values, not ${count}`;
      this.walk.add('required', `Give ${what}: ${this.title} needs ${named(element)}.`, element.name);
    }
    if (count > max) {
      const instead = max === 0 ? 'Leave this out' : `Give at most ${max} ${named(element)}`;
      this.walk.add('structure', `${instead}: ${this.title} allows no more.`, element.name);
    }
  }

  private enter(element: ProfileElement, { key, type, index }: ElementValue): void {
    const expression = type === undefined ? fhirPathName(key) : `${element.name}.ofType(${fhirPathType(type)})`;
    this.walk.enter({ key, expression } satisfies Step);
    if (index !== undefined) this.walk.enter(index);
  }
  private leave({ index }: ElementValue): void {
    if (index !== undefined) this.walk.leave();
    this.walk.leave();
  }

  private content({ fixed, pattern, codes, suggests, targets }: ElementRow, { value }: ElementValue): void {
    if (value === undefined) return; // only a reason why it is absent
    const wanted = fixed ?? pattern;
    if (wanted !== undefined && !hasPattern(value, wanted))
      this.walk.add('value', `Write ${inWords(wanted)} here: ${this.title} allows nothing else.`);
    if (codes !== undefined && isCoded(value, codes) && !hasCode(value, codes))
      this.walk.add('code-invalid', `Use ${codeList(codes).help}.`);
    if (suggests !== undefined && isCoded(value, suggests) && !hasCode(value, suggests))
      this.walk.warn('code-invalid', `Prefer ${codeList(suggests).help}, unless none of them fits.`);
    if (targets) this.target(targets, value);
  }

  private target(targets: readonly string[], value: unknown): void {
    const literal = isObject(value) ? value.reference : undefined;
    const type = typeof literal === 'string' ? referencedType(literal, this.walk.rootResource) : undefined;
    const allowed = new Set(targets.map((name) => profileRow(name)?.type ?? name));
    if (typeof type === 'string' && !allowed.has(type))
      this.walk.add('value', `Refer to ${[...allowed].join(' or ')} here: ${this.title} allows nothing else.`, 'reference');
  }

  private rule(name: string, { value, object }: ElementValue): void {
    const rule = PROFILE_RULES[name];
    if (!rule) throw new Error(`US Core has no invariant ${name}`);
    const [severity, human, holds] = rule;
    if (holds((value ?? object) as JsonObject, this.walk) === true) return;
    const text = `${human.replace(/\.?$/, '')} (${name.replace(/:.*/, '')}).`;
    if (severity === 'error') this.walk.add('invariant', text);
    else this.walk.warn('invariant', text);
  }
}

/** `DateTime`, as a JSON key ends, is FHIRPath's `dateTime`; `Quantity` stays. */
const fhirPathType = (type: string): string =>
  PRIMITIVES.has(type.toLowerCase()) ? type.charAt(0).toLowerCase() + type.slice(1) : type;
const PRIMITIVES = new Set([
  'boolean',
  'code',
  'date',
  'datetime',
  'decimal',
  'instant',
  'integer',
  'string',
  'time',
  'uri',
  'url',
]);

/** `code`, or of a slice what it is told by: `component "systolic" (8480-6 of http://loinc.org)`. */
function named(element: ProfileElement): string {
  if (element.sliceName === undefined) return element.name;
  const words = criterionOf(element);
  return `${element.name} "${element.sliceName}"${words === undefined ? '' : ` (${words})`}`;
}

function criterionOf({ row, children }: ProfileElement): string | undefined {
  const wanted = row.fixed ?? row.pattern;
  if (wanted !== undefined) return inWords(wanted);
  if (row.url !== undefined) return row.url;
  if (row.codes !== undefined) return codeList(row.codes).help;
  const below = children.filter((child) => child.name !== 'value').flatMap((child) => criterionOf(child) ?? []);
  return below.length === 0 ? undefined : below.join(', ');
}
