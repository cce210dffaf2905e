import { Button, NativeSelect, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useOutletContext, useParams } from 'react-router';
import { type ChangePortal, InvitePatient, type PortalState } from '../../../schemas/portal.ts';
import { ChartPage } from '../../components/ChartPage.tsx';
import { refusalWords } from '../../components/notices.tsx';
import { ReasonDialog } from '../../components/ReasonDialog.tsx';
import { EmptyState, ErrorState, LoadingLines } from '../../components/states.tsx';
import { type Say, useSay } from '../../i18n/index.ts';
import { formatMoment } from '../../lib/dates.ts';
import { useTenant } from '../../lib/tenant.tsx';
import classes from './portal-access.module.css';

/** The patient of the chart around this page, as far as this page needs them. */
interface ChartAround {
  readonly overview: {
    readonly data?: { readonly patient: { readonly telecom?: readonly { system?: string; value?: string }[] } };
  };
}

/** How a patient stands to the portal, and what can be done about it. */
export function PortalAccessPage() {
  const { t } = useSay();
  const { id = '' } = useParams();
  const { may, api } = useTenant();
  const access = useQuery({
    queryKey: [api.tenant, 'portal-access', id],
    enabled: may('PortalAccess', 'read'),
    queryFn: ({ signal }) => api.get<PortalState>(`/portal/invites/${id}`, signal),
    staleTime: 0,
  });
  return (
    <ChartPage title={t('portal.access.title')}>
      <div className={classes.page}>
        {!may('PortalAccess', 'read') && <EmptyState title={t('chart.withheld')} />}
        {may('PortalAccess', 'read') && access.isPending && <LoadingLines lines={3} label={t('portal.access.title')} />}
        {access.isLoadingError && <ErrorState error={access.error} onRetry={() => void access.refetch()} />}
        {access.data && <Access key={id} patient={id} access={access.data} />}
      </div>
    </ChartPage>
  );
}

const stateWords = ({ state, email = '', invitedAt, linkUntil, activeSince }: PortalState, { t, locale }: Say): string =>
  t(`portal.access.states.${state}`, {
    email,
    date: formatMoment(state === 'active' ? activeSince : invitedAt, locale) ?? '',
    until: formatMoment(linkUntil, locale) ?? '',
  });

function Access({ patient, access }: { patient: string; access: PortalState }) {
  const say = useSay();
  const { t } = say;
  const { api } = useTenant();
  const queries = useQueryClient();
  const [ending, setEnding] = useState(false);
  const settled = () => queries.invalidateQueries({ queryKey: [api.tenant, 'portal-access', patient] });
  const takeBack = useMutation({
    mutationFn: (change: ChangePortal) => api.put<PortalState>(`/portal/invites/${patient}`, change),
    onSuccess: () => setEnding(false),
    onSettled: settled,
  });
  const isOpen = ['invited', 'expired', 'locked'].includes(access.state);
  return (
    <>
      <Text role="status">{stateWords(access, say)}</Text>
      {takeBack.isSuccess && (
        <Text role="status" className={classes.done}>
          {t(access.state === 'revoked' ? 'portal.access.revoked' : 'portal.access.withdrawn')}
        </Text>
      )}
      {takeBack.isError && !ending && (
        <Text role="alert" className={classes.notice}>
          {refusalWords(say, takeBack.error)}
        </Text>
      )}
      {access.state === 'active' ? (
        <Button variant="default" color="red" onClick={() => setEnding(true)}>
          {t('portal.access.revoke')}
        </Button>
      ) : (
        <Invite patient={patient} access={access} onSettled={settled} />
      )}
      {isOpen && (
        <Button variant="default" loading={takeBack.isPending} onClick={() => takeBack.mutate({ state: 'withdrawn' })}>
          {t('portal.access.withdraw')}
        </Button>
      )}
      {ending && (
        <ReasonDialog
          title={t('portal.access.revokeTitle')}
          what={t('portal.access.revokeText')}
          label={t('portal.access.reason')}
          short={t('portal.access.reasonFault')}
          action={t('portal.access.revoke')}
          cancel={t('portal.access.cancel')}
          danger
          pending={takeBack.isPending}
          error={takeBack.error}
          onReason={(reason) => takeBack.mutate({ state: 'revoked', reason })}
          onClose={() => setEnding(false)}
        />
      )}
    </>
  );
}

function Invite({ patient, access, onSettled }: { patient: string; access: PortalState; onSettled: () => void }) {
  const say = useSay();
  const { t, language } = say;
  const { api } = useTenant();
  const around = useOutletContext<ChartAround | null>();
  const known = around?.overview.data?.patient.telecom?.find(({ system }) => system === 'email')?.value ?? '';
  const [email, setEmail] = useState(access.email ?? known);
  const [mailLanguage, setMailLanguage] = useState<'en' | 'es'>(language === 'es' ? 'es' : 'en');
  const [fault, setFault] = useState<string>();
  const invite = useMutation({
    mutationFn: (body: InvitePatient) => api.post<PortalState>('/portal/invites', body),
    onSettled,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const parsed = InvitePatient.safeParse({ patient, email, language: mailLanguage });
    setFault(parsed.success ? undefined : t('portal.access.emailFault'));
    if (parsed.success) invite.mutate(parsed.data);
  };
  return (
    <form className={classes.form} onSubmit={submit} noValidate>
      <Text c="dimmed">{t('portal.access.explain')}</Text>
      <TextInput
        label={t('portal.access.email')}
        type="email"
        value={email}
        error={fault}
        onChange={(event) => setEmail(event.currentTarget.value)}
        autoComplete="off"
      />
      <NativeSelect
        label={t('portal.access.language')}
        data={[
          { value: 'en', label: 'English' },
          { value: 'es', label: 'Español' },
        ]}
        value={mailLanguage}
        onChange={(event) => setMailLanguage(event.currentTarget.value === 'es' ? 'es' : 'en')}
      />
      {invite.isError && (
        <Text role="alert" className={classes.notice}>
          {refusalWords(say, invite.error)}
        </Text>
      )}
      {invite.isSuccess && (
        <Text role="status" className={classes.done}>
          {t('portal.access.sent')}
        </Text>
      )}
      <Button type="submit" loading={invite.isPending}>
        {t(['invited', 'expired', 'locked'].includes(access.state) ? 'portal.access.again' : 'portal.access.invite')}
      </Button>
    </form>
  );
}
