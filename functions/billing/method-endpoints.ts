import { withoutCardNumbers } from '../../core/billing/no-card-numbers.ts';
import { beginSaving, forgetMethod, MANDATE_TEXT, savedMethods } from '../../core/billing/saved-methods.ts';
import { endpoint, reply } from '../../core/http/endpoint.ts';
import type { Endpoint, Request } from '../../core/http/types.ts';
import { type Scope, throughClinic } from '../../core/scope.ts';
import type { Interaction } from '../../schemas/access.ts';
import { Begin, type SavedMethods } from '../../schemas/billing.ts';
import type { FhirId } from '../../schemas/ids.ts';
import { oneself } from './own-endpoints.ts';
import { B, idIn } from './paths.ts';
import type { PaymentDeps } from './payment-endpoints.ts';

const media = 'application/json';

/** Whose cards and accounts they are, the clinic's view of them, and the page that the person comes back to. */
interface Whose {
  readonly path: string;
  readonly of: string;
  readonly access: (interaction: Interaction) => Endpoint['access'];
  readonly patientIn: (request: Pick<Request, 'scope' | 'params'>) => FhirId;
  readonly clinic: (scope: Scope) => Scope;
  readonly page: (slug: string, patient: FhirId) => string;
}

const rows = (deps: PaymentDeps, { path, of, access, patientIn, clinic, page }: Whose): Endpoint[] => [
  endpoint({
    method: 'GET',
    path,
    access: access('read'),
    summary: `The cards and bank accounts that ${of} has saved: brand and last four digits, and the words that are agreed to.`,
    media,
    async run(request) {
      const patient = patientIn(request);
      const saved: SavedMethods = { methods: await savedMethods(deps, clinic(request.scope), patient), mandate: MANDATE_TEXT };
      return { ...reply(200, saved), patient };
    },
  }),
  endpoint({
    method: 'POST',
    path,
    access: access('update'),
    summary: `The address of the page on which ${of} saves a card or bank account.`,
    body: withoutCardNumbers(Begin),
    media,
    async run(request) {
      const patient = patientIn(request);
      const { scope, body, origin } = request;
      const here = `${origin}${page(scope.slug, patient)}`;
      const url = await beginSaving(deps, clinic(scope), patient, { ...body, successUrl: here, cancelUrl: here });
      return { ...reply(200, { url }), patient };
    },
  }),
  endpoint({
    method: 'DELETE',
    path: `${path}/{method}`,
    access: access('update'),
    summary: 'Forgets a saved card or bank account: it cannot be charged any more.',
    media,
    async run(request) {
      const patient = patientIn(request);
      await forgetMethod(deps, clinic(request.scope), patient, request.params.method ?? '');
      return { ...reply(204), patient };
    },
  }),
];

/** Saved cards and bank accounts, for the desk and for the patient whose they are. */
export const methodEndpoints = (deps: PaymentDeps): readonly Endpoint[] => [
  ...rows(deps, {
    path: `${B}/patients/{patient}/methods`,
    of: 'a patient',
    access: (interaction) => ({ kind: 'tenant', type: 'Account', interaction }),
    patientIn: ({ params }) => idIn(params, 'patient'),
    clinic: (scope) => scope,
    page: (slug, patient) => `/t/${slug}/patients/${patient}/billing`,
  }),
  ...rows(deps, {
    path: `${B}/own/methods`,
    of: 'the patient who asks',
    access: (interaction) => ({ kind: 'tenant', type: 'Portal', interaction, patients: true }),
    patientIn: ({ scope }) => oneself(scope),
    clinic: throughClinic,
    page: (slug) => `/p/${slug}/bills`,
  }),
];
