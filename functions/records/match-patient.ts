import type { Bundle, Patient } from 'fhir/r4';
import * as z from 'zod';
import { endpoint, reply } from '../../core/http/endpoint.ts';
import { findMatches, type Match } from '../../core/match/find-matches.ts';
import { Problem } from '../../core/outcome.ts';
import type { Scope } from '../../core/scope.ts';
import { parseResource } from '../../schemas/fhir/index.ts';
import { MATCH_GRADE, MATCH_REASON } from '../../schemas/match.ts';
import type { RecordsDeps } from './deps.ts';
import { F } from './paths.ts';

/** The operation's parameters (FHIR R4, Patient $match). */
const MatchParameters = z.object({
  resourceType: z.literal('Parameters'),
  parameter: z.array(
    z.object({
      name: z.string(),
      resource: z.unknown().optional(),
      valueBoolean: z.boolean().optional(),
      valueInteger: z.int().min(1).max(100).optional(),
    }),
  ),
});

/** POST {F}/Patient/$match: who this may be already, the likeliest first. */
export const matchPatient = ({ records }: Pick<RecordsDeps, 'records'>) =>
  endpoint({
    method: 'POST',
    path: `${F}/Patient/$match`,
    access: { kind: 'tenant', type: 'Patient', interaction: 'search' },
    summary: 'Finds the Patients that a described person may be already, the likeliest first, with a score, a grade and reasons.',
    body: MatchParameters,
    async run({ scope, body }) {
      const find = (name: string) => body.parameter.find((parameter) => parameter.name === name);
      const parsed = parseResource(find('resource')?.resource);
      if ('issues' in parsed)
        throw new Problem(
          'invalid',
          parsed.issues.map(({ text, expression, code }) => ({ text, path: expression, code })),
        );
      if (parsed.resource.resourceType !== 'Patient')
        throw new Problem('invalid', 'Send the person to look for as a Patient, in the parameter "resource".');
      const count = find('count')?.valueInteger;
      const matches = await findMatches(records, scope, parsed.resource as Patient, {
        onlyCertain: find('onlyCertainMatches')?.valueBoolean ?? false,
        ...(count !== undefined && { count }),
      });
      return reply(200, toBundle(scope, matches));
    },
  });

const toBundle = (scope: Scope, matches: readonly Match[]): Bundle<Patient> => ({
  resourceType: 'Bundle',
  type: 'searchset',
  total: matches.length,
  entry: matches.map(({ patient, score, grade, reasons }) => ({
    fullUrl: `${scope.fhirBase}/Patient/${patient.id}`,
    resource: patient,
    search: {
      extension: [{ url: MATCH_GRADE, valueCode: grade }, ...reasons.map((reason) => ({ url: MATCH_REASON, valueCode: reason }))],
      mode: 'match' as const,
      score,
    },
  })),
});
