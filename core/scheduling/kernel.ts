import type { Appointment, Encounter } from 'fhir/r4';
import type { FhirId } from '../../schemas/ids.ts';
import type { CancelAppointment, MoveAppointment } from '../../schemas/scheduling.ts';
import type { ProblemIssue } from '../outcome.ts';
import type { Scope } from '../scope.ts';
import type { Records, Stored, Write } from '../store/types.ts';
import { acceptOnline, type BookOptions, book, bookHeld, hold } from './book.ts';
import { cancel, confirm, markNoShow, move } from './change.ts';
import { checkIn } from './check-in.ts';
import { type FindRequest, find, type Proposal } from './find.ts';
import { undo } from './undo.ts';

export interface KernelDeps {
  readonly records: Records;
  /** The clinic's own zone (IANA), for a place that names none. */
  readonly zoneOf: (scope: Scope) => Promise<string>;
  readonly nowMs: () => number;
  readonly newId: () => FhirId;
  /** Why this clinic takes no bookings online at the moment; staff are never asked. */
  readonly onlineRefusal: (scope: Scope) => Promise<ProblemIssue | undefined>;
}
export interface ChangeOptions {
  /** The version that was seen; without it, the one that stands now. */
  readonly ifMatch?: number;
}
export interface AnswerOptions extends ChangeOptions {
  /** Written in the same transaction as the Appointment, or alone when that needs no change: a link that is used up with it. */
  readonly alongside?: readonly Write[];
  /** The patient answers for themselves: only for a visit that has not begun. */
  readonly online?: boolean;
}

/**
 * The only code that claims and frees a practitioner's, a room's and a patient's minutes on purpose: the calendar, the reminders' link
 * and the portal call it. The day book (core/store/day-book.ts) holds every other write of an Appointment to the same minutes.
 */
export class BookingKernel {
  readonly #deps: KernelDeps;
  constructor(deps: KernelDeps) {
    this.#deps = deps;
  }
  /** Asked before times are offered to a patient. @throws Problem rule-broken while this clinic takes no bookings online */
  acceptOnline(scope: Scope): Promise<void> {
    return acceptOnline(this.#deps, scope);
  }
  /** Free times, the earliest first. */
  find(scope: Scope, request: FindRequest): Promise<readonly Proposal[]> {
    return find(this.#deps, scope, request);
  }
  /** @throws Problem conflict with every reason and with alternatives; rule-broken */
  book(scope: Scope, asked: Appointment, options: BookOptions = {}): Promise<Stored<Appointment>> {
    return book(this.#deps, scope, asked, options);
  }
  /** Keeps the time for five minutes, while somebody finds the rest. */
  hold(scope: Scope, asked: Appointment, options: BookOptions = {}): Promise<Stored<Appointment>> {
    return hold(this.#deps, scope, asked, options);
  }
  bookHeld(scope: Scope, id: FhirId, options: Pick<BookOptions, 'online' | 'overrideReason'> = {}): Promise<Stored<Appointment>> {
    return bookHeld(this.#deps, scope, id, options);
  }
  move(scope: Scope, id: FhirId, to: MoveAppointment, options: ChangeOptions = {}): Promise<Stored<Appointment>> {
    return move(this.#deps, scope, id, to, options);
  }
  cancel(scope: Scope, id: FhirId, why: CancelAppointment, options: AnswerOptions = {}): Promise<Stored<Appointment>> {
    return cancel(this.#deps, scope, id, why, options);
  }
  /** The patient says that they will come. */
  confirm(scope: Scope, id: FhirId, options: AnswerOptions = {}): Promise<Stored<Appointment>> {
    return confirm(this.#deps, scope, id, options);
  }
  /** The patient is here: the Encounter is opened with it. Repeated, it answers the same one. */
  checkIn(
    scope: Scope,
    id: FhirId,
    options: ChangeOptions = {},
  ): Promise<{ readonly appointment: Stored<Appointment>; readonly encounter: Stored<Encounter>; readonly opened: boolean }> {
    return checkIn(this.#deps, scope, id, options);
  }
  markNoShow(scope: Scope, id: FhirId, options: ChangeOptions = {}): Promise<Stored<Appointment>> {
    return markNoShow(this.#deps, scope, id, options);
  }
  /** Takes back the last change of a visit: a cancellation, a no-show, a check-in, a move. */
  undo(scope: Scope, id: FhirId, options: { readonly ifMatch: number }): Promise<Stored<Appointment>> {
    return undo(this.#deps, scope, id, options);
  }
}
