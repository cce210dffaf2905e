import { Button } from '@mantine/core';
import { IconChevronRight, IconPrinter } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { DocumentReference } from 'fhir/r4';
import { Link, useParams } from 'react-router';
import { releaseOf, withheldReasonOf } from '../../../schemas/portal-records.ts';
import { ScanPages } from '../../components/ScanPages.tsx';
import { ErrorState, LoadingLines } from '../../components/states.tsx';
import { type Say, useSay } from '../../i18n/index.ts';
import { addresses } from '../../lib/addresses.ts';
import { ApiError } from '../../lib/api.ts';
import { recordQuery } from '../../lib/chart-query.ts';
import { conceptText } from '../../lib/concept.ts';
import { formatDay, newestFirst } from '../../lib/dates.ts';
import { attachmentText } from '../../lib/describe.ts';
import { useTenant } from '../../lib/tenant.tsx';
import { useDocuments, useOwnPatient } from './own-chart.ts';
import { BackLink, PageTitle, Quiet } from './parts.tsx';
import classes from './portal.module.css';

const titleOf = ({ type, description }: DocumentReference, { t }: Say): string =>
  description ?? conceptText(type) ?? t('portal.records.unnamed');
const factsOf = ({ date, author }: DocumentReference, { t, locale }: Say): string => {
  const name = author?.find(({ display }) => display)?.display;
  return [formatDay(date, locale), name && t('portal.documents.by', { name })].filter(Boolean).join(' ');
};
const reasonOf = (document: DocumentReference, { t }: Say): string =>
  t(`portal.documents.reasons.${withheldReasonOf(document) ?? 'none'}`);

/** Signed notes and released papers. What is withheld stands in its place, with why. */
export function DocumentsPage() {
  const say = useSay();
  const { t } = say;
  const { slug } = useTenant();
  const documents = useDocuments();
  const list = (documents.data ?? []).toSorted((a, b) => newestFirst(a.date, b.date));
  return (
    <>
      <PageTitle>{t('portal.documents.title')}</PageTitle>
      <Quiet>{t('portal.documents.intro')}</Quiet>
      {documents.isPending && <LoadingLines lines={6} height={48} label={t('portal.frame.opening')} />}
      {documents.isLoadingError && <ErrorState error={documents.error} onRetry={() => void documents.refetch()} />}
      {documents.data && list.length === 0 && <Quiet>{t('portal.documents.none')}</Quiet>}
      <ul className={classes.list}>
        {list.map((document) => (
          <li key={document.id}>
            {releaseOf(document) === 'withheld' ? (
              <div className={classes.item}>
                <strong>{titleOf(document, say)}</strong>
                <span className={classes.quiet}>{factsOf(document, say)}</span>
                <span>{t('portal.documents.withheld')}</span>
                <span>{reasonOf(document, say)}</span>
              </div>
            ) : (
              <Link to={addresses.portal(slug, `documents/${document.id}`)} className={classes.row}>
                <span>
                  <strong>{titleOf(document, say)}</strong>
                  <br />
                  <span className={classes.quiet}>{factsOf(document, say)}</span>
                </span>
                <IconChevronRight size={20} aria-hidden />
              </Link>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}

/** One note or paper, to read and to print. */
export function DocumentPage() {
  const say = useSay();
  const { t } = say;
  const { api, slug } = useTenant();
  const { id = '' } = useParams();
  const document = useQuery(recordQuery(api, useOwnPatient(), 'DocumentReference', id));
  const found = document.data as DocumentReference | undefined;
  const isMissing = document.error instanceof ApiError && document.error.status === 404;
  return (
    <>
      <BackLink to={addresses.portal(slug, 'documents')} />
      {document.isPending && <LoadingLines lines={8} label={t('portal.frame.opening')} />}
      {isMissing && (
        <div role="alert">
          <PageTitle>{t('portal.documents.missing')}</PageTitle>
          <p>{t('portal.documents.missingNext')}</p>
        </div>
      )}
      {document.isLoadingError && !isMissing && <ErrorState error={document.error} onRetry={() => void document.refetch()} />}
      {found && (
        <article className={classes.cards}>
          <PageTitle tab={t('portal.documents.title')}>{titleOf(found, say)}</PageTitle>
          <Quiet>{factsOf(found, say)}</Quiet>
          {releaseOf(found) === 'withheld' ? (
            <p className={classes.notice}>{`${t('portal.documents.withheld')} ${reasonOf(found, say)}`}</p>
          ) : (
            <Content document={found} />
          )}
        </article>
      )}
    </>
  );
}

function Content({ document }: { document: DocumentReference }) {
  const { t } = useSay();
  const texts = document.content.flatMap(({ attachment }) => attachmentText(attachment) ?? []);
  if (document.content.some(({ attachment }) => !attachment.contentType?.startsWith('text/')))
    return (
      <div className={classes.scan}>
        <ScanPages path={`/documents/${document.id}/pages`} />
      </div>
    );
  if (texts.length === 0) return <p className={classes.notice}>{t('portal.documents.noText')}</p>;
  return (
    <>
      {texts.map((text) => (
        <div key={text.slice(0, 40)} className={classes.paper}>
          {text}
        </div>
      ))}
      <Button
        className={classes.big}
        size="lg"
        variant="default"
        leftSection={<IconPrinter size={20} aria-hidden />}
        onClick={() => window.print()}
      >
        {t('portal.documents.print')}
      </Button>
    </>
  );
}
