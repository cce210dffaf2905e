import type { Texts } from './catalogue.ts';
import type { door } from './door/en.ts';

/**
 * The words behind the door, in groups: a page brings those it says with its code (web/i18n/index.ts, `bring`). Which page needs which is
 * held by groups.test.ts.
 */
export const ENGLISH = {
  /** The server sends its refusals in English by itself: needed only by whoever fills in other values than it did. */
  problems: async () => ({ problems: (await import('../../schemas/problem-texts.ts')).PROBLEM_TEXTS }),
  pages: async () => (await import('./pages/en.ts')).pages,
  tasks: async () => (await import('./tasks/en.ts')).tasks,
  help: async () => (await import('./help/en.ts')).help,
  newPatient: async () => (await import('./new-patient/en.ts')).newPatient,
  imports: async () => (await import('./movein/en.ts')).movein,
  accessLog: async () => ({ accessLog: (await import('./access-log/en.ts')).accessLog }),
  billing: async () => ({ billing: (await import('./billing/en.ts')).billing }),
  calendar: async () => ({ calendar: (await import('./calendar/en.ts')).calendar }),
  failedWork: async () => ({ failedWork: (await import('./failed-work/en.ts')).failedWork }),
  operator: async () => ({ operator: (await import('./operator/en.ts')).operator }),
  people: async () => ({ people: (await import('./people/en.ts')).people }),
  plan: async () => ({ plan: (await import('./plan/en.ts')).plan }),
  portal: async () => ({ portal: (await import('./portal/en.ts')).portal }),
  reminders: async () => ({ reminders: (await import('./reminders/en.ts')).reminders }),
  scans: async () => ({ scans: (await import('./scans/en.ts')).scans }),
  statusPage: async () => ({ statusPage: (await import('./status/en.ts')).statusPage }),
  visit: async () => ({ visit: (await import('./visit/en.ts')).visit }),
};
export type Group = keyof typeof ENGLISH;
type Words<G extends Group> = Awaited<ReturnType<(typeof ENGLISH)[G]>>;

export const SPANISH: { readonly [G in Group]: () => Promise<Texts<Words<G>>> } = {
  problems: async () => ({ problems: (await import('./problems/es.ts')).problems }),
  pages: async () => (await import('./pages/es.ts')).pages,
  tasks: async () => (await import('./tasks/es.ts')).tasks,
  help: async () => (await import('./help/es.ts')).help,
  newPatient: async () => (await import('./new-patient/es.ts')).newPatient,
  imports: async () => (await import('./movein/es.ts')).movein,
  accessLog: async () => ({ accessLog: (await import('./access-log/es.ts')).accessLog }),
  billing: async () => ({ billing: (await import('./billing/es.ts')).billing }),
  calendar: async () => ({ calendar: (await import('./calendar/es.ts')).calendar }),
  failedWork: async () => ({ failedWork: (await import('./failed-work/es.ts')).failedWork }),
  operator: async () => ({ operator: (await import('./operator/es.ts')).operator }),
  people: async () => ({ people: (await import('./people/es.ts')).people }),
  plan: async () => ({ plan: (await import('./plan/es.ts')).plan }),
  portal: async () => ({ portal: (await import('./portal/es.ts')).portal }),
  reminders: async () => ({ reminders: (await import('./reminders/es.ts')).reminders }),
  scans: async () => ({ scans: (await import('./scans/es.ts')).scans }),
  statusPage: async () => ({ statusPage: (await import('./status/es.ts')).statusPage }),
  visit: async () => ({ visit: (await import('./visit/es.ts')).visit }),
};

type Together<U> = (U extends unknown ? (each: U) => void : never) extends (all: infer All) => void ? All : never;
/** Every text of the app, by its name. */
export type English = typeof door & Together<{ [G in Group]: Words<G> }[Group]>;
