import type { Endpoint } from '../core/http/types.ts';
import { billingEndpoints } from './billing/endpoints.ts';
import { chartsEndpoints } from './charts/endpoints.ts';
import { failedWorkEndpoints } from './events/endpoints.ts';
import { importEndpoints } from './imports/endpoints.ts';
import { operatorEndpoints } from './operator/endpoints.ts';
import { paymentsEndpoints } from './payments/endpoints.ts';
import { doorEndpoints, peopleEndpoints } from './people/endpoints.ts';
import { platformEndpoints } from './platform/endpoints.ts';
import { recordsEndpoints } from './records/endpoints.ts';
import { reminderEndpoints } from './reminders/endpoints.ts';
import { reportsEndpoints } from './reports/endpoints.ts';
import { scansEndpoints } from './scans/endpoints.ts';
import { schedulingEndpoints } from './scheduling/endpoints.ts';
import { onlineBookingEndpoints } from './scheduling/portal-endpoints.ts';
import { settingsEndpoints } from './settings/endpoints.ts';
import { tasksEndpoints } from './tasks/endpoints.ts';
import { visitsEndpoints } from './visits/endpoints.ts';

/** Stands for the dependencies of endpoints that are listed and never run. */
const unwired = new Proxy(
  {},
  {
    get: () => () => {
      throw new Error('This endpoint is listed, not wired.');
    },
  },
) as never;

/** Every endpoint of every feature: dispatch, OpenAPI, docs/api.md and the hostile tests read this and nothing else. */
export const ENDPOINT_TABLE: readonly { readonly feature: string; readonly endpoints: readonly Endpoint[] }[] = [
  { feature: 'records', endpoints: recordsEndpoints(unwired) },
  { feature: 'charts', endpoints: chartsEndpoints(unwired) },
  { feature: 'scheduling', endpoints: [...schedulingEndpoints(unwired), ...onlineBookingEndpoints(unwired)] },
  { feature: 'billing', endpoints: billingEndpoints(unwired) },
  { feature: 'visits', endpoints: visitsEndpoints(unwired) },
  { feature: 'imports', endpoints: importEndpoints(unwired) },
  { feature: 'operator', endpoints: operatorEndpoints(unwired) },
  { feature: 'reports', endpoints: reportsEndpoints(unwired) },
  { feature: 'door', endpoints: doorEndpoints(unwired) },
  { feature: 'people', endpoints: peopleEndpoints(unwired) },
  { feature: 'reminders', endpoints: reminderEndpoints(unwired) },
  { feature: 'settings', endpoints: settingsEndpoints(unwired) },
  { feature: 'tasks', endpoints: tasksEndpoints(unwired) },
  { feature: 'events', endpoints: failedWorkEndpoints(unwired) },
  { feature: 'scans', endpoints: scansEndpoints(unwired) },
  { feature: 'payments', endpoints: paymentsEndpoints(unwired) },
  { feature: 'platform', endpoints: platformEndpoints(unwired) },
];
export const ALL_ENDPOINTS: readonly Endpoint[] = ENDPOINT_TABLE.flatMap(({ endpoints }) => endpoints);
