import { Button, SegmentedControl, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { AllergyIntolerance, DiagnosticReport, DocumentReference, FhirResource, Observation } from 'fhir/r4';
import { useState } from 'react';
import { Link } from 'react-router';
import { isSigned } from '../../../schemas/visit.ts';
import { StatusMark } from '../../components/marks.tsx';
import { Panel } from '../../components/Panel.tsx';
import { ErrorState, LoadingLines } from '../../components/states.tsx';
import { useSay } from '../../i18n/index.ts';
import { addresses, usePanel } from '../../lib/addresses.ts';
import type { Kept } from '../../lib/api.ts';
import { recordQuery } from '../../lib/chart-query.ts';
import { formatMoment } from '../../lib/dates.ts';
import { attachmentText } from '../../lib/describe.ts';
import { statusOf } from '../../lib/status.ts';
import { useTenant } from '../../lib/tenant.tsx';
import { isBloodPressure } from './blood-pressure-form.ts';
import { FieldList } from './FieldList.tsx';
import { History } from './History.tsx';
import { MarkInError } from './MarkInError.tsx';
import classes from './record.module.css';
import { sourceText, titleOf } from './record-words.ts';
import { isScan, ScanInChart } from './ScanInChart.tsx';

/** Which form corrects this record; undefined when we have none yet. */
function formFor(resource: FhirResource): 'allergy' | 'blood-pressure' | undefined {
  if (resource.resourceType === 'AllergyIntolerance') return 'allergy';
  return resource.resourceType === 'Observation' && isBloodPressure(resource) ? 'blood-pressure' : undefined;
}

const textOf = (resource: FhirResource): string | undefined =>
  resource.resourceType === 'DocumentReference'
    ? (resource as DocumentReference).content.map((part) => attachmentText(part.attachment)).find(Boolean)
    : resource.resourceType === 'DiagnosticReport'
      ? (resource as DiagnosticReport).presentedForm?.map(attachmentText).find(Boolean)
      : undefined;

function Actions({ patientId, resource }: { patientId: string; resource: Kept }) {
  const { t } = useSay();
  const { may } = useTenant();
  const { addressOf } = usePanel();
  const [marking, setMarking] = useState(false);
  const form = formFor(resource);
  if (!form || !may(resource.resourceType, 'update') || statusOf(resource).trust === 'entered-in-error') return null;
  if (marking)
    return (
      <MarkInError
        patientId={patientId}
        resource={resource as Kept<AllergyIntolerance | Observation>}
        onClose={() => setMarking(false)}
      />
    );
  return (
    <div className={classes.buttons}>
      <Button size="xs" data-edit component={Link} to={addressOf({ kind: 'write', what: form, id: resource.id })}>
        {t('record.correct')}
      </Button>
      <Button size="xs" variant="default" onClick={() => setMarking(true)}>
        {t('record.markInError')}
      </Button>
    </div>
  );
}

/** From a visit, or a note that was signed at one, to the visit's own screen. */
function ToVisit({ patientId, resource }: { patientId: string; resource: FhirResource }) {
  const { t } = useSay();
  const { slug, may } = useTenant();
  const visit =
    resource.resourceType === 'Encounter'
      ? resource.id
      : resource.resourceType === 'DocumentReference' && isSigned(resource)
        ? resource.context?.encounter?.[0]?.reference?.split('/')[1]
        : undefined;
  if (!visit || !may('QuestionnaireResponse', 'read')) return null;
  return (
    <Button size="xs" variant="default" mt="xs" component={Link} to={addresses.visit(slug, patientId, visit)}>
      {t('startVisit.goOn')}
    </Button>
  );
}

/** One record in full: every value with unit, time, status and source; and what it said before. */
export function RecordView({
  patientId,
  type,
  id,
  onClose,
}: {
  patientId: string;
  type: string;
  id: string;
  onClose: () => void;
}) {
  const say = useSay();
  const { t, locale } = say;
  const { api } = useTenant();
  const record = useQuery(recordQuery(api, patientId, type, id));
  const [tab, setTab] = useState<'values' | 'history'>('values');
  const resource = record.data;
  const status = resource && statusOf(resource);
  const text = resource && textOf(resource);
  return (
    <Panel title={resource ? titleOf(resource, say) : say.word('types', type)} onClose={onClose}>
      {record.isPending && <LoadingLines lines={8} label={t('common.loading', { what: t('record.record') })} />}
      {record.isLoadingError && <ErrorState error={record.error} onRetry={() => void record.refetch()} />}
      {resource && status && (
        <>
          {status.trust !== 'settled' && (
            <p className={classes.notice} data-kind={status.trust}>
              {t(`trust.${status.trust}`)}
            </p>
          )}
          <div className={classes.summary}>
            <span>
              {say.word('types', type)} · <StatusMark status={status} />
            </span>
            <Text c="dimmed">
              {t('record.version', {
                version: resource.meta.versionId,
                at: formatMoment(resource.meta.lastUpdated, locale) ?? t('common.undated'),
              })}
            </Text>
            <Text c="dimmed">{t('record.source', { source: sourceText(resource, say) })}</Text>
          </div>
          <Actions patientId={patientId} resource={resource} />
          <ToVisit patientId={patientId} resource={resource} />
          <SegmentedControl
            my="sm"
            fullWidth
            size="xs"
            aria-label={t('record.views')}
            value={tab}
            onChange={(value) => setTab(value as typeof tab)}
            data={[
              { value: 'values', label: t('record.values') },
              { value: 'history', label: t('record.history') },
            ]}
          />
          {tab === 'values' ? (
            <>
              {isScan(resource) && <ScanInChart patientId={patientId} document={resource} onMoved={onClose} />}
              {text && <pre className={classes.document}>{text}</pre>}
              <FieldList resource={resource} />
            </>
          ) : (
            <History patientId={patientId} type={type} id={id} />
          )}
        </>
      )}
    </Panel>
  );
}
