import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type {
  FeesPage,
  InvoicePage,
  InvoiceState,
  InvoicesPage,
  PatientAccount,
  PaymentsState,
  PayoutLine,
  PendingPayment,
  QuestionThread,
  Reconciliation,
  SavedMethods,
  UnbilledPage,
  VisitBill,
} from '../../../schemas/billing.ts';
import { readAgain, type retryLostOnes } from '../../lib/reading.ts';
import { useTenant } from '../../lib/tenant.tsx';

/** Every cache key of billing begins with the clinic and this word: whatever is written reads all of it again. */
const key = (slug: string, ...rest: readonly string[]) => [slug, 'billing', ...rest];

export function useUnbilled() {
  const { api, slug } = useTenant();
  return useQuery({
    queryKey: key(slug, 'unbilled'),
    queryFn: ({ signal }) => api.get<UnbilledPage>('/billing/unbilled', signal),
  });
}
export function useVisitBill(visit: string) {
  const { api, slug } = useTenant();
  return useQuery({
    queryKey: key(slug, 'visit', visit),
    queryFn: ({ signal }) => api.get<VisitBill>(`/billing/visits/${visit}`, signal),
  });
}
export function useFees() {
  const { api, slug } = useTenant();
  return useQuery({ queryKey: key(slug, 'fees'), queryFn: ({ signal }) => api.get<FeesPage>('/billing/fees', signal) });
}
export function useInvoices(state: InvoiceState) {
  const { api, slug } = useTenant();
  return useInfiniteQuery({
    queryKey: key(slug, 'invoices', state),
    initialPageParam: '',
    queryFn: ({ signal, pageParam }) =>
      api.get<InvoicesPage>(
        `/billing/invoices?${new URLSearchParams({ state, ...(pageParam && { cursor: pageParam }) })}`,
        signal,
      ),
    getNextPageParam: ({ cursor }) => cursor,
  });
}
export function useInvoice(id: string) {
  const { api, slug } = useTenant();
  return useQuery({
    queryKey: key(slug, 'invoice', id),
    queryFn: ({ signal }) => api.get<InvoicePage>(`/billing/invoices/${id}`, signal),
  });
}
export function usePayments(state: 'failed' | 'processing') {
  const { api, slug } = useTenant();
  return useQuery({
    queryKey: key(slug, 'payments', state),
    queryFn: async ({ signal }) =>
      (await api.get<{ payments: readonly PendingPayment[] }>(`/billing/payments?state=${state}`, signal)).payments,
  });
}
export function usePatientAccount(patient: string, enabled = true) {
  const { api, slug } = useTenant();
  return useQuery({
    queryKey: key(slug, 'patient', patient),
    enabled,
    queryFn: ({ signal }) => api.get<PatientAccount>(`/billing/patients/${patient}`, signal),
  });
}

export function useSavedMethods(patient: string) {
  const { api, slug } = useTenant();
  return useQuery({
    queryKey: key(slug, 'methods', patient),
    queryFn: ({ signal }) => api.get<SavedMethods>(`/billing/patients/${patient}/methods`, signal),
  });
}
export function useConnect() {
  const { api, slug } = useTenant();
  return useQuery({
    queryKey: key(slug, 'connect'),
    queryFn: ({ signal }) => api.get<PaymentsState>('/billing/connect', signal),
  });
}
export function usePayouts(enabled: boolean) {
  const { api, slug } = useTenant();
  return useQuery({
    queryKey: key(slug, 'payouts'),
    enabled,
    queryFn: async ({ signal }) => (await api.get<{ payouts: readonly PayoutLine[] }>('/billing/payouts', signal)).payouts,
  });
}
export function useReconciliation(enabled: boolean) {
  const { api, slug } = useTenant();
  return useQuery({
    queryKey: key(slug, 'reconciliation'),
    enabled,
    queryFn: ({ signal }) => api.get<{ last?: Reconciliation; currency: string }>('/billing/reconciliation', signal),
  });
}
export function useThread(invoice: string) {
  const { api, slug } = useTenant();
  return useQuery({
    queryKey: key(slug, 'thread', invoice),
    queryFn: ({ signal }) => api.get<QuestionThread>(`/billing/invoices/${invoice}/questions`, signal),
  });
}

/**
 * Does something at the billing desk, and reads everything of it again, whatever came of it: somebody else may have been first. `retry`: of
 * what may be done twice, that it is when its answer was lost.
 */
export function useBillingDeed<Answer = unknown>({ retry }: { retry?: typeof retryLostOnes } = {}) {
  const { api, slug } = useTenant();
  const queries = useQueryClient();
  return useMutation({
    ...(retry && { retry }),
    mutationFn: ({ path, body = {}, method = 'post' }: { path: string; body?: object; method?: 'post' | 'put' | 'remove' }) =>
      method === 'remove' ? (api.remove(`/billing${path}`) as Promise<Answer>) : api[method]<Answer>(`/billing${path}`, body),
    onSettled: () => readAgain(queries, key(slug)),
  });
}
