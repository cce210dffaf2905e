import type { FhirResource, OperationOutcome, OperationOutcomeIssue } from 'fhir/r4';
import * as z from 'zod';
import { endpoint, reply } from '../../core/http/endpoint.ts';
import type { Request } from '../../core/http/types.ts';
import { PROBLEMS, Problem, type ProblemIssue } from '../../core/outcome.ts';
import { may, type Scope } from '../../core/scope.ts';
import { patientOf } from '../../schemas/fhir/compartment.ts';
import type { FhirId } from '../../schemas/ids.ts';
import { type Claim, claimOf, claimsOf, findingsFor, US_CORE_VERSION } from '../../schemas/us-core/profiles.ts';
import type { RecordsDeps } from './deps.ts';
import { F, idInPath, typeInPath } from './paths.ts';
import { toIssue, type WriteCheck } from './write-check.ts';

type Deps = Pick<RecordsDeps, 'records' | 'audit'>;

/** POST {F}/{type}/$validate: what a create or update of this resource would be told, without one. */
export const validateResource = (deps: Deps, check: WriteCheck) =>
  endpoint({
    method: 'POST',
    path: `${F}/{type}/$validate`,
    access: { kind: 'tenant', type: typeInPath, interaction: 'create' },
    summary:
      'Says all that stands against a resource, and writes nothing: R4, the profiles it claims or `profile` names; with `mode` also references and rules.',
    body: z.unknown(),
    run: (request) => validate(request, undefined, deps, check),
  });

/** POST {F}/{type}/{id}/$validate: the same of a resource that is to replace a record, or of the record itself when none is sent. */
export const validateRecord = (deps: Deps, check: WriteCheck) =>
  endpoint({
    method: 'POST',
    path: `${F}/{type}/{id}/$validate`,
    access: { kind: 'tenant', type: typeInPath, interaction: 'update' },
    summary:
      'The same for a record: of what is to replace it, of the record as it is when nothing is sent, or of its deletion (`mode=delete`).',
    body: z.unknown(),
    run: (request) => validate(request, idInPath(request.params), deps, check),
  });

const MODES = ['create', 'update', 'delete', 'profile'] as const;
const Parameter = z.object({
  name: z.string(),
  resource: z.unknown().optional(),
  valueCode: z.string().optional(),
  valueString: z.string().optional(),
  valueUri: z.string().optional(),
  valueCanonical: z.string().optional(),
});
const Parameters = z.object({ resourceType: z.literal('Parameters'), parameter: z.array(Parameter).default([]) });

interface Asked {
  readonly resource?: unknown;
  readonly mode?: (typeof MODES)[number];
  readonly profiles: readonly string[];
}

/** Reads the operation's input: a Parameters resource, or the bare resource; `mode` and `profile` also from the address. @throws Problem invalid */
function asked({ body, query }: Pick<Request<unknown>, 'body' | 'query'>, type: string): Asked {
  const parsed = Parameters.safeParse(body);
  const isInput = parsed.success && (type !== 'Parameters' || parsed.data.parameter.some(({ name }) => name === 'resource'));
  const named = (name: string) => (isInput ? parsed.data.parameter.filter((parameter) => parameter.name === name) : []);
  const texts = (name: string): string[] => [
    ...query.getAll(name),
    ...named(name).flatMap((one) => one.valueCode ?? one.valueUri ?? one.valueCanonical ?? one.valueString ?? []),
  ];
  const [mode] = texts('mode');
  const known = MODES.find((one) => one === mode);
  if (mode !== undefined && !known) throw new Problem('invalid', `The mode is one of ${MODES.join(', ')}.`);
  const resource = isInput ? named('resource')[0]?.resource : body;
  return { profiles: texts('profile'), ...(known && { mode: known }), ...(resource !== undefined && { resource }) };
}

/** @throws Problem invalid, not-found, gone */
async function validate(request: Request<unknown>, id: FhirId | undefined, deps: Deps, check: WriteCheck) {
  const { scope, params } = request;
  const type = typeInPath(params);
  const question = asked(request, type);
  if (question.mode === 'delete') return answer(await ofDelete(scope, type, id, deps, check));
  const body = question.resource ?? (id && (await stored(scope, type, id, deps)));
  if (body === undefined) throw new Problem('invalid', 'Send the resource, by itself or as the parameter "resource".');
  const parsed = check.tryParse(body, type);
  if ('issues' in parsed) return answer(parsed.issues.map((issue) => error(toIssue(issue))));
  const { resource } = parsed;
  return answer([
    ...ofProfiles(resource, question.profiles),
    ...(question.mode === 'create' || question.mode === 'update' ? await ofWrite(scope, resource, question.mode, id, check) : []),
  ]);
}

