/** Literal references (FHIR R4, "References between Resources", 2.3.0.1) and the types they may point to. */
import type { Fault } from './issue.ts';
import { isResourceType } from './type-table.ts';
import { isObject, type JsonObject, type Walk } from './walk.ts';

const ID_AND_VERSION = /^[A-Za-z0-9.-]{1,64}(?:\/_history\/[A-Za-z0-9.-]{1,64})?$/;
/** Type, id and perhaps version at the end of an absolute address. */
const ABSOLUTE_TAIL = /\/([A-Z][A-Za-z]+)\/[A-Za-z0-9.-]{1,64}(?:\/_history\/[A-Za-z0-9.-]{1,64})?$/;
const SCHEME = /^[A-Za-z][A-Za-z0-9+.-]*:\S/;

const NOT_A_REFERENCE: Fault = {
  code: 'value',
  text: 'Write the reference as Type/id, as an absolute address, as urn:uuid:..., as #id of a contained resource, or as Type?search.',
};
const NOT_CONTAINED: Fault = {
  code: 'invariant',
  text: 'Add the contained resource with this id, or refer to another resource: a reference that begins with # must resolve (ref-1).',
};

/** By the list of contained resources, their types by id: looked up once for each list, however many references it has. */
const typesById = new WeakMap<object, ReadonlyMap<unknown, unknown>>();

function containedType(root: JsonObject, id: string): string | undefined {
  if (!Array.isArray(root.contained)) return undefined;
  let types = typesById.get(root.contained);
  if (types === undefined) {
    types = new Map(root.contained.filter(isObject).map((resource) => [resource.id, resource.resourceType]));
    typesById.set(root.contained, types);
  }
  const type = types.get(id);
  return typeof type === 'string' ? type : undefined;
}

/** The type that a literal reference points to; undefined when it does not say; a fault when it is none. */
export function referencedType(reference: string, root: JsonObject): string | undefined | Fault {
  const slash = reference.indexOf('/');
  if (slash > 0) {
    const head = reference.slice(0, slash);
    if (isResourceType(head)) return ID_AND_VERSION.test(reference.slice(slash + 1)) ? head : NOT_A_REFERENCE;
  }
  if (reference.startsWith('#')) {
    if (reference === '#') return typeof root.resourceType === 'string' ? root.resourceType : undefined;
    return containedType(root, reference.slice(1)) ?? NOT_CONTAINED;
  }
  const question = reference.indexOf('?');
  if (question > 0) {
    const head = reference.slice(0, question);
    if (isResourceType(head)) return question < reference.length - 1 ? head : NOT_A_REFERENCE;
  }
  if (!SCHEME.test(reference)) return NOT_A_REFERENCE;
  const tail = ABSOLUTE_TAIL.exec(reference)?.[1];
  return tail !== undefined && isResourceType(tail) ? tail : undefined;
}

/** Checks a sound Reference element: its literal reference and its `type` against the targets (none: any type). */
export function checkReference(element: JsonObject, targets: ReadonlySet<string> | undefined, walk: Walk): void {
  if (typeof element.reference === 'string') {
    const type = referencedType(element.reference, walk.rootResource);
    if (typeof type === 'object') walk.add(type.code, type.text, 'reference');
    else if (type !== undefined && targets && !targets.has(type))
      walk.add('value', `Refer to ${oneOf(targets)} here.`, 'reference');
  }
  if (typeof element.type === 'string' && targets && isResourceType(element.type) && !targets.has(element.type)) {
    walk.add('value', `Refer to ${oneOf(targets)} here.`, 'type');
  }
}

const oneOf = (types: ReadonlySet<string>): string => [...types].join(' or ');
