export interface OperatorSection {
  /** Its address: /operator/<path>. */
  readonly path: 'clinics' | 'plans' | 'invoices' | 'events' | 'people' | 'cost' | 'reports' | 'status';
}

/** Everything in the operators' console, in the order of its rail: the rail and the routes are made of this list and nothing else. */
export const OPERATOR_SECTIONS: readonly OperatorSection[] = [
  {
    path: 'clinics',
  },
  {
    path: 'plans',
  },
  {
    path: 'invoices',
  },
  {
    path: 'events',
  },
  {
    path: 'people',
  },
  {
    path: 'cost',
  },
  {
    path: 'reports',
  },
  {
    path: 'status',
  },
];
