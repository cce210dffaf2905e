import { ActionIcon, Button, Menu, Table, Text } from '@mantine/core';
import { IconDots, IconUserPlus } from '@tabler/icons-react';
import { useState } from 'react';
import type { ChangeStaff, StaffEntry } from '../../../schemas/people.ts';
import { refusalWords, tellDone, tellRefused } from '../../components/notices.tsx';
import { ErrorState, LoadingLines } from '../../components/states.tsx';
import tables from '../../components/table.module.css';
import { type Say, useSay } from '../../i18n/index.ts';
import { formatMoment } from '../../lib/dates.ts';
import { usePageTitle } from '../../lib/page-title.ts';
import { InviteDialog } from './InviteDialog.tsx';
import { type StaffDeed, useStaff, useStaffDeed } from './queries.ts';
import { DisableDialog, ResetFactorDialog, RolesDialog } from './StaffDialogs.tsx';
import classes from './staff.module.css';

type Asking = { readonly what: 'invite' } | { readonly what: 'roles' | 'disable' | 'reset'; readonly entry: StaffEntry };

/** Who works in the clinic and who is invited. What can be undone is undone from its notice; what cannot asks first. */
export function StaffPage() {
  const say = useSay();
  const { t } = say;
  const staff = useStaff();
  const deed = useStaffDeed();
  const [asking, setAsking] = useState<Asking>();
  usePageTitle(t('people.staff.title'));

  const ask = (next: Asking) => {
    deed.reset();
    setAsking(next);
  };
  const close = () => setAsking(undefined);
  /** From a dialog: it stays open with the reason when it is refused. */
  const doFromDialog = (what: StaffDeed, done: string, undo?: StaffDeed) =>
    deed.mutate(what, {
      onSuccess: () => {
        close();
        tellDone(say, done, undo && (() => doAtOnce(undo, t('save.undone'))));
      },
    });
  const doAtOnce = (what: StaffDeed, done: string, undo?: StaffDeed) =>
    deed.mutate(what, {
      onSuccess: () => tellDone(say, done, undo && (() => doAtOnce(undo, t('save.undone')))),
      onError: (error) => tellRefused(say, refusalWords(say, error)),
    });
  const change = (id: string, body: ChangeStaff): StaffDeed => ({ what: 'change', id, body });
  const dialog = { error: deed.error, pending: deed.isPending, onClose: close };
  const entry = asking && 'entry' in asking ? asking.entry : undefined;
  const name = entry ? (entry.name ?? entry.email ?? '') : '';

  return (
    <>
      <div className={classes.head}>
        <div>
          <h1>{t('people.staff.title')}</h1>
          <Text c="dimmed">{t('people.staff.intro')}</Text>
        </div>
        <Button leftSection={<IconUserPlus size={18} aria-hidden />} onClick={() => ask({ what: 'invite' })}>
          {t('people.staff.invite')}
        </Button>
      </div>
      {staff.isPending && <LoadingLines lines={5} height={36} label={t('common.loading', { what: t('people.staff.title') })} />}
      {staff.isLoadingError && <ErrorState error={staff.error} onRetry={() => void staff.refetch()} />}
      {staff.data && <StaffTable staff={staff.data} say={say} onAsk={ask} onDo={doAtOnce} />}
      {staff.data?.length === 1 && (
        <Text c="dimmed" mt="md">
          {t('people.staff.none')}
        </Text>
      )}
      {asking?.what === 'invite' && (
        <InviteDialog
          {...dialog}
          title={t('people.staff.inviteTitle')}
          withRoles
          onInvite={(body) => doFromDialog({ what: 'invite', body }, t('people.staff.sent', { email: body.email }))}
        />
      )}
      {entry && asking?.what === 'roles' && (
        <RolesDialog
          {...dialog}
          entry={entry}
          onSave={(roles) =>
            doFromDialog(change(entry.id, { roles }), t('people.staff.rolesSaved'), change(entry.id, { roles: [...entry.roles] }))
          }
        />
      )}
      {entry && asking?.what === 'disable' && (
        <DisableDialog
          {...dialog}
          entry={entry}
          onDisable={(reason) =>
            doFromDialog(change(entry.id, { state: 'disabled', reason }), t('people.staff.disabled', { name }))
          }
        />
      )}
      {entry && asking?.what === 'reset' && (
        <ResetFactorDialog
          {...dialog}
          entry={entry}
          onReset={() => doFromDialog({ what: 'reset', id: entry.id }, t('people.staff.resetDone'))}
        />
      )}
    </>
  );
}

