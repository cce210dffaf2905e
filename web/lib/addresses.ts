import { useSearchParams } from 'react-router';

/** Every address of the workspace is made here. A chart's address names the clinic and the patient, so that two windows never mix. */
export const addresses = {
  home: () => '/',
  signUp: () => '/signup',
  operator: (section = '') => (section === '' ? '/operator' : `/operator/${section}`),
  /** The first page of a clinic. */
  today: (tenant: string) => `/t/${tenant}/today`,
  /** The inbox, or one of its lists, narrowed to a kind of task. */
  inbox: (tenant: string, view: { readonly list?: string; readonly kind?: string; readonly filter?: string } = {}) => {
    const query = new URLSearchParams(view).toString();
    return `/t/${tenant}/inbox${query && `?${query}`}`;
  },
  patients: (tenant: string) => `/t/${tenant}/patients`,
  calendar: (tenant: string, query?: URLSearchParams | string) =>
    `/t/${tenant}/calendar${query && String(query) !== '' ? `?${query}` : ''}`,
  /** The calendar with the form for a visit of this patient. */
  bookVisit: (tenant: string, patient: string) => `/t/${tenant}/calendar?book=${patient}`,
  newPatient: (tenant: string) => `/t/${tenant}/patients/new`,
  chart: (tenant: string, patient: string) => `/t/${tenant}/patients/${patient}`,
  section: (tenant: string, patient: string, section: string) => `/t/${tenant}/patients/${patient}/${section}`,
  visit: (tenant: string, patient: string, visit: string) => `/t/${tenant}/patients/${patient}/visits/${visit}`,
  /** Who opened a chart. */
  access: (tenant: string, patient: string) => `/t/${tenant}/patients/${patient}/access`,
  /** The billing desk, or one of its lists. */
  billing: (tenant: string, section?: string) => `/t/${tenant}/billing${section ? `/${section}` : ''}`,
  billedVisit: (tenant: string, visit: string) => `/t/${tenant}/billing/visits/${visit}`,
  invoice: (tenant: string, invoice: string) => `/t/${tenant}/billing/invoices/${invoice}`,
  patientBilling: (tenant: string, patient: string) => `/t/${tenant}/patients/${patient}/billing`,
  /** How the patient of a chart stands to the portal. */
  portalAccess: (tenant: string, patient: string) => `/t/${tenant}/patients/${patient}/portal`,
  /** The filing board, or one scan on it. */
  documents: (tenant: string, upload?: string) => `/t/${tenant}/documents${upload ? `/${upload}` : ''}`,
  /** How a patient wants to be reminded, and what was sent. */
  reminders: (tenant: string, patient: string) => `/t/${tenant}/patients/${patient}/reminders`,
  /** The settings of a clinic, or one of their sections. */
  settings: (tenant: string, section?: string) => `/t/${tenant}/settings${section ? `/${section}` : ''}`,
  /** The patients' own pages. */
  portal: (tenant: string, page?: string) => `/p/${tenant}${page ? `/${page}` : ''}`,
} as const;

export const WRITABLE = ['allergy', 'blood-pressure'] as const;
export type Writable = (typeof WRITABLE)[number];

/** What the right panel of a chart shows: a record, or a form (for a new record, or for the one named). */
export type PanelAddress =
  | { readonly kind: 'record'; readonly type: string; readonly id: string }
  | { readonly kind: 'write'; readonly what: Writable; readonly id: string | undefined };

const REFERENCE = /^([A-Z][A-Za-z]+)\/([A-Za-z0-9.-]{1,64})$/;

/** Reads `?record=Type/id` or `?write=allergy` or `?write=allergy/id`. */
export function panelOf(query: URLSearchParams): PanelAddress | undefined {
  const record = REFERENCE.exec(query.get('record') ?? '');
  if (record?.[1] && record[2]) return { kind: 'record', type: record[1], id: record[2] };
  const [what, id] = (query.get('write') ?? '').split('/');
  const known = WRITABLE.find((candidate) => candidate === what);
  return known ? { kind: 'write', what: known, id: id || undefined } : undefined;
}

/** The same screen with another panel; undefined closes it. Filters in the address stay. */
export function withPanel(query: URLSearchParams, panel: PanelAddress | undefined): URLSearchParams {
  const next = new URLSearchParams(query);
  next.delete('record');
  next.delete('write');
  if (panel?.kind === 'record') next.set('record', `${panel.type}/${panel.id}`);
  if (panel?.kind === 'write') next.set('write', panel.id ? `${panel.what}/${panel.id}` : panel.what);
  return next;
}

/** The query as it stands in the address now: a render may lag behind two changes that follow each other closely. */
export const currentQuery = (): URLSearchParams => new URLSearchParams(window.location.search);

export function usePanel(): {
  panel: PanelAddress | undefined;
  open: (panel: PanelAddress) => void;
  close: () => void;
  addressOf: (panel: PanelAddress) => string;
} {
  const [query, setQuery] = useSearchParams();
  return {
    panel: panelOf(query),
    open: (panel) => setQuery(withPanel(currentQuery(), panel)),
    close: () => setQuery(withPanel(currentQuery(), undefined)),
    addressOf: (panel) => `?${withPanel(query, panel)}`,
  };
}
