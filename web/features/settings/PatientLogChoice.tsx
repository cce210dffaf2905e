import { NativeSelect, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { PATIENT_LOG_SHOWS, type PatientLog } from '../../../schemas/settings/patient-log.ts';
import { tellDone } from '../../components/notices.tsx';
import { ErrorState, errorWords, LoadingLines } from '../../components/states.tsx';
import { useSay } from '../../i18n/index.ts';
import { settingQuery, useSaveSetting } from '../../lib/settings.ts';
import { useTenant } from '../../lib/tenant.tsx';

/** What patients are told in the portal of who opened their record. It is saved as it is chosen. */
export function PatientLogChoice() {
  const say = useSay();
  const { t } = say;
  const { api, may } = useTenant();
  const queries = useQueryClient();
  const kept = useQuery(settingQuery(api, 'patient-log'));
  const save = useSaveSetting('patient-log');
  if (kept.isPending) return <LoadingLines lines={2} label={t('settingsPages.patientLog.title')} />;
  if (kept.isLoadingError) return <ErrorState error={kept.error} onRetry={() => void kept.refetch()} />;
  const words = save.error && errorWords(save.error, say);
  const choose = (shows: PatientLog['shows']) =>
    save.mutate(
      { value: { shows }, version: kept.data.version },
      {
        onSuccess: () => tellDone(say, t('settingsPages.patientLog.saved')),
        // Somebody else has chosen meanwhile: what stands is shown.
        onError: () => queries.invalidateQueries({ queryKey: settingQuery(api, 'patient-log').queryKey }),
      },
    );
  return (
    <>
      <NativeSelect
        mt="lg"
        maw={480}
        label={t('settingsPages.patientLog.title')}
        description={t('settingsPages.patientLog.hint')}
        value={kept.data.value.shows}
        disabled={!may('Settings', 'update') || save.isPending}
        data={PATIENT_LOG_SHOWS.map((value) => ({ value, label: t(`settingsPages.patientLog.${value}`) }))}
        onChange={(event) => choose(PATIENT_LOG_SHOWS.find((one) => one === event.currentTarget.value) ?? 'roles')}
      />
      {words && (
        <Text role="alert" c="red">
          {words.title} {words.next}
        </Text>
      )}
    </>
  );
}
