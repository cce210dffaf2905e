import { Kbd, Modal, Table } from '@mantine/core';
import { useSay } from '../i18n/index.ts';
import { SHORTCUT_KEYS, SHORTCUTS } from './shortcuts.ts';

/** The keys, in a table. */
export function HelpDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useSay();
  return (
    <Modal opened={opened} onClose={onClose} title={t('help.title')} closeButtonProps={{ 'aria-label': t('common.close') }}>
      <Table>
        <Table.Tbody>
          {SHORTCUTS.map((shortcut) => (
            <Table.Tr key={shortcut}>
              <Table.Th scope="row" fw={400}>
                {t(`help.${shortcut}`)}
              </Table.Th>
              <Table.Td ta="right">
                {SHORTCUT_KEYS[shortcut].map((key) => (
                  <Kbd key={key} ml={4}>
                    {key}
                  </Kbd>
                ))}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  );
}
