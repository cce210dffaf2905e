import { Button, Group, Text } from '@mantine/core';
import { useSay } from '../i18n/index.ts';
import type { useSettingForm } from '../lib/settings.ts';
import { refusalWords, tellRefused } from './notices.tsx';

/** Somebody else has saved the setting meanwhile: whose is to stand. Nothing is drawn where nobody has. */
export function SettingStale({
  form: { isStale, isSaving, takeTheirs, putMineOver },
}: {
  form: Pick<ReturnType<typeof useSettingForm>, 'isStale' | 'isSaving' | 'takeTheirs' | 'putMineOver'>;
}) {
  const say = useSay();
  const { t } = say;
  if (!isStale) return null;
  const tell = (error: Error) => tellRefused(say, refusalWords(say, error));
  return (
    <div role="alert">
      <Text fw={600}>{t('settingsPages.stale')}</Text>
      <Text mb="xs">{t('settingsPages.staleNext')}</Text>
      <Group gap="xs">
        <Button variant="default" onClick={() => void takeTheirs().catch(tell)}>
          {t('settingsPages.takeTheirs')}
        </Button>
        <Button variant="default" loading={isSaving} onClick={() => void putMineOver().catch(tell)}>
          {t('settingsPages.putMineOver')}
        </Button>
      </Group>
    </div>
  );
}
