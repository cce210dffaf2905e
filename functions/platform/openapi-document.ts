import * as z from 'zod';
import type { Access, Endpoint } from '../../core/http/types.ts';
import { PROBLEMS } from '../../core/outcome.ts';

/** A JSON value of the OpenAPI document. */
type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };
type JsonObject = { readonly [name: string]: Json };

const FHIR_JSON = 'application/fhir+json';
const OUTCOME: JsonObject = { $ref: '#/components/schemas/OperationOutcome' };

/** OpenAPI 3.1 of the endpoint table. */
export function openApiDocument(endpoints: readonly Endpoint[], version: string): JsonObject {
  const paths = [...Map.groupBy(endpoints, ({ path }) => path)].map(([path, rows]): [string, Json] => [
    path,
    { parameters: parametersOf(path), ...Object.fromEntries(rows.map((row) => [row.method.toLowerCase(), operationOf(row)])) },
  ]);
  return {
    openapi: '3.1.0',
    info: { title: 'Tessera', version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    security: [{ bearer: [] }],
    paths: Object.fromEntries(paths),
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      schemas: {
        Resource: {
          type: 'object',
          required: ['resourceType'],
          properties: { resourceType: { type: 'string' } },
          description: 'A FHIR R4 resource.',
        },
        OperationOutcome: {
          type: 'object',
          required: ['resourceType', 'issue'],
          properties: {
            resourceType: { const: 'OperationOutcome' },
            issue: { type: 'array', minItems: 1, items: { type: 'object' } },
          },
        },
      },
    },
  };
}

function operationOf({ method, path, access, summary, body, form, media }: Endpoint): JsonObject {
  const answer: JsonObject =
    media === 'application/pdf'
      ? { type: 'string', format: 'binary' }
      : media
        ? { type: 'object' }
        : { $ref: '#/components/schemas/Resource' };
  const content = {
    ...(body && bodyContent(body)),
    ...(form && { 'application/x-www-form-urlencoded': { schema: { type: 'object' } } }),
  };
  return {
    operationId: `${method.toLowerCase()} ${path}`,
    summary,
    ...(access.kind === 'public' && { security: [] }),
    'x-access': accessText(access),
    ...((body || form) && { requestBody: { required: body !== undefined, content } }),
    responses: {
      '2XX': { description: 'Done.', content: { [media ?? FHIR_JSON]: { schema: answer } } },
      ...(method !== 'GET' && { '204': { description: 'Done. There is nothing to say.' } }),
      default: { description: `What went wrong, one of ${STATUSES}.`, content: { [FHIR_JSON]: { schema: OUTCOME } } },
    },
  };
}
const STATUSES = [...new Set(Object.values(PROBLEMS).map(({ status }) => status))].sort().join(', ');

function bodyContent(body: z.ZodType): JsonObject {
  if (body instanceof z.ZodUnknown) return { [FHIR_JSON]: { schema: { $ref: '#/components/schemas/Resource' } } };
  return { 'application/json': { schema: z.toJSONSchema(body, { io: 'input', unrepresentable: 'any' }) as JsonObject } };
}

const parametersOf = (path: string): JsonObject[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({ name, in: 'path', required: true, schema: { type: 'string' } }));

/** Who may call, in a few words for the API page. */
export function accessText(access: Access): string {
  switch (access.kind) {
    case 'public':
      return 'anybody';
    case 'signed-in':
      return 'anybody signed in';
    case 'operator':
      return 'operators';
    case 'tenant':
      return `members with ${typeof access.type === 'string' ? access.type : '{type}'}.${access.interaction}`;
  }
}