/** A record as it stands: looking into it leaves its row in the audit trail as a read does. */
async function stored(scope: Scope, type: string, id: FhirId, { records, audit }: Deps): Promise<FhirResource> {
  const record = await records.read(scope, type, id);
  const patient = patientOf(record);
  await audit.record(scope, { interaction: 'read', type, id, outcome: 'success', ...(patient && { patient }) });
  return record;
}

const error = ({ text, path, code = 'business-rule' }: ProblemIssue): OperationOutcomeIssue => issueOf('error', code, text, path);
const issueOf = (
  severity: OperationOutcomeIssue['severity'],
  code: OperationOutcomeIssue['code'],
  text: string,
  path?: string,
): OperationOutcomeIssue => ({ severity, code, details: { text }, ...(path !== undefined && { expression: [path] }) });

/** Each profile that the resource claims or the caller asks for, once. */
function ofProfiles(resource: FhirResource, wanted: readonly string[]): OperationOutcomeIssue[] {
  const canonicals = [...new Set([...wanted, ...claimsOf(resource)])];
  const names = new Set<string>();
  return canonicals.flatMap((canonical) => {
    const claim = claimOf(canonical);
    if (claim.kind !== 'known') return [unchecked(claim, wanted.includes(canonical), resource.resourceType)];
    if (names.has(claim.name)) return [];
    names.add(claim.name);
    const { errors, warnings } = findingsFor(claim.name, resource);
    return [
      ...errors.map(({ code, text, expression }) => issueOf('error', code, text, expression)),
      ...warnings.map(({ code, text, expression }) => issueOf('warning', code, text, expression)),
    ];
  });
}

/** What was asked for and cannot be answered is an error; a claim that nobody asked about is not. */
function unchecked({ kind }: Claim, isWanted: boolean, type: string): OperationOutcomeIssue {
  const text =
    kind === 'unknown'
      ? `This is no profile of US Core ${US_CORE_VERSION}: it was not checked.`
      : `Profiles other than those of US Core ${US_CORE_VERSION} are not checked.`;
  if (isWanted) return issueOf('error', 'not-supported', text);
  return issueOf(kind === 'unknown' ? 'warning' : 'information', 'not-supported', text, `${type}.meta.profile`);
}

/** Permission, references and the clinic's rules. */
async function ofWrite(
  scope: Scope,
  resource: FhirResource,
  mode: 'create' | 'update',
  id: FhirId | undefined,
  check: WriteCheck,
): Promise<OperationOutcomeIssue[]> {
  const type = resource.resourceType;
  if (!may(scope, type, mode)) return [issueOf('error', 'forbidden', 'Your role does not allow this.')];
  const isOther = mode === 'update' && id !== undefined && resource.id !== id;
  const wrongId = {
    text: 'The id in the resource and the id in the address are one.',
    path: `${type}.id`,
    code: 'invalid',
  } as const;
  const objections = await check.objectionsHere(scope, check.normalized(scope, resource));
  return [...(isOther ? [wrongId] : []), ...objections].map(error);
}

/** @throws Problem invalid without an id; not-found, gone */
async function ofDelete(
  scope: Scope,
  type: string,
  id: FhirId | undefined,
  { records }: Deps,
  check: WriteCheck,
): Promise<OperationOutcomeIssue[]> {
  if (id === undefined) throw new Problem('invalid', 'Say which record: POST to its own address with mode=delete.');
  if (!may(scope, type, 'delete')) return [issueOf('error', 'forbidden', 'Your role does not allow this.')];
  await records.read(scope, type, id);
  try {
    await check.acceptDelete(scope, type, id);
    return [];
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    return problem.issues.map((issue) => error({ code: PROBLEMS[problem.kind].code, ...issue }));
  }
}

const answer = (issues: readonly OperationOutcomeIssue[]) => {
  const allOk = issueOf('information', 'informational', 'All OK: nothing stands against it.');
  return reply(200, {
    resourceType: 'OperationOutcome',
    issue: issues.length > 0 ? [...issues] : [allOk],
  } satisfies OperationOutcome);
};
