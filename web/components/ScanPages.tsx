import { ActionIcon, Anchor, Text } from '@mantine/core';
import { IconChevronLeft, IconChevronRight, IconRotateClockwise, IconZoomIn, IconZoomOut } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { PageLinks } from '../../schemas/uploads.ts';
import { useSay } from '../i18n/index.ts';
import { useTenant } from '../lib/tenant.tsx';
import classes from './ScanPages.module.css';
import { EmptyState, ErrorState, LoadingLines } from './states.tsx';

/** Links are good for five minutes; they are asked for again before that (ms). */
const LINKS_GOOD_MS = 240_000;
/** What scrolls is reached by keyboard. */
const REACHED = { tabIndex: 0 };
const ZOOMS = [1, 1.5, 2, 3] as const;

/** The pages of a scan: one at a time, larger and smaller, turned, with a list of all. `path`: where the links are asked for. */
export function ScanPages({ path }: { path: string }) {
  const { t } = useSay();
  const { api } = useTenant();
  const links = useQuery({
    queryKey: [api.tenant, 'scan-pages', path],
    queryFn: ({ signal }) => api.get<PageLinks>(path, signal),
    staleTime: LINKS_GOOD_MS,
    refetchInterval: LINKS_GOOD_MS,
    gcTime: 0, // the links open pages: they are not kept when the page is left
  });
  if (links.isPending)
    return <LoadingLines lines={8} height={40} label={t('common.loading', { what: t('scans.loadingPages') })} />;
  if (links.isLoadingError) return <ErrorState error={links.error} onRetry={() => void links.refetch()} />;
  if (links.data.pages.length === 0) return <EmptyState title={t('scans.noPages')} />;
  return <Viewer links={links.data} />;
}

function Viewer({ links: { pages, originals } }: { links: PageLinks }) {
  const { t } = useSay();
  const [index, setIndex] = useState(0);
  const [zoom, setZoom] = useState(0);
  const [quarters, setQuarters] = useState(0);
  const page = pages[Math.min(index, pages.length - 1)];
  const goTo = (next: number) => setIndex(Math.max(0, Math.min(pages.length - 1, next)));
  if (!page) return null;
  const sideways = quarters % 2 === 1;
  const [width, height] = sideways ? [page.height, page.width] : [page.width, page.height];
  return (
    <section className={classes.viewer} aria-label={t('scans.pageList')}>
      <div className={classes.tools} role="toolbar" aria-label={t('scans.pageList')}>
        {pages.length > 1 && (
          <>
            <ActionIcon
              variant="default"
              size={36}
              aria-label={t('scans.previousPage')}
              disabled={index === 0}
              onClick={() => goTo(index - 1)}
            >
              <IconChevronLeft size={18} />
            </ActionIcon>
            <ActionIcon
              variant="default"
              size={36}
              aria-label={t('scans.nextPage')}
              disabled={index === pages.length - 1}
              onClick={() => goTo(index + 1)}
            >
              <IconChevronRight size={18} />
            </ActionIcon>
          </>
        )}
        <Text size="sm" role="status">
          {t('scans.page', { page: index + 1, pages: pages.length })}
        </Text>
        <span className={classes.gap} />
        <ActionIcon
          variant="default"
          size={36}
          aria-label={t('scans.zoomOut')}
          disabled={zoom === 0}
          onClick={() => setZoom(zoom - 1)}
        >
          <IconZoomOut size={18} />
        </ActionIcon>
        <ActionIcon
          variant="default"
          size={36}
          aria-label={t('scans.zoomIn')}
          disabled={zoom === ZOOMS.length - 1}
          onClick={() => setZoom(zoom + 1)}
        >
          <IconZoomIn size={18} />
        </ActionIcon>
        <ActionIcon variant="default" size={36} aria-label={t('scans.rotate')} onClick={() => setQuarters((quarters + 1) % 4)}>
          <IconRotateClockwise size={18} />
        </ActionIcon>
      </div>
      <section className={classes.paper} {...REACHED} aria-label={t('scans.page', { page: index + 1, pages: pages.length })}>
        <div className={classes.sheet} style={{ width: `${(ZOOMS[zoom] ?? 1) * 100}%`, aspectRatio: `${width} / ${height}` }}>
          <img
            src={page.url}
            alt={t('scans.pageAlt', { page: index + 1 })}
            className={classes.picture}
            style={{
              width: sideways ? `${(page.width / page.height) * 100}%` : '100%',
              transform: `translate(-50%, -50%) rotate(${quarters * 90}deg)`,
            }}
          />
        </div>
      </section>
      {pages.length > 1 && (
        <ol className={classes.list} aria-label={t('scans.pageList')}>
          {pages.map(({ url }, at) => (
            <li key={url}>
              <button
                type="button"
                className={classes.thumb}
                aria-current={at === index ? 'page' : undefined}
                aria-label={t('scans.page', { page: at + 1, pages: pages.length })}
                onClick={() => goTo(at)}
              >
                <img src={url} alt="" loading="lazy" />
                <span aria-hidden>{at + 1}</span>
              </button>
            </li>
          ))}
        </ol>
      )}
      <div className={classes.originals}>
        {originals.map(({ url }, at) => (
          <Anchor key={url} href={url} size="sm" download>
            {t('scans.original')}
            {originals.length > 1 && ` (${at + 1})`}
          </Anchor>
        ))}
      </div>
    </section>
  );
}
