/**
 * FHIR R4 resources at the boundary: everything that enters is parsed here once, and trusted afterwards.
 * The checks come from the published definitions (schemas/build); docs/adr/0004-validation.md says why they are made this way.
 */
import type { FhirResource } from 'fhir/r4';
import * as z from 'zod';
import { complexType } from './complex-type.ts';
import type { ValidationIssue } from './issue.ts';
import { typeOfResource } from './resource.ts';
import { isResourceType } from './type-table.ts';
import { isObject, type LocatedIssue, Walk } from './walk.ts';

export { RESOURCE_TYPES } from '../generated/resource-types.ts';
export type { ValidationIssue } from './issue.ts';
export { isResourceType };

/** What a zod issue of these schemas carries in `params`: FHIR R4 issue-type and FHIRPath. */
export interface FhirIssueParams {
  readonly code: ValidationIssue['code'];
  readonly expression: string;
}

const schemas = new Map<string, z.ZodType>();

/**
 * The zod schema of a resource or data type (`Patient`, `HumanName`). It answers its input as it is, or every fault at once, each with
 * `FhirIssueParams`. @throws Error for a name that R4 does not have
 */
export function fhirSchema(type: string): z.ZodType {
  let schema = schemas.get(type);
  if (schema === undefined) {
    schema = makeSchema(type);
    schemas.set(type, schema);
  }
  return schema;
}

function makeSchema(type: string): z.ZodType {
  const checker = complexType(type);
  return z.unknown().check((context) => {
    const input = context.value;
    const walk = new Walk(type, isObject(input) ? input : {});
    const found = checker.isResource ? typeOfResource(input, walk) : type;
    if (found === type) checker.check(input, walk);
    else if (found !== undefined) walk.add('value', `Send a resource of type ${type} here.`, 'resourceType');
    addIssues(context, walk.issues);
  });
}

function addIssues(context: z.core.ParsePayload, issues: readonly LocatedIssue[]): void {
  for (const { code, text, expression, path } of issues) {
    context.issues.push({
      code: 'custom',
      input: context.value,
      path: [...path],
      message: text,
      params: { code, expression } satisfies FhirIssueParams,
    });
  }
}

/**
 * Parses a resource of the type it says, or of `type` when the address has said one. Every fault is answered at once, without values.
 * @throws Error when `type` is no resource type
 */
export function parseResource(
  input: unknown,
  options?: { type?: string },
): { resource: FhirResource } | { issues: ValidationIssue[] } {
  const walk = new Walk('Resource', {});
  const type = options?.type ?? typeOfResource(input, walk);
  if (type === undefined) return { issues: walk.issues.map(({ code, text, expression }) => ({ code, text, expression })) };
  const parsed = fhirSchema(type).safeParse(input);
  if (parsed.success) return { resource: parsed.data as FhirResource };
  return {
    issues: parsed.error.issues.map((issue) => {
      const { code, expression } = (issue as z.core.$ZodIssueCustom).params as unknown as FhirIssueParams;
      return { code, text: issue.message, expression };
    }),
  };
}
