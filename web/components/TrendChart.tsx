import { useSay } from '../i18n/index.ts';
import { formatDay, formatMoment } from '../lib/dates.ts';
import { numberText, quantityText, unitText } from '../lib/quantity.ts';
import { findingOf, plot } from '../lib/trend.ts';
import type { Point, Series } from '../lib/vital-signs.ts';
import classes from './TrendChart.module.css';

const WIDTH = 720;
const HEIGHT = 200;
const LEFT = 48;
const RIGHT = 16;
const TOP = 12;
const BOTTOM = 26;

/** The finding in one sentence: newest value, how it stands, how it moved, how many were out of range. */
function useFinding(series: Series): string | undefined {
  const say = useSay();
  const { t, locale } = say;
  const finding = findingOf(series.points, series.partner?.points);
  if (!finding) return undefined;
  const { latest, oldest, count, outside, change } = finding;
  const partnerOf = (point: Point) => series.partner?.points.find((candidate) => candidate.observation === point.observation);
  const textOf = (point: Point) => {
    const other = partnerOf(point);
    return (
      (other
        ? `${numberText(point.quantity.value ?? 0, locale)}/${quantityText(other.quantity, locale)}`
        : quantityText(point.quantity, locale)) ?? ''
    );
  };
  const partner = partnerOf(latest);
  const value = textOf(latest);
  const standing =
    latest.standing === undefined || latest.standing === 'within' ? (partner?.standing ?? latest.standing) : latest.standing;
  const parts = [
    t('trend.latest', { value, date: formatDay(latest.when, locale) ?? t('common.undated') }) +
      (standing ? `, ${t(`standing.${standing}`)}` : ''),
    change &&
      t(`trend.${change}`, {
        value: textOf(oldest),
        date: formatDay(oldest.when, locale) ?? t('common.undated'),
      }),
    count > 1 && outside > 0 && t('trend.outside', { outside, count }),
  ];
  return `${parts.filter(Boolean).join('; ')}.`;
}

/** One measurement over time with its reference range. The caption says the finding; the table below the chart holds every value. */
export function TrendChart({ series }: { series: Series }) {
  const { t, locale } = useSay();
  const caption = useFinding(series);
  const drawn = plot(series.partner ? [series.points, series.partner.points] : [series.points]);
  if (!drawn || !caption) return null;
  const x = (fraction: number) => LEFT + fraction * (WIDTH - LEFT - RIGHT);
  const y = (fraction: number) => TOP + (1 - fraction) * (HEIGHT - TOP - BOTTOM);
  const unit = unitText(series.points[0]?.quantity.unit ?? series.points[0]?.quantity.code);
  const oldest = series.points.at(-1);
  return (
    <figure className={classes.figure}>
      <figcaption className={classes.caption}>
        <strong>{series.name}</strong> {caption}
      </figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} className={classes.chart} role="img" aria-label={`${series.name}. ${caption}`}>
        {drawn.bands.map((band) => (
          <rect
            key={`${band.from} ${band.to}`}
            x={LEFT}
            width={WIDTH - LEFT - RIGHT}
            y={y(band.to)}
            height={y(band.from) - y(band.to)}
            className={classes.band}
          />
        ))}
        {drawn.ticks.map((tick) => (
          <g key={tick.value}>
            <line x1={LEFT} x2={WIDTH - RIGHT} y1={y(tick.y)} y2={y(tick.y)} className={classes.grid} />
            <text x={LEFT - 8} y={y(tick.y) + 4} textAnchor="end" className={classes.label}>
              {numberText(tick.value, locale)}
            </text>
          </g>
        ))}
        {drawn.lines.map((line, index) => (
          <g key={index === 0 ? 'value' : 'partner'}>
            <polyline
              points={line.map((point) => `${x(point.x).toFixed(1)},${y(point.y).toFixed(1)}`).join(' ')}
              className={classes.line}
              strokeDasharray={index === 1 ? '5 4' : undefined}
            />
            {line.map(({ point, ...at }) => {
              const outside = point.standing && point.standing !== 'within';
              return (
                <circle
                  key={`${point.observation.id}`}
                  cx={x(at.x)}
                  cy={y(at.y)}
                  r={outside ? 4.5 : 3}
                  className={outside ? classes.outside : classes.point}
                >
                  <title>{`${quantityText(point.quantity, locale)}, ${formatMoment(point.when, locale) ?? ''}`}</title>
                </circle>
              );
            })}
          </g>
        ))}
        <text x={LEFT} y={HEIGHT - 6} className={classes.label}>
          {series.points.length > 1 ? formatDay(oldest?.when, locale) : ''}
        </text>
        <text x={WIDTH - RIGHT} y={HEIGHT - 6} textAnchor="end" className={classes.label}>
          {formatDay(series.points[0]?.when, locale)}
        </text>
      </svg>
      <p className={classes.key}>
        {unit && t('trend.unit', { unit })} {drawn.bands.length > 0 && t('trend.band')} {series.partner && t('trend.twoLines')}
      </p>
    </figure>
  );
}
