import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Appointment, Bundle } from 'fhir/r4';
import { errorLine, tellDone, tellRefused } from '../../components/notices.tsx';
import { type Say, useSay } from '../../i18n/index.ts';
import { type Api, ApiError, type Issue, type Kept } from '../../lib/api.ts';
import { chartKeys } from '../../lib/chart-query.ts';
import { formatDay } from '../../lib/dates.ts';
import { useTenant } from '../../lib/tenant.tsx';
import { calendarKeys } from './queries.ts';

/** What is done to one visit. `undoable`: whoever does it may take it back for ten seconds. */
export interface Deed {
  readonly visit: { readonly id: string; readonly version: string; readonly patient: { readonly id: string | undefined } };
  readonly operation: '$check-in' | '$no-show' | '$cancel' | '$confirm' | '$move' | '$undo';
  readonly body?: unknown;
  readonly done: string;
  readonly undoable?: true;
}

const isAppointment = (answer: Kept<Appointment> | Bundle): answer is Kept<Appointment> => answer.resourceType === 'Appointment';
const versionIn = (answer: Kept<Appointment> | Bundle): string | undefined => {
  const visit = isAppointment(answer) ? answer : (answer.entry?.[0]?.resource as Appointment | undefined);
  return visit?.meta?.versionId;
};

/** Does something to a visit and makes the calendar true again, whether it was refused or not. */
export function useDeed() {
  const say = useSay();
  const { api } = useTenant();
  const queries = useQueryClient();
  const send = async ({ visit, operation, body }: Deed) =>
    versionIn(
      await api.operate<Kept<Appointment> | Bundle>(`Appointment/${visit.id}/${operation}`, body, { version: visit.version }),
    );
  const refresh = ({ visit }: Deed) =>
    Promise.all([
      queries.invalidateQueries({ queryKey: calendarKeys.all(api) }),
      ...(visit.patient.id ? [queries.invalidateQueries({ queryKey: chartKeys.all(api, visit.patient.id) })] : []),
    ]);
  const undo = async (deed: Deed, version: string) => {
    const back: Deed = { visit: { ...deed.visit, version }, operation: '$undo', done: say.t('save.undone') };
    try {
      await send(back);
      tellDone(say, back.done);
    } catch (error) {
      tellRefused(say, refusalText(say, error as Error));
    }
    await refresh(deed);
  };
  return useMutation({
    mutationFn: send,
    onSuccess: (version, deed) => tellDone(say, deed.done, deed.undoable && version ? () => void undo(deed, version) : undefined),
    onSettled: (_version, _error, deed) => void refresh(deed),
  });
}

/** Why something was refused: the server's own words where it has some for a person. */
export function refusalText(say: Say, error: Error): string {
  const said =
    error instanceof ApiError
      ? reasonsIn(error)
          .map((issue) => reasonText(say, issue))
          .join(' ')
      : '';
  return error instanceof ApiError && error.status === 409 && said ? said : errorLine(say, error);
}
/** A reason with its dates as people here write them. */
export function reasonText({ fault, locale }: Say, issue: Issue): string {
  const values = Object.entries(issue.values ?? {}).map(([name, value]) => {
    const [, day, clock] = /^(\d{4}-\d{2}-\d{2})( \d{2}:\d{2})?$/.exec(value) ?? [];
    return [name, day ? [formatDay(day, locale), clock?.trim()].filter(Boolean).join(', ') : value];
  });
  return fault({ ...issue, values: Object.fromEntries(values) as Record<string, string> });
}

const ALTERNATIVE = 'booking-alternative';
/** Everything that stands in the way of a booking. */
export const reasonsIn = (error: ApiError): readonly Issue[] => error.issues.filter(({ name }) => name !== ALTERNATIVE);

export interface Alternative {
  readonly start: string;
  readonly end: string;
  readonly practitioner: string | undefined;
  readonly room: string | undefined;
  readonly who: string;
}
/** The free times that a refusal offers. */
export const alternativesIn = (error: ApiError): readonly Alternative[] =>
  error.issues.flatMap(({ name, values = {} }) =>
    name === ALTERNATIVE && values.start && values.end
      ? [{ start: values.start, end: values.end, practitioner: values.practitioner, room: values.room, who: values.who ?? '' }]
      : [],
  );
export const isTaken = (error: Error | null): error is ApiError =>
  error instanceof ApiError && error.status === 409 && reasonsIn(error).some(({ name }) => name?.startsWith('booking-'));

export interface Booking {
  readonly appointment: Appointment;
  readonly overrideReason?: string | undefined;
  readonly comment?: string | undefined;
  /** The same for each repeat of one press of "Book". */
  readonly attempt: string;
}
export async function sendBooking(
  api: Api,
  { appointment, overrideReason, comment, attempt }: Booking,
): Promise<Kept<Appointment>> {
  const body = {
    resourceType: 'Parameters',
    parameter: [
      { name: 'appointment-resource', resource: appointment },
      ...(overrideReason ? [{ name: 'override-reason', valueString: overrideReason }] : []),
      ...(comment ? [{ name: 'comment', valueString: comment }] : []),
    ],
  };
  const answer = await api.operate<Bundle<Kept<Appointment>>>('Appointment/$book', body, { attempt });
  const [visit] = (answer.entry ?? []).flatMap(({ resource }) => resource ?? []);
  if (!visit) throw new Error('A booking was answered without its visit.');
  return visit;
}
