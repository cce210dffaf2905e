import { Button, Group, Table, Text } from '@mantine/core';
import { useState } from 'react';
import type { SavedMethodLine } from '../../../schemas/billing.ts';
import { tellDone } from '../../components/notices.tsx';
import { ErrorState, LoadingLines } from '../../components/states.tsx';
import tables from '../../components/table.module.css';
import { useSay } from '../../i18n/index.ts';
import { useTenant } from '../../lib/tenant.tsx';
import classes from './billing.module.css';
import { DeedError, Dialog } from './parts.tsx';
import { useBillingDeed, useSavedMethods } from './queries.ts';

/** A patient's saved cards and bank accounts: brand and last four digits. They are entered on the processor's page alone. */
export function SavedMethodsSection({ patient }: { patient: string }) {
  const say = useSay();
  const { t, language } = say;
  const { may } = useTenant();
  const saved = useSavedMethods(patient);
  const saving = useBillingDeed<{ url: string }>();
  const forgetting = useBillingDeed();
  const [attempt] = useState(() => crypto.randomUUID());
  const [leaving, setLeaving] = useState<SavedMethodLine>();
  const mayChange = may('Account', 'update');
  const path = `/patients/${patient}/methods`;
  return (
    <section aria-label={t('billing.saved.title')}>
      <h2>{t('billing.saved.title')}</h2>
      {saved.isPending && <LoadingLines lines={2} height={36} label={t('common.loading', { what: t('billing.saved.title') })} />}
      {saved.isLoadingError && <ErrorState error={saved.error} onRetry={() => void saved.refetch()} />}
      {saved.data?.methods.length === 0 && <Text c="dimmed">{t('billing.saved.none')}</Text>}
      {saved.data && saved.data.methods.length > 0 && (
        <Table className={`${tables.cards} ${classes.table}`} aria-label={t('billing.saved.title')}>
          <Table.Tbody>
            {saved.data.methods.map((method) => (
              <Table.Tr key={method.id}>
                <Table.Th scope="row" className={classes.name}>
                  {method.instrument}
                </Table.Th>
                <Table.Td className={classes.money}>
                  {mayChange && (
                    <Button
                      size="xs"
                      variant="subtle"
                      onClick={() => setLeaving(method)}
                      aria-label={t('billing.saved.removeNamed', { instrument: method.instrument })}
                    >
                      {t('billing.saved.remove')}
                    </Button>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      {saved.data && mayChange && (
        <>
          <Text c="dimmed" mt="xs" maw={640}>
            {t('billing.saved.agrees', { text: language === 'es' ? saved.data.mandate.es : saved.data.mandate.en })}
          </Text>
          <DeedError error={saving.error} />
          <Group mt="xs">
            <Button
              variant="default"
              loading={saving.isPending}
              onClick={() => saving.mutate({ path, body: { attempt } }, { onSuccess: ({ url }) => window.location.assign(url) })}
            >
              {t('billing.saved.save')}
            </Button>
          </Group>
        </>
      )}
      {leaving && (
        <Dialog
          danger
          title={t('billing.saved.removeTitle', { instrument: leaving.instrument })}
          action={t('billing.saved.remove')}
          pending={forgetting.isPending}
          error={forgetting.error}
          onClose={() => setLeaving(undefined)}
          onSubmit={() =>
            forgetting.mutate(
              { path: `${path}/${leaving.id}`, method: 'remove' },
              {
                onSuccess: () => {
                  tellDone(say, t('billing.saved.removed', { instrument: leaving.instrument }));
                  setLeaving(undefined);
                },
              },
            )
          }
        >
          <Text>{t('billing.saved.removeWhat')}</Text>
        </Dialog>
      )}
    </section>
  );
}
