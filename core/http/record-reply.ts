import type { FhirResource, OperationOutcome } from 'fhir/r4';
import { FhirId } from '../../schemas/ids.ts';
import type { Scope } from '../scope.ts';
import type { Stored, WriteResult } from '../store/types.ts';
import { reply } from './endpoint.ts';
import { preferredReturn } from './preferences.ts';
import type { Headers, Reply } from './types.ts';

export const etagOf = (version: number | string): string => `W/"${version}"`;

/** ETag and Last-Modified; HTTP dates have no milliseconds. */
export const versionHeaders = (version: number | string, lastUpdated: string): Record<string, string> => ({
  etag: etagOf(version),
  'last-modified': new Date(lastUpdated).toUTCString(),
});

export const recordReply = (stored: Stored): Reply =>
  reply(200, stored, versionHeaders(stored.meta.versionId, stored.meta.lastUpdated));

/** Where a version of a record is: the Location of a write. */
export const locationOf = ({ fhirBase }: Scope, { type, id, version }: Pick<WriteResult, 'type' | 'id' | 'version'>): string =>
  `${fhirBase}/${type}/${id}/_history/${version}`;

/** 201 for what was created, else 200, with as much of the resource as the client prefers. */
export function writeReply(scope: Scope, result: WriteResult, headers: Headers): Reply {
  const described = { ...versionHeaders(result.version, result.lastUpdated), location: locationOf(scope, result) };
  return reply(result.kind === 'created' ? 201 : 200, bodyAsPreferred(result.resource, headers), described);
}

/** 200 with the record that a conditional create found. */
export function presentReply(scope: Scope, record: Stored, headers: Headers): Reply {
  const { versionId, lastUpdated } = record.meta;
  const location = locationOf(scope, { type: record.resourceType, id: FhirId.parse(record.id), version: Number(versionId) });
  return reply(200, bodyAsPreferred(record, headers), { ...versionHeaders(versionId, lastUpdated), location });
}

function bodyAsPreferred(resource: FhirResource | undefined, headers: Headers): FhirResource | undefined {
  switch (preferredReturn(headers)) {
    case 'minimal':
      return undefined;
    case 'OperationOutcome':
      return ALL_OK;
    case 'representation':
      return resource;
  }
}
const ALL_OK: OperationOutcome = {
  resourceType: 'OperationOutcome',
  issue: [{ severity: 'information', code: 'informational', details: { text: 'Done.' } }],
};
