import { Alert, Anchor, Button, Group, Text } from '@mantine/core';
import { IconChevronLeft } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import { isComing, type UploadStatus } from '../../../schemas/uploads.ts';
import { ScanPages } from '../../components/ScanPages.tsx';
import { EmptyState, ErrorState, LoadingLines } from '../../components/states.tsx';
import surfaces from '../../components/surface.module.css';
import { useSay } from '../../i18n/index.ts';
import { addresses } from '../../lib/addresses.ts';
import { formatDay, formatMoment } from '../../lib/dates.ts';
import { usePageTitle } from '../../lib/page-title.ts';
import { usePatients } from '../../lib/patient-search.ts';
import { useTenant } from '../../lib/tenant.tsx';
import { reasonOf, titleOf } from './DocumentsPage.tsx';
import { FilingForm } from './FilingForm.tsx';
import { PatientFacts } from './PatientFacts.tsx';
import { uploadQuery } from './queries.ts';
import { MoveUploadButtons, PutAwayButton } from './ReasonDialogs.tsx';
import classes from './scans.module.css';

/** One scan: its pages beside what is to be confirmed. */
export function DocumentPage() {
  const say = useSay();
  const { t } = say;
  const { upload: id = '' } = useParams();
  const { api, slug } = useTenant();
  const upload = useQuery(uploadQuery(api, id));
  const title = upload.data ? titleOf(upload.data, say) : t('scans.title');
  usePageTitle(t('scans.title'));
  return (
    <div className={classes.wide}>
      <Anchor component={Link} to={addresses.documents(slug)} className={classes.back}>
        <IconChevronLeft size={16} aria-hidden /> {t('scans.back')}
      </Anchor>
      {upload.isPending && <LoadingLines lines={8} height={36} label={t('common.loading', { what: t('scans.document') })} />}
      {upload.isLoadingError && <ErrorState error={upload.error} onRetry={() => void upload.refetch()} />}
      {upload.data && (
        <>
          <h1 className={classes.title}>{title}</h1>
          <OneScan upload={upload.data} />
        </>
      )}
    </div>
  );
}

function OneScan({ upload }: { upload: UploadStatus }) {
  const say = useSay();
  const { t } = say;
  const { may } = useTenant();
  if (isComing(upload))
    return (
      <div role="status">
        <Text mb="sm">{t(upload.state === 'waiting' ? 'scans.inLine' : 'scans.stillReading')}</Text>
        <LoadingLines lines={6} height={40} label={t('scans.stillReading')} />
      </div>
    );
  if (upload.state === 'refused')
    return (
      <>
        <Alert color="red" variant="light" title={t('scans.refusedTitle')} role="alert">
          {reasonOf(upload, say)}
        </Alert>
        {may('Scan', 'update') && <PutAwayButton upload={upload} />}
      </>
    );
  const readable = upload.state === 'to-file' || may('DocumentReference', 'read');
  return (
    <div className={classes.sides}>
      {readable ? <ScanPages path={`/uploads/${upload.id}/pages`} /> : <EmptyState title={t('scans.pagesInChart')} />}
      <aside className={classes.side}>
        {upload.unread && (
          <Alert color="yellow" variant="light" role="status">
            {t('scans.unread')}
          </Alert>
        )}
        {upload.state === 'to-file' && may('Scan', 'update') && <FilingForm key={upload.revision} upload={upload} />}
        {upload.filing && <Filed upload={upload} />}
        {upload.text?.some(Boolean) && (
          <details className={classes.text}>
            <summary>{t('scans.readText')}</summary>
            <pre>{upload.text.join('\n\n')}</pre>
          </details>
        )}
      </aside>
    </div>
  );
}

function Filed({ upload }: { upload: UploadStatus }) {
  const say = useSay();
  const { t, locale } = say;
  const { api, slug, may } = useTenant();
  const { filing } = upload;
  const patients = usePatients(api, filing ? [filing.patient] : []);
  if (!filing) return null;
  const [patient] = patients.data ?? [];
  return (
    <section className={surfaces.surface}>
      <h2 className={surfaces.heading}>{t('scans.filedAs', { type: t(`scans.types.${filing.type}`) })}</h2>
      {patient && <PatientFacts patient={patient} facts={[]} />}
      {filing.date && (
        <Text size="sm">
          {t('scans.date')}: {formatDay(filing.date, locale)}
        </Text>
      )}
      <Text size="sm" c="dimmed">
        {t('scans.filedOn', { date: formatMoment(filing.at, locale) ?? filing.at, by: filing.by ?? '–' })}
      </Text>
      <Group gap="xs" mt="sm">
        <Button component={Link} to={addresses.chart(slug, filing.patient)} size="xs" variant="default">
          {t('scans.openChart')}
        </Button>
        {may('Scan', 'update') && <MoveUploadButtons upload={upload} />}
      </Group>
    </section>
  );
}
