import { createTheme, MantineThemeProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { useMemo } from 'react';
import { useSay } from '../i18n/index.ts';

/** Where "Saved" and "Undo" appear. The button that closes one has a name, whoever shows it. */
export function ToastList() {
  const { t } = useSay();
  const close = t('common.close');
  const theme = useMemo(
    () => createTheme({ components: { Notification: { defaultProps: { closeButtonProps: { 'aria-label': close } } } } }),
    [close],
  );
  return (
    <MantineThemeProvider theme={theme} inherit>
      <Notifications position="bottom-left" />
    </MantineThemeProvider>
  );
}
