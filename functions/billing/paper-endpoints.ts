import { PAPER_LANGUAGES } from '../../core/billing/receipt-words.ts';
import { type Letterhead, type PrintedPaper, printInvoice, printReceipt } from '../../core/billing/receipts.ts';
import { endpoint } from '../../core/http/endpoint.ts';
import type { Endpoint, Reply, Request } from '../../core/http/types.ts';
import { Problem } from '../../core/outcome.ts';
import type { Scope } from '../../core/scope.ts';
import { ownInvoice } from './own-endpoints.ts';
import { B, idIn } from './paths.ts';
import type { PaymentDeps } from './payment-endpoints.ts';

const media = 'application/pdf';

/** @throws Problem invalid */
async function orderOf(deps: PaymentDeps, { scope, query }: Pick<Request, 'scope' | 'query'>) {
  const language = PAPER_LANGUAGES.find((known) => known === (query.get('language') ?? 'en'));
  if (!language) throw new Problem('invalid', { text: `language is one of ${PAPER_LANGUAGES.join(', ')}.`, path: 'language' });
  const clinic: Letterhead = await deps.letterheadOf(scope.slug);
  return { language, clinic };
}

const printed = ({ bytes, name, patient }: PrintedPaper): Reply => ({
  status: 200,
  body: bytes,
  headers: { 'content-disposition': `inline; filename="${name}.pdf"` },
  ...(patient && { patient }),
});

/** An invoice's paper and a payment's receipt, below `path`, by whoever `access` lets in; `clinicOf` answers the clinic's view of the invoice. */
const papers = (
  deps: PaymentDeps,
  path: string,
  access: Endpoint['access'],
  whose: string,
  clinicOf: (request: Pick<Request, 'scope' | 'params'>) => Scope | Promise<Scope>,
): Endpoint[] => [
  endpoint({
    method: 'GET',
    path: `${path}/paper`,
    access,
    summary: `${whose} invoice as a PDF, in the \`language\` en or es: its lines, what was paid by what, what was given back, what is left.`,
    media,
    run: async (request) =>
      printed(await printInvoice(deps, await clinicOf(request), idIn(request.params), await orderOf(deps, request))),
  }),
  endpoint({
    method: 'GET',
    path: `${path}/entries/{entry}/receipt`,
    access,
    summary: `The receipt of a payment on ${whose.toLowerCase()} invoice as a PDF, in the \`language\` en or es. 404 for what is no payment in the ledger.`,
    media,
    run: async (request) =>
      printed(
        await printReceipt(
          deps,
          await clinicOf(request),
          idIn(request.params),
          idIn(request.params, 'entry'),
          await orderOf(deps, request),
        ),
      ),
  }),
];

/** What is printed of the ledger, for the desk and for the patient whose it is. */
export const paperEndpoints = (deps: PaymentDeps): readonly Endpoint[] => [
  ...papers(deps, `${B}/invoices/{id}`, { kind: 'tenant', type: 'Invoice', interaction: 'read' }, 'An', ({ scope }) => scope),
  ...papers(
    deps,
    `${B}/own/invoices/{id}`,
    { kind: 'tenant', type: 'Portal', interaction: 'read', patients: true },
    'The patient’s own',
    ({ scope, params }) => ownInvoice(deps, scope, idIn(params)),
  ),
];
