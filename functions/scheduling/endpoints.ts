import type { Appointment, Bundle, FhirResource } from 'fhir/r4';
import type * as z from 'zod';
import { endpoint, reply } from '../../core/http/endpoint.ts';
import { ifMatchVersion, operationKeyOf } from '../../core/http/preferences.ts';
import { etagOf, locationOf, versionHeaders } from '../../core/http/record-reply.ts';
import type { Endpoint, Headers, Params, Reply, Request } from '../../core/http/types.ts';
import { Problem, said } from '../../core/outcome.ts';
import type { BookingKernel, ChangeOptions } from '../../core/scheduling/kernel.ts';
import type { Scope } from '../../core/scope.ts';
import type { Stored } from '../../core/store/types.ts';
import { FhirId } from '../../schemas/ids.ts';
import { CancelAppointment, MoveAppointment, OverrideReason } from '../../schemas/scheduling.ts';
import { Named, ParametersBody } from './parameters.ts';

export interface SchedulingDeps {
  readonly kernel: BookingKernel;
}

const A = '/api/{tenant}/fhir/R4/Appointment';
const WEEK_MS = 7 * 86_400_000;

/** The calendar's operations, after IHE ITI Scheduling where it has them. Reading, searching and history are plain FHIR. */
export const schedulingEndpoints = ({ kernel }: SchedulingDeps): readonly Endpoint[] => [
  endpoint({
    method: 'POST',
    path: `${A}/$find`,
    access: { kind: 'tenant', type: 'Appointment', interaction: 'search' },
    summary:
      'Finds free times as proposed Appointments, the earliest first (IHE ITI-115): start, end, practitioner, location, room, any-room, visit-type, minutes, patient, count.',
    body: ParametersBody,
    async run({ scope, body }) {
      const asked = new Named(body, FIND);
      const startMs = asked.instant('start') ?? Date.now();
      const rooms = asked.ids('room', 'Location');
      const [place] = asked.ids('location', 'Location');
      const [service] = asked.ids('visit-type', 'HealthcareService');
      const [patient] = asked.ids('patient', 'Patient');
      const minutes = asked.whole('minutes', 5, 480);
      const found = await kernel.find(scope, {
        startMs,
        endMs: asked.instant('end') ?? startMs + 4 * WEEK_MS,
        practitioners: asked.ids('practitioner', 'Practitioner'),
        ...((rooms.length > 0 || asked.yes('any-room')) && { rooms }),
        ...(place && { place }),
        ...(service && { service }),
        ...(patient && { patient }),
        ...(minutes !== undefined && { minutes }),
        count: asked.whole('count', 1, 200) ?? 20,
      });
      return { ...reply(200, bundleOf(found)), ...(patient && { patient }) };
    },
  }),
  endpoint({
    method: 'POST',
    path: `${A}/$hold`,
    access: { kind: 'tenant', type: 'Appointment', interaction: 'create' },
    summary: 'Keeps a time for five minutes (IHE ITI-116): 201 with the pending Appointment, 409 with alternatives.',
    body: ParametersBody,
    async run({ scope, body, headers }) {
      const asked = new Named(body, HOLD).appointment('appointment-resource');
      if (!asked) throw new Problem('invalid', 'Send the wanted Appointment as appointment-resource.');
      return created(scope, await kernel.hold(scope, asked, keyOf(headers)));
    },
  }),
  endpoint({
    method: 'POST',
    path: `${A}/$book`,
    access: { kind: 'tenant', type: 'Appointment', interaction: 'create' },
    summary:
      'Books a time, or a hold (IHE ITI-117): 201; 409 lists all that stands in the way, and free times. override-reason books over it; Idempotency-Key books once.',
    body: ParametersBody,
    async run({ scope, body, headers }) {
      const asked = new Named(body, BOOK);
      const reason = asked.text('override-reason');
      if (reason !== undefined && !OverrideReason.safeParse(reason).success)
        throw new Problem('invalid', [
          { text: 'Say in 3 to 200 characters why you book over it.', path: 'Parameters.parameter' },
        ]);
      const options = { ...keyOf(headers), ...(reason !== undefined && { overrideReason: reason.trim() }) };
      const [held] = asked.ids('appointment-reference', 'Appointment');
      if (held) return created(scope, await kernel.bookHeld(scope, held, options));
      const resource = asked.appointment('appointment-resource');
      if (!resource)
        throw new Problem('invalid', 'Send the wanted Appointment as appointment-resource, or a hold as appointment-reference.');
      const comment = asked.text('comment');
      return created(scope, await kernel.book(scope, { ...resource, ...(comment && { comment }) }, options));
    },
  }),
  change(
    '$move',
    'Moves a visit to another time, practitioner or room: 200; 409 as $book.',
    MoveAppointment,
    (scope, id, body, seen) => kernel.move(scope, id, body, seen),
  ),
  change(
    '$cancel',
    'Cancels a visit that is still to come, with a reason, and frees its time.',
    CancelAppointment,
    (scope, id, body, seen) => kernel.cancel(scope, id, body, seen),
  ),
  change('$confirm', 'Notes that the patient says they will come.', undefined, (scope, id, _body, seen) =>
    kernel.confirm(scope, id, seen),
  ),
  change(
    '$no-show',
    'Notes that the patient did not come, once the visit should have begun.',
    undefined,
    (scope, id, _body, seen) => kernel.markNoShow(scope, id, seen),
  ),
  change(
    '$undo',
    'Takes back the last cancellation, no-show, check-in or move, named by If-Match, while nothing has been built on it.',
    undefined,
    (scope, id, _body, { ifMatch }) => {
      if (ifMatch === undefined) throw new Problem('invalid', 'If-Match names the version that is to be taken back.');
      return kernel.undo(scope, id, { ifMatch });
    },
  ),
  endpoint({
    method: 'POST',
    path: `${A}/{id}/$check-in`,
    access: { kind: 'tenant', type: 'Encounter', interaction: 'create' },
    summary:
      'Notes that the patient has arrived and opens the Encounter in the same transaction: 201; a repeat answers it again, 200.',
    async run({ scope, params, headers }) {
      const { appointment, encounter, opened } = await kernel.checkIn(scope, idIn(params), seenBy(headers));
      const { versionId, lastUpdated } = appointment.meta;
      return reply(opened ? 201 : 200, bundleOf([appointment, encounter]), {
        ...versionHeaders(versionId, lastUpdated),
        location: locationOf(scope, {
          type: 'Encounter',
          id: FhirId.parse(encounter.id),
          version: Number(encounter.meta.versionId),
        }),
      });
    },
  }),
];

