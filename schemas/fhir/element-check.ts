import { codeList } from './codes.ts';
import type { ComplexType } from './complex-type.ts';
import type { Fault } from './issue.ts';
import { PRIMITIVES, type PrimitiveCheck } from './primitives.ts';
import { checkReference } from './references.ts';
import { checkResource } from './resource.ts';
import type { ElementType } from './type-table.ts';
import { isObject, type JsonObject, type Walk } from './walk.ts';

/** How one value of an element is checked. */
export type ElementCheck =
  | { readonly isPrimitive: true; readonly fault: PrimitiveCheck }
  | { readonly isPrimitive: false; readonly check: (input: unknown, walk: Walk) => void };

/** The check of one value of that type. Complex types are looked up when first used, since types refer to each other in circles. */
export function elementCheck(type: ElementType, key: string, findType: (name: string) => ComplexType): ElementCheck {
  const primitive = PRIMITIVES[type.name];
  if (primitive) return { isPrimitive: true, fault: type.codes === undefined ? primitive : coded(primitive, type.codes) };
  if (type.name === 'Resource')
    return { isPrimitive: false, check: (input, walk) => checkResource(input, walk, key === 'contained') };

  let found: ComplexType | undefined;
  const check = (input: unknown, walk: Walk): void => {
    found ??= findType(type.name);
    found.check(input, walk);
  };
  const { codes, targets } = type;
  if (type.name === 'Reference')
    return { isPrimitive: false, check: andThen(check, (input, walk) => checkReference(input, targets, walk)) };
  if (codes === undefined) return { isPrimitive: false, check };
  return { isPrimitive: false, check: andThen(check, (input, walk) => checkConcept(input, codes, walk)) };
}

/** A further check of what was found to be a sound object. */
const andThen =
  (check: (input: unknown, walk: Walk) => void, further: (input: JsonObject, walk: Walk) => void) =>
  (input: unknown, walk: Walk): void => {
    const before = walk.faults;
    check(input, walk);
    if (walk.faults === before && isObject(input)) further(input, walk);
  };

function coded(primitive: PrimitiveCheck, number: number): PrimitiveCheck {
  let wrong: Fault | undefined;
  return (input) => {
    const list = codeList(number);
    if (typeof input === 'string' && list.has(input)) return undefined;
    const fault = primitive(input);
    if (fault) return fault;
    wrong ??= { code: 'code-invalid', text: list.help };
    return wrong;
  };
}

/**
 * A required binding of a CodeableConcept: one of its codings must come from the value set; text alone will not do
 * (FHIR R4, "Terminologies", 4.1.5.1.1). A concept that holds extensions only says why it is absent.
 */
function checkConcept(concept: JsonObject, number: number, walk: Walk): void {
  const codings: readonly unknown[] = Array.isArray(concept.coding) ? concept.coding : [];
  if (codings.length === 0 && concept.text === undefined) return;
  const list = codeList(number);
  if (!codings.some((coding) => isObject(coding) && list.hasCoding(coding.system, coding.code)))
    walk.add('code-invalid', list.help, 'coding');
}
