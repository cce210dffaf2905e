import { IconAlertTriangleFilled, IconArrowDown, IconArrowUp, IconPointFilled } from '@tabler/icons-react';
import { useSay } from '../i18n/index.ts';
import type { Standing } from '../lib/reference-range.ts';
import type { StatusOf, Trust } from '../lib/status.ts';
import classes from './marks.module.css';

/** An arrow and a word beside a value out of range; nothing at all beside a normal one. */
export function StandingMark({ standing, short = false }: { standing: Standing | undefined; short?: boolean }) {
  const { t } = useSay();
  if (!standing || standing === 'within') return null;
  const critical = standing.startsWith('critical');
  const Arrow = standing === 'abnormal' ? IconPointFilled : standing.endsWith('high') ? IconArrowUp : IconArrowDown;
  const word = t(`standing.${standing}`);
  return (
    <span className={critical ? classes.critical : classes.attention} title={word}>
      <Arrow size={14} aria-hidden stroke={2.5} />
      {critical && <IconAlertTriangleFilled size={12} aria-hidden />}
      <span className={short ? 'visually-hidden' : undefined}>{word}</span>
    </span>
  );
}

const LOOKS: Record<Trust, string | undefined> = {
  settled: undefined,
  preliminary: classes.attentionPill,
  unconfirmed: classes.attentionPill,
  amended: classes.accentPill,
  'not-done': classes.quietPill,
  'entered-in-error': classes.criticalPill,
};

/** The status word: plain when settled, in a pill when the record is not to be taken as it stands. */
export function StatusMark({ status, quiet = false }: { status: StatusOf; quiet?: boolean }) {
  const { word } = useSay();
  const code =
    status.trust === 'settled'
      ? status.code
      : status.trust === 'entered-in-error'
        ? 'entered-in-error'
        : (status.code ?? status.trust);
  if (!code || (quiet && status.trust === 'settled')) return null;
  return <span className={LOOKS[status.trust] ?? classes.plain}>{word('status', code)}</span>;
}
