import type { ListedClinic } from '../../../schemas/operator.ts';
import { tellDone } from '../../components/notices.tsx';
import { ReasonDialog } from '../../components/ReasonDialog.tsx';
import { useSay } from '../../i18n/index.ts';
import { useChangeState } from './queries.ts';

/** Asks for the reason before a clinic is suspended or opened again: its administrators are told. */
export function ChangeStateDialog({ clinic, onClose }: { clinic: ListedClinic; onClose: () => void }) {
  const { t } = useSay();
  const change = useChangeState();
  const suspends = clinic.status === 'active';
  const { name } = clinic;
  return (
    <ReasonDialog
      title={t(suspends ? 'operator.clinics.suspendTitle' : 'operator.clinics.reactivateTitle', { name })}
      what={t(suspends ? 'operator.clinics.suspendWhat' : 'operator.clinics.reactivateWhat')}
      label={t('operator.clinics.reason')}
      hint={t('operator.clinics.reasonHint')}
      short={t('operator.clinics.reasonShort')}
      action={t(suspends ? 'operator.clinics.suspend' : 'operator.clinics.reactivate')}
      cancel={t('operator.clinics.cancel')}
      danger={suspends}
      pending={change.isPending}
      error={change.error}
      onClose={onClose}
      onReason={(reason) =>
        change.mutate(
          { clinic, reason },
          {
            onSuccess: () => {
              tellDone({ t }, t(suspends ? 'operator.clinics.suspendedNow' : 'operator.clinics.reactivatedNow', { name }));
              onClose();
            },
          },
        )
      }
    />
  );
}
