import { Button, Menu } from '@mantine/core';
import { type Icon, IconBuildingHospital, IconCheck, IconSelector, IconServerCog } from '@tabler/icons-react';
import { useNavigate } from 'react-router';
import { useSay } from '../i18n/index.ts';
import { addresses } from '../lib/addresses.ts';
import { usePerson, useTenant } from '../lib/tenant.tsx';
import classes from './Frame.module.css';

/** Which clinic one is in, always in sight; the way to another where one has several. */
export function TenantMenu() {
  const { slug, name } = useTenant();
  return <PlaceMenu current={slug} name={name} Icon={IconBuildingHospital} />;
}

/** Where one is: a clinic, or without `current` the operators' console. A menu where the person has somewhere else to go. */
export function PlaceMenu({ current, name, Icon }: { current?: string; name: string; Icon: Icon }) {
  const { t } = useSay();
  const person = usePerson();
  const navigate = useNavigate();
  const tenants = person.data?.tenants ?? [];
  const toConsole = current !== undefined && (person.data?.operator ?? false);
  if (!toConsole && tenants.every(({ slug }) => slug === current)) {
    return (
      <span className={classes.tenant} title={name}>
        <Icon size={18} aria-hidden /> <span className={classes.tenantName}>{name}</span>
      </span>
    );
  }
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          size="sm"
          className={classes.tenantButton}
          leftSection={<Icon size={18} aria-hidden />}
          rightSection={<IconSelector size={14} aria-hidden />}
          aria-label={t('session.switchClinic', { name })}
          title={name}
        >
          <span className={classes.tenantName}>{name}</span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('session.clinics')}</Menu.Label>
        {tenants.map((tenant) => (
          <Menu.Item
            key={tenant.slug}
            aria-current={tenant.slug === current || undefined}
            rightSection={tenant.slug === current && <IconCheck size={16} aria-hidden />}
            onClick={() => void navigate(addresses.today(tenant.slug))}
          >
            {tenant.name}
          </Menu.Item>
        ))}
        {toConsole && (
          <>
            <Menu.Divider />
            <Menu.Item leftSection={<IconServerCog size={16} aria-hidden />} onClick={() => void navigate(addresses.operator())}>
              {t('session.operators')}
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
