import { Loader, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Brand } from '../../components/Brand.tsx';
import { useSay } from '../../i18n/index.ts';
import { usePageTitle } from '../../lib/page-title.ts';

/** /status: whether Tessera works, for anybody, signed in or not. One word and the version; more is for operators. */
export function PublicStatusPage() {
  const { t } = useSay();
  const status = useQuery({
    queryKey: ['platform', 'status'],
    queryFn: async (): Promise<{ status: 'ok' | 'degraded' | 'down'; version?: string }> => {
      try {
        const response = await fetch('/api/platform/status', { headers: { accept: 'application/json' }, cache: 'no-store' });
        const said = (await response.json()) as { status?: unknown; version?: string };
        return { status: said.status === 'ok' ? 'ok' : 'degraded', ...(said.version && { version: said.version }) };
      } catch {
        return { status: 'down' };
      }
    },
    refetchInterval: 30_000, // ms: whoever waits for it to come back sees it
  });
  usePageTitle(t('statusPage.title'));
  return (
    <main style={{ maxWidth: '36rem', margin: '4rem auto', padding: '0 1rem' }}>
      <Brand />
      <Title order={1} mt="lg">
        {t('statusPage.title')}
      </Title>
      {status.isPending && <Loader size="sm" aria-label={t('common.loading', { what: t('statusPage.title') })} />}
      {status.data && (
        <div role="status">
          <Text size="lg" fw={600}>
            {t(`statusPage.overall.${status.data.status}`)}
          </Text>
          {status.data.status !== 'ok' && <Text>{t('statusPage.next')}</Text>}
          {status.data.version && <Text c="dimmed">{t('statusPage.version', { version: status.data.version })}</Text>}
        </div>
      )}
    </main>
  );
}
