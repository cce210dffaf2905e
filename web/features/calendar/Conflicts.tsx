import { Button, TextInput } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useSay } from '../../i18n/index.ts';
import type { ApiError } from '../../lib/api.ts';
import { formatMoment } from '../../lib/dates.ts';
import classes from './calendar.module.css';
import { type Alternative, alternativesIn, reasonsIn, reasonText } from './deeds.tsx';

const MIN_REASON = 3;

/** Everything that stands in the way, the next free times, and the way over it with a reason. It takes the focus when it appears. */
export function Conflicts({
  error,
  timeZone,
  saving,
  onChoose,
  onOverride,
}: {
  error: ApiError;
  /** The place's: its clock is the one that is shown. */
  timeZone: string;
  saving: boolean;
  onChoose: (alternative: Alternative) => void;
  onOverride: (reason: string) => void;
}) {
  const say = useSay();
  const { t, locale } = say;
  const [reason, setReason] = useState('');
  const box = useRef<HTMLElement>(null);
  useEffect(() => {
    if (error) box.current?.focus(); // each refusal is a new one
  }, [error]);
  const alternatives = alternativesIn(error);
  return (
    <section ref={box} tabIndex={-1} className={classes.conflicts} aria-labelledby="conflicts-title">
      <div role="alert">
        <h3 id="conflicts-title" className={classes.conflictTitle}>
          <IconAlertTriangle size={18} aria-hidden /> {t('calendar.conflicts')}
        </h3>
        <ul>
          {reasonsIn(error).map((issue) => (
            <li key={reasonText(say, issue)}>{reasonText(say, issue)}</li>
          ))}
        </ul>
      </div>
      {alternatives.length > 0 && (
        <>
          <h4 className={classes.subTitle}>{t('calendar.alternatives')}</h4>
          <div className={classes.times}>
            {alternatives.map((one) => (
              <Button key={one.start + one.who} variant="default" size="compact-md" onClick={() => onChoose(one)}>
                {formatMoment(one.start, { ...locale, timeZone })} · {one.who}
              </Button>
            ))}
          </div>
        </>
      )}
      <TextInput
        className={classes.overrideWhy}
        label={t('calendar.overrideWhy')}
        value={reason}
        maxLength={200}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <Button
        variant="outline"
        color="red"
        disabled={reason.trim().length < MIN_REASON}
        loading={saving}
        onClick={() => onOverride(reason.trim())}
      >
        {t('calendar.overrideNow')}
      </Button>
    </section>
  );
}
