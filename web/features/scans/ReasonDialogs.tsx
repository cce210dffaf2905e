import { Button, Group, Text, Textarea } from '@mantine/core';
import type { Patient } from 'fhir/r4';
import { type ReactNode, useState } from 'react';
import { useNavigate } from 'react-router';
import type { FhirId } from '../../../schemas/ids.ts';
import { DESK_TAKES_BACK_MS, DiscardUpload, type MoveUpload, type UploadStatus } from '../../../schemas/uploads.ts';
import { Dialog } from '../../components/Dialog.tsx';
import { tellDone } from '../../components/notices.tsx';
import { PatientFinder } from '../../components/PatientFinder.tsx';
import { errorWords } from '../../components/states.tsx';
import { useSay } from '../../i18n/index.ts';
import { addresses } from '../../lib/addresses.ts';
import { ApiError } from '../../lib/api.ts';
import { summarisePatient } from '../../lib/patient-summary.ts';
import { useTenant } from '../../lib/tenant.tsx';
import { PatientFacts } from './PatientFacts.tsx';
import { useScanAction } from './queries.ts';
import classes from './scans.module.css';

const isReason = (reason: string): boolean => DiscardUpload.shape.reason.safeParse(reason).success;

/** A dialog that asks why. */
function WhyDialog({
  title,
  what,
  action,
  error,
  busy,
  children,
  onReason,
  onClose,
}: {
  title: string;
  what: string;
  action: string;
  error: Error | null;
  busy: boolean;
  children?: ReactNode;
  onReason: (reason: string) => void;
  onClose: () => void;
}) {
  const say = useSay();
  const { t } = say;
  const [reason, setReason] = useState('');
  const [asked, setAsked] = useState(false);
  const named = error instanceof ApiError && (error.status === 409 || error.status === 412 || error.status === 422);
  const words = error && errorWords(error, say);
  return (
    <Dialog onClose={onClose} title={title}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setAsked(true);
          if (isReason(reason)) onReason(reason.trim());
        }}
      >
        <Text mb="sm">{what}</Text>
        {children}
        <Textarea
          label={t('scans.reason')}
          description={t('scans.reasonHint')}
          required
          autosize
          minRows={2}
          maxLength={300}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          error={asked && !isReason(reason) ? t('scans.reasonHint') : undefined}
          data-autofocus
        />
        {error && (
          <Text role="alert" c="red" mt="sm">
            {named ? (error as ApiError).issues.map(say.fault).join(' ') : `${words?.title} ${words?.next}`}
          </Text>
        )}
        <Group mt="md" justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('scans.cancel')}
          </Button>
          <Button type="submit" loading={busy}>
            {action}
          </Button>
        </Group>
      </form>
    </Dialog>
  );
}

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
        <WhyDialog
          title={t('scans.putAwayTitle')}
          what={t('scans.putAwayWhat')}
          action={t('scans.putAway')}
          error={discard.error}
          busy={discard.isPending}
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
        <WhyDialog
          title={t('scans.moveTitle')}
          what={t('scans.moveWhat')}
          action={t('scans.moveHere')}
          error={move.error}
          busy={move.isPending}
          onClose={close}
          onReason={(reason) => go(reason, to)}
        >
          <div className={classes.possible}>
            <PatientFacts patient={to} facts={[]} />
          </div>
        </WhyDialog>
      )}
      {open === 'take-back' && (
        <WhyDialog
          title={t('scans.takeBack')}
          what={t('scans.takeBackWhat')}
          action={t('scans.takeBack')}
          error={move.error}
          busy={move.isPending}
          onClose={close}
          onReason={(reason) => go(reason, undefined)}
        />
      )}
    </>
  );
}
