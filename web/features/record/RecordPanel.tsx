import { useQuery } from '@tanstack/react-query';
import type { AllergyIntolerance, FhirResource, Observation } from 'fhir/r4';
import { useParams } from 'react-router';
import { Panel } from '../../components/Panel.tsx';
import { ErrorState, LoadingLines } from '../../components/states.tsx';
import { useSay } from '../../i18n/index.ts';
import { usePanel, type Writable } from '../../lib/addresses.ts';
import type { Kept } from '../../lib/api.ts';
import { recordQuery } from '../../lib/chart-query.ts';
import { useTenant } from '../../lib/tenant.tsx';
import { AllergyForm } from './AllergyForm.tsx';
import { BloodPressureForm } from './BloodPressureForm.tsx';
import { RecordView } from './RecordView.tsx';

const TYPE_OF: Record<Writable, FhirResource['resourceType']> = {
  allergy: 'AllergyIntolerance',
  'blood-pressure': 'Observation',
};

/** A form over the version that is stored now; a new record's form needs none. */
function Form({
  patientId,
  what,
  id,
  onDone,
}: {
  patientId: string;
  what: Writable;
  id: string | undefined;
  onDone: () => void;
}) {
  const { t } = useSay();
  const { api } = useTenant();
  const record = useQuery({
    ...recordQuery(api, patientId, TYPE_OF[what], id ?? ''),
    enabled: id !== undefined,
    refetchOnWindowFocus: false,
  });
  if (id && record.isPending)
    return <LoadingLines lines={6} height={36} label={t('common.loading', { what: t('record.record') })} />;
  if (id && record.isLoadingError) return <ErrorState error={record.error} onRetry={() => void record.refetch()} />;
  const shared = { patientId, onDone };
  return what === 'allergy' ? (
    <AllergyForm key={id} {...shared} base={record.data as Kept<AllergyIntolerance> | undefined} />
  ) : (
    <BloodPressureForm key={id} {...shared} base={record.data as Kept<Observation> | undefined} />
  );
}

/** What the address asks for beside the chart: a record, or a form. */
export function RecordPanel() {
  const { t } = useSay();
  const { id: patientId = '' } = useParams();
  const { panel, close } = usePanel();
  if (!panel) return null;
  if (panel.kind === 'record')
    return <RecordView key={`${panel.type}/${panel.id}`} patientId={patientId} type={panel.type} id={panel.id} onClose={close} />;
  const title =
    panel.what === 'allergy'
      ? panel.id
        ? t('allergyForm.correctTitle')
        : t('chart.recordAllergy')
      : panel.id
        ? t('pressureForm.correctTitle')
        : t('chart.recordBloodPressure');
  return (
    <Panel key={`${panel.what}/${panel.id}`} title={title} onClose={close}>
      <Form patientId={patientId} what={panel.what} id={panel.id} onDone={close} />
    </Panel>
  );
}
