import { complexType } from './complex-type.ts';
import type { Fault } from './issue.ts';
import { isResourceType } from './type-table.ts';
import { isObject, type JsonObject, type Walk } from './walk.ts';

const NOT_A_RESOURCE: Fault = { code: 'structure', text: 'Write a resource: an object in curly brackets with a resourceType.' };

/** The resource's type, or undefined after noting what is wrong with it. */
export function typeOfResource(input: unknown, walk: Walk): string | undefined {
  if (!isObject(input)) walk.report(NOT_A_RESOURCE);
  else if (!Object.hasOwn(input, 'resourceType')) walk.add('required', 'Say the type of the resource.', 'resourceType');
  else if (typeof input.resourceType !== 'string' || !isResourceType(input.resourceType)) {
    walk.add('code-invalid', 'Write the name of a resource type of FHIR R4, such as Patient.', 'resourceType');
  } else return input.resourceType;
  return undefined;
}

/**
 * Checks a resource inside another one. What a contained resource refers to with # is contained in the outer one; a resource of a
 * Bundle entry or a parameter stands for itself.
 */
export function checkResource(input: unknown, walk: Walk, isContained: boolean): void {
  const type = typeOfResource(input, walk);
  if (type === undefined) return;
  const { resource, rootResource } = walk;
  walk.resource = input as JsonObject;
  if (!isContained) walk.rootResource = walk.resource;
  complexType(type).check(input, walk);
  walk.resource = resource;
  walk.rootResource = rootResource;
}
