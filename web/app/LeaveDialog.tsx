import { Button, Group, Text } from '@mantine/core';
import { Dialog } from '../components/Dialog.tsx';
import { KeptDrafts } from '../components/KeptDrafts.tsx';
import { useSay } from '../i18n/index.ts';
import { keptDrafts } from '../lib/kept-drafts.ts';
import { useSession } from '../lib/session.tsx';

/** Asks whoever signs out over something typed and not saved. */
export function LeaveDialog({ onStay, onLeave }: { readonly onStay: () => void; readonly onLeave: () => void }) {
  const { t } = useSay();
  const { userId } = useSession();
  const unsaved = keptDrafts(userId, sessionStorage).length;
  return (
    <Dialog onClose={onStay} title={t('leave.title')}>
      <Text mb="sm">{t('leave.text', { count: unsaved })}</Text>
      <KeptDrafts onOpen={onStay} />
      <Group mt="md" gap="xs">
        <Button onClick={onStay} data-autofocus>
          {t('leave.stay')}
        </Button>
        <Button variant="default" onClick={onLeave}>
          {t('leave.leave')}
        </Button>
      </Group>
    </Dialog>
  );
}