interface TableProps {
  readonly staff: readonly StaffEntry[];
  readonly say: Say;
  readonly onAsk: (asking: Asking) => void;
  readonly onDo: (what: StaffDeed, done: string, undo?: StaffDeed) => void;
}

function StaffTable({ staff, say, onAsk, onDo }: TableProps) {
  const { t, word } = say;
  const heads = [t('people.staff.name'), t('people.staff.email'), t('people.staff.roles'), t('people.staff.state')] as const;
  return (
    <Table className={`${tables.cards} ${classes.table}`}>
      <Table.Thead>
        <Table.Tr>
          {heads.map((head) => (
            <Table.Th key={head} scope="col">
              {head}
            </Table.Th>
          ))}
          <Table.Th scope="col">
            <span className="visually-hidden">{t('palette.actions')}</span>
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {staff.map((entry) => (
          <Table.Tr key={entry.id} data-person={entry.email}>
            <Table.Th scope="row" className={classes.name}>
              {entry.name ?? t('people.staff.notNamed')}{' '}
              {entry.you && <span className={classes.you}>({t('people.staff.you')})</span>}
            </Table.Th>
            <Table.Td data-column={heads[1]}>{entry.email ?? t('common.notRecorded')}</Table.Td>
            <Table.Td data-column={heads[2]}>{entry.roles.map((role) => word('codes', role)).join(', ')}</Table.Td>
            <Table.Td data-column={heads[3]}>
              <State entry={entry} say={say} />
            </Table.Td>
            <Table.Td className={classes.actions}>
              <Actions entry={entry} say={say} onAsk={onAsk} onDo={onDo} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

export function State({ entry, say }: { entry: Pick<StaffEntry, 'state' | 'invitedAt' | 'linkUntil' | 'reason'>; say: Say }) {
  const { t, locale } = say;
  const { state, invitedAt, linkUntil, reason } = entry;
  const date = formatMoment(invitedAt, locale) ?? '';
  const until = formatMoment(linkUntil, locale) ?? '';
  const isOver = linkUntil !== undefined && Date.parse(linkUntil) < Date.now();
  return (
    <>
      <span className={state === 'invited' ? classes.waiting : state === 'disabled' ? classes.out : undefined}>
        {t(`people.staff.states.${state}`)}
      </span>
      {state === 'invited' && (
        <span className={classes.note}>{isOver ? t('people.staff.expired') : t('people.staff.invited', { date, until })}</span>
      )}
      {state === 'disabled' && reason && <span className={classes.note}>{reason}</span>}
    </>
  );
}

function Actions({ entry, say, onAsk, onDo }: Omit<TableProps, 'staff'> & { entry: StaffEntry }) {
  const { t } = say;
  const { id, state, email = '' } = entry;
  const name = entry.name ?? email;
  const change = (body: ChangeStaff): StaffDeed => ({ what: 'change', id, body });
  return (
    <Menu position="bottom-end" width={230}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size={36} aria-label={t('people.staff.actionsFor', { name })}>
          <IconDots size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {state === 'invited' && (
          <Menu.Item onClick={() => onDo({ what: 'mail', id }, t('people.staff.againDone', { email }))}>
            {t('people.staff.again')}
          </Menu.Item>
        )}
        {state !== 'disabled' && (
          <Menu.Item onClick={() => onAsk({ what: 'roles', entry })}>{t('people.staff.changeRoles')}</Menu.Item>
        )}
        {state === 'invited' && (
          <Menu.Item
            onClick={() => onDo(change({ state: 'withdrawn' }), t('people.staff.withdrawn'), change({ state: 'invited' }))}
          >
            {t('people.staff.withdraw')}
          </Menu.Item>
        )}
        {state === 'active' && (
          <Menu.Item onClick={() => onAsk({ what: 'reset', entry })}>{t('people.staff.resetFactor')}</Menu.Item>
        )}
        {state === 'active' && !entry.you && (
          <Menu.Item color="red" onClick={() => onAsk({ what: 'disable', entry })}>
            {t('people.staff.disable')}
          </Menu.Item>
        )}
        {state === 'disabled' && (
          <Menu.Item onClick={() => onDo(change({ state: 'active' }), t('people.staff.enabled', { name }))}>
            {t('people.staff.enable')}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
