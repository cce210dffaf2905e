import { endpoint, reply } from '../../core/http/endpoint.ts';
import { recordReply } from '../../core/http/record-reply.ts';
import type { Headers, Reply } from '../../core/http/types.ts';
import type { Stored } from '../../core/store/types.ts';
import { patientOf } from '../../schemas/fhir/compartment.ts';
import type { RecordsDeps } from './deps.ts';
import { F, idInPath, typeInPath, versionInPath } from './paths.ts';

/** GET {F}/{type}/{id}: the current version; 410 once deleted. */
export const readRecord = ({ records }: Pick<RecordsDeps, 'records'>) =>
  endpoint({
    method: 'GET',
    path: `${F}/{type}/{id}`,
    access: { kind: 'tenant', type: typeInPath, interaction: 'read', patients: true },
    summary: 'Reads a record. If-None-Match and If-Modified-Since are honoured with 304; a deleted record is 410.',
    async run({ scope, params, headers }) {
      const stored = await records.read(scope, typeInPath(params), idInPath(params));
      return unlessKnown(stored, headers);
    },
  });

/** GET {F}/{type}/{id}/_history/{version}: one version as it was. */
export const readVersion = ({ records }: Pick<RecordsDeps, 'records'>) =>
  endpoint({
    method: 'GET',
    path: `${F}/{type}/{id}/_history/{version}`,
    access: { kind: 'tenant', type: typeInPath, interaction: 'vread' },
    summary: 'Reads one version of a record. The version that says "deleted" is 410.',
    async run({ scope, params, headers }) {
      const stored = await records.vread(scope, typeInPath(params), idInPath(params), versionInPath(params));
      return unlessKnown(stored, headers);
    },
  });

/** 304 when the client names the version it has. If-None-Match outranks If-Modified-Since (RFC 9110, 13.1.3). */
function unlessKnown(stored: Stored, headers: Headers): Reply {
  const full = recordReply(stored);
  const tags = headers['if-none-match'];
  const since = Date.parse(headers['if-modified-since'] ?? '');
  const changedMs = Math.floor(Date.parse(stored.meta.lastUpdated) / 1000) * 1000;
  const known =
    tags === undefined
      ? since >= changedMs
      : tags.split(',').some((tag) => tag.trim().replace(/^W\//, '') === `"${stored.meta.versionId}"`);
  const patient = patientOf(stored);
  return { ...(known ? reply(304, undefined, full.headers) : full), ...(patient && { patient }) };
}
