import { ActionIcon, Menu, useMantineColorScheme } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconCheck, IconDeviceDesktop, IconHelpCircle, IconLogout, IconMoon, IconSun, IconUserCircle } from '@tabler/icons-react';
import { lazy, Suspense } from 'react';
import { LANGUAGE_NAMES } from '../components/LanguageChoice.tsx';
import { setLanguage, useSay } from '../i18n/index.ts';
import { keptDrafts } from '../lib/kept-drafts.ts';
import { useSession } from '../lib/session.tsx';

const LeaveDialog = lazy(async () => ({ default: (await import('./LeaveDialog.tsx')).LeaveDialog }));

const SCHEMES = [
  { value: 'light', Icon: IconSun },
  { value: 'dark', Icon: IconMoon },
  { value: 'auto', Icon: IconDeviceDesktop },
] as const;

/** Who is signed in, how they like their screen, and the way out. */
export function PersonMenu({ personName, onHelp }: { personName: string; onHelp?: () => void }) {
  const { t, language } = useSay();
  const { signOut, userId } = useSession();
  const [leaving, leave] = useDisclosure();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const check = (chosen: boolean) => (chosen ? <IconCheck size={16} aria-hidden /> : undefined);
  return (
    <>
      <Menu position="bottom-end" width={220}>
        <Menu.Target>
          <ActionIcon
            variant="subtle"
            color="gray"
            size={36}
            aria-label={t('settings.menu', { name: personName })}
            title={personName}
          >
            <IconUserCircle size={22} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{personName}</Menu.Label>
          <Menu.Divider />
          <Menu.Label>{t('settings.language')}</Menu.Label>
          {LANGUAGE_NAMES.map(({ value, label }) => (
            <Menu.Item
              key={value}
              lang={value}
              aria-current={language === value || undefined}
              rightSection={check(language === value)}
              onClick={() => void setLanguage(value)}
            >
              {label}
            </Menu.Item>
          ))}
          <Menu.Label>{t('settings.appearance')}</Menu.Label>
          {SCHEMES.map(({ value, Icon }) => (
            <Menu.Item
              key={value}
              aria-current={colorScheme === value || undefined}
              leftSection={<Icon size={16} aria-hidden />}
              rightSection={check(colorScheme === value)}
              onClick={() => setColorScheme(value)}
            >
              {t(`settings.schemes.${value}`)}
            </Menu.Item>
          ))}
          <Menu.Divider />
          {onHelp && (
            <Menu.Item leftSection={<IconHelpCircle size={16} aria-hidden />} onClick={onHelp}>
              {t('settings.help')}
            </Menu.Item>
          )}
          <Menu.Item
            leftSection={<IconLogout size={16} aria-hidden />}
            onClick={() => (keptDrafts(userId, sessionStorage).length > 0 ? leave.open() : void signOut())}
          >
            {t('session.signOut')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {leaving && (
        <Suspense>
          <LeaveDialog onStay={leave.close} onLeave={() => void signOut()} />
        </Suspense>
      )}
    </>
  );
}
