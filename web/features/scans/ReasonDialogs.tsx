import { Button, Text } from '@mantine/core';
import type { Patient } from 'fhir/r4';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import type { FhirId } from '../../../schemas/ids.ts';
import { DESK_TAKES_BACK_MS, type DiscardUpload, type MoveUpload, type UploadStatus } from '../../../schemas/uploads.ts';
import { Dialog } from '../../components/Dialog.tsx';
import { tellDone } from '../../components/notices.tsx';
import { PatientFinder } from '../../components/PatientFinder.tsx';
import { ReasonDialog } from '../../components/ReasonDialog.tsx';
import { useSay } from '../../i18n/index.ts';
import { addresses } from '../../lib/addresses.ts';
import { summarisePatient } from '../../lib/patient-summary.ts';
import { useTenant } from '../../lib/tenant.tsx';
import { PatientFacts } from './PatientFacts.tsx';
import { useScanAction } from './queries.ts';

/** For what belongs in no chart. */
export function PutAwayButton({ upload }: { upload: UploadStatus }) {
  const { t } = useSay();
  const { slug } = useTenant();
  const navigate = useNavigate();
  const [open, setOpen] = useState(false);
  const discard = useScanAction<DiscardUpload>(upload.id, 'discard');
  return (
    <>
      <Button variant="default" onClick={() => setOpen(true)}>
        {t('scans.putAway')}
      </Button>
      {open && (
        <ReasonDialog
          label={t('scans.reason')}
          hint={t('scans.reasonHint')}
          short={t('scans.reasonHint')}
          cancel={t('scans.cancel')}
          title={t('scans.putAwayTitle')}
          what={t('scans.putAwayWhat')}
          action={t('scans.putAway')}
          error={discard.error}
          pending={discard.isPending}
          onClose={() => setOpen(false)}
          onReason={(reason) =>
            discard.mutate({ revision: upload.revision, reason }, { onSuccess: () => void navigate(addresses.documents(slug)) })
          }
        />
      )}
    </>
  );
}

/** For what stands in the wrong chart. */
export function MoveButtons({ upload }: { upload: UploadStatus }) {
  const { t, locale } = useSay();
  const { may } = useTenant();
  const justFiled = Date.now() - Date.parse(upload.filing?.at ?? '') <= DESK_TAKES_BACK_MS;
  const [open, setOpen] = useState<'move' | 'take-back'>();
  const [to, setTo] = useState<Patient>();
  const move = useScanAction<MoveUpload>(upload.id, 'move');
  const close = () => {
    setOpen(undefined);
    setTo(undefined);
    move.reset();
  };
  const go = (reason: string, patient: Patient | undefined) =>
    move.mutate(
      { revision: upload.revision, reason, ...(patient?.id && { patient: patient.id as FhirId }) },
      {
        onSuccess: () => {
          const name = patient && summarisePatient(patient, Date.now(), locale.timeZone).name;
          tellDone({ t }, name ? t('scans.moved', { name }) : t('scans.undone'));
          close();
        },
      },
    );
  return (
    <>
      <Button size="xs" variant="default" onClick={() => setOpen('move')}>
        {t('scans.move')}
      </Button>
      {(justFiled || may('DocumentReference', 'read')) && (
        <Button size="xs" variant="subtle" onClick={() => setOpen('take-back')}>
          {t('scans.takeBack')}
        </Button>
      )}
      {open === 'move' && !to && (
        <Dialog onClose={close} title={t('scans.moveTitle')}>
          <Text mb="sm">{t('scans.moveWhat')}</Text>
          <PatientFinder label={t('scans.search')} action={t('scans.moveHere')} onChoose={setTo} />
        </Dialog>
      )}
      {open === 'move' && to && (
        <ReasonDialog
          label={t('scans.reason')}
          hint={t('scans.reasonHint')}
          short={t('scans.reasonHint')}
          cancel={t('scans.cancel')}
          title={t('scans.moveTitle')}
          what={
            <>
              <Text mb="sm">{t('scans.moveWhat')}</Text>
              <PatientFacts patient={to} facts={[]} />
            </>
          }
          action={t('scans.moveHere')}
          error={move.error}
          pending={move.isPending}
          onClose={close}
          onReason={(reason) => go(reason, to)}
        />
      )}
      {open === 'take-back' && (
        <ReasonDialog
          label={t('scans.reason')}
          hint={t('scans.reasonHint')}
          short={t('scans.reasonHint')}
          cancel={t('scans.cancel')}
          title={t('scans.takeBack')}
          what={t('scans.takeBackWhat')}
          action={t('scans.takeBack')}
          error={move.error}
          pending={move.isPending}
          onClose={close}
          onReason={(reason) => go(reason, undefined)}
        />
      )}
    </>
  );
}
