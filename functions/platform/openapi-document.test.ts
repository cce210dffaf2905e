import { describe, expect, test } from 'vitest';
import { ALL_ENDPOINTS } from '../endpoint-table.ts';
import { openApiDocument } from './openapi-document.ts';

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly security?: readonly unknown[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: { readonly properties?: object } }>> };
}
const document = JSON.parse(JSON.stringify(openApiDocument(ALL_ENDPOINTS, '1.2.3'))) as {
  readonly openapi: string;
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, Operation>> & { parameters: readonly { readonly name: string }[] }>
  >;
};
const operationAt = (method: string, path: string) => document.paths[path]?.[method];

describe('the OpenAPI document', () => {
  test('has every endpoint once', () => {
    const listed = Object.values(document.paths).flatMap(({ parameters: _, ...operations }) =>
      Object.values(operations).map(({ operationId }) => operationId),
    );
    expect(listed.sort()).toEqual(ALL_ENDPOINTS.map(({ method, path }) => `${method.toLowerCase()} ${path}`).sort());
  });
  test('declares every parameter of every path', () => {
    for (const [path, { parameters }] of Object.entries(document.paths))
      expect(parameters.map(({ name }) => `{${name}}`)).toEqual(path.match(/\{\w+\}/g) ?? []);
  });
  test('asks for no token where none is needed, and only there', () => {
    expect(operationAt('get', '/api/platform/config')?.security).toEqual([]);
    expect(operationAt('get', '/api/platform/me')?.security).toBeUndefined();
  });
  test('has the schema of a body that is ours, and calls a resource a resource', () => {
    const order = operationAt('post', '/api/{tenant}/fhir/R4/$import')?.requestBody?.content['application/json']?.schema;
    expect(Object.keys(order?.properties ?? {})).toEqual(['source', 'files']);
    const resource = operationAt('put', '/api/{tenant}/fhir/R4/{type}/{id}')?.requestBody?.content['application/fhir+json']
      ?.schema;
    expect(resource).toEqual({ $ref: '#/components/schemas/Resource' });
  });
});
