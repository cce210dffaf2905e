import { Button, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { DocumentReference, Patient } from 'fhir/r4';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import type { FhirId } from '../../../schemas/ids.ts';
import {
  DESK_TAKES_BACK_MS,
  type DiscardUpload,
  type MoveDocument,
  type MoveUpload,
  type UploadStatus,
} from '../../../schemas/uploads.ts';
import { Dialog } from '../../components/Dialog.tsx';
import { tellDone } from '../../components/notices.tsx';
import { PatientFinder } from '../../components/PatientFinder.tsx';
import { ReasonDialog } from '../../components/ReasonDialog.tsx';
import { useSay } from '../../i18n/index.ts';
import { addresses } from '../../lib/addresses.ts';
import type { Kept } from '../../lib/api.ts';
import { summarisePatient } from '../../lib/patient-summary.ts';
import { readAgain } from '../../lib/reading.ts';
import { useTenant } from '../../lib/tenant.tsx';
import { PatientFacts } from './PatientFacts.tsx';
import { scanKeys, useScanAction } from './queries.ts';

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

/** For what stands in the wrong chart, on the board. */
export function MoveUploadButtons({ upload }: { upload: UploadStatus }) {
  const { may } = useTenant();
  const justFiled = Date.now() - Date.parse(upload.filing?.at ?? '') <= DESK_TAKES_BACK_MS;
  const move = useScanAction<MoveUpload>(upload.id, 'move');
  return (
    <MoveButtons
      canTakeBack={justFiled || may('DocumentReference', 'read')}
      move={move}
      send={(wish, onSuccess) => move.mutate({ ...wish, revision: upload.revision }, { onSuccess })}
    />
  );
}

/** The same in a chart, of a document of any age. */
export function MoveDocumentButtons({ document, onMoved }: { document: Kept<DocumentReference>; onMoved: () => void }) {
  const { api } = useTenant();
  const queries = useQueryClient();
  const move = useMutation({
    mutationFn: (body: MoveDocument) => api.post<{ upload?: string }>(`/documents/${document.id}/move`, body),
    onSettled: () => readAgain(queries, scanKeys.all(api.tenant), [api.tenant, 'chart']),
  });
  return (
    <MoveButtons
      canTakeBack
      move={move}
      send={(wish, onSuccess) =>
        move.mutate(
          { ...wish, version: Number(document.meta.versionId) },
          {
            onSuccess: () => {
              onSuccess();
              onMoved();
            },
          },
        )
      }
    />
  );
}

interface MoveButtonsProps {
  readonly canTakeBack: boolean;
  readonly move: { readonly error: Error | null; readonly isPending: boolean; readonly reset: () => void };
  readonly send: (wish: { reason: string; patient?: FhirId }, onSuccess: () => void) => void;
}

function MoveButtons({ canTakeBack, move, send }: MoveButtonsProps) {
  const { t, locale } = useSay();
  const [open, setOpen] = useState<'move' | 'take-back'>();
  const [to, setTo] = useState<Patient>();
  const close = () => {
    setOpen(undefined);
    setTo(undefined);
    move.reset();
  };
  const go = (reason: string, patient: Patient | undefined) =>
    send({ reason, ...(patient?.id && { patient: patient.id as FhirId }) }, () => {
      const name = patient && summarisePatient(patient, Date.now(), locale.timeZone).name;
      tellDone({ t }, name ? t('scans.moved', { name }) : t('scans.undone'));
      close();
    });
  return (
    <>
      <Button size="xs" variant="default" onClick={() => setOpen('move')}>
        {t('scans.move')}
      </Button>
      {canTakeBack && (
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