const FIND = ['start', 'end', 'practitioner', 'location', 'room', 'any-room', 'visit-type', 'minutes', 'patient', 'count'];
const HOLD = ['appointment-resource', 'comment'];
const BOOK = ['appointment-reference', 'appointment-resource', 'comment', 'override-reason'];

/** One change of a visit: its version comes in If-Match. */
function change<Body extends z.ZodType = z.ZodUndefined>(
  name: string,
  summary: string,
  body: Body | undefined,
  run: (scope: Scope, id: FhirId, body: z.output<Body>, seen: ChangeOptions) => Promise<Stored<Appointment>>,
): Endpoint {
  return endpoint({
    method: 'POST',
    path: `${A}/{id}/${name}`,
    access: { kind: 'tenant', type: 'Appointment', interaction: 'update' },
    summary,
    ...(body && { body }),
    async run(request: Request<z.output<Body>>) {
      const visit = await run(request.scope, idIn(request.params), request.body, seenBy(request.headers));
      return reply(200, visit, versionHeaders(visit.meta.versionId, visit.meta.lastUpdated));
    },
  } as Parameters<typeof endpoint<Body>>[0]);
}

/** @throws Problem not-found */
function idIn({ id }: Params): FhirId {
  const parsed = FhirId.safeParse(id);
  if (!parsed.success) throw new Problem('not-found', said('no-such-record'));
  return parsed.data;
}

function seenBy(headers: Headers): ChangeOptions {
  const ifMatch = ifMatchVersion(headers['if-match']);
  return ifMatch === undefined ? {} : { ifMatch };
}
function keyOf(headers: Headers): { operationKey?: string } {
  const operationKey = operationKeyOf(headers);
  return operationKey === undefined ? {} : { operationKey };
}

const bundleOf = (resources: readonly FhirResource[]): Bundle => ({
  resourceType: 'Bundle',
  type: 'searchset',
  total: resources.length,
  entry: resources.map((resource) => ({ resource, search: { mode: 'match' } })),
});

const created = (scope: Scope, visit: Stored<Appointment>): Reply =>
  reply(201, bundleOf([visit]), {
    etag: etagOf(visit.meta.versionId),
    location: locationOf(scope, { type: 'Appointment', id: FhirId.parse(visit.id), version: Number(visit.meta.versionId) }),
  });
