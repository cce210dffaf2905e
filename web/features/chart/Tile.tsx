import { ActionIcon, Menu } from '@mantine/core';
import { IconArrowLeft, IconArrowRight, IconChevronRight, IconDots, IconPlus } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { PanelBoundary } from '../../components/PanelBoundary.tsx';
import { useSay } from '../../i18n/index.ts';
import type { Section } from './sections.ts';
import classes from './Tile.module.css';

export interface TileFrame {
  section: Section;
  /** The way in. */
  address: string;
  /** How many there are; `more` when only the newest are known. */
  count?: { readonly known: number; readonly more: boolean };
  /** The first action, where it works. */
  action?: { readonly label: string; readonly address: string };
  /** Moves the tile one place; undefined at the end of the row. */
  onMove: { readonly earlier?: () => void; readonly later?: () => void };
  children: ReactNode;
}

/** A tile: the five lines that matter and one way in. Its place is the person's own. */
export function Tile({ section, address, count, action, onMove, children }: TileFrame) {
  const { t, locale } = useSay();
  const title = t(`sections.${section}`);
  return (
    <section className={classes.tile} aria-labelledby={`tile-${section}`} data-section={section}>
      <header className={classes.head}>
        <h2 id={`tile-${section}`} className={classes.title}>
          <Link to={address} className={classes.way}>
            {title}
            {count && count.known > 0 && (
              <span className={classes.count}>
                {new Intl.NumberFormat(locale.tag).format(count.known)}
                {count.more && '+'}
              </span>
            )}
            <IconChevronRight size={16} aria-hidden className={classes.chevron} />
          </Link>
        </h2>
        {action && (
          <ActionIcon
            component={Link}
            to={action.address}
            variant="subtle"
            size={28}
            aria-label={action.label}
            title={action.label}
          >
            <IconPlus size={18} />
          </ActionIcon>
        )}
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon
              variant="subtle"
              color="gray"
              size={28}
              aria-label={t('chart.tileMenu', { tile: title })}
              className={classes.menu}
            >
              <IconDots size={18} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconArrowLeft size={16} />} disabled={!onMove.earlier} onClick={onMove.earlier}>
              {t('chart.moveEarlier')}
            </Menu.Item>
            <Menu.Item leftSection={<IconArrowRight size={16} />} disabled={!onMove.later} onClick={onMove.later}>
              {t('chart.moveLater')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </header>
      <div className={classes.body}>
        <PanelBoundary resetKey={address}>{children}</PanelBoundary>
      </div>
    </section>
  );
}
