import { Button, Modal, Text } from '@mantine/core';
import { useSay } from '../../i18n/index.ts';
import classes from './SignInPage.module.css';

/** Counts down to the end of a session that nobody uses. `left`: seconds. */
export function IdleDialog({ left, onStay }: { readonly left: number; readonly onStay: () => void }) {
  const { t } = useSay();
  return (
    <Modal opened onClose={onStay} title={t('idle.title')} centered withCloseButton={false}>
      <Text className={classes.count} aria-hidden>
        {left}
      </Text>
      <Text mb="md">{t('idle.text', { count: left })}</Text>
      <Button onClick={onStay} data-autofocus>
        {t('idle.stay')}
      </Button>
    </Modal>
  );
}
