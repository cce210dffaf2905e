/** The last values as a small line, oldest left. Decoration beside the number: the trend is said in words by the caller. */
export function Sparkline({ values, width = 56, height = 20 }: { values: readonly number[]; width?: number; height?: number }) {
  if (values.length < 2) return <svg width={width} height={height} aria-hidden="true" />;
  const low = Math.min(...values);
  const span = Math.max(...values) - low || 1;
  const x = (index: number) => 3 + (index * (width - 6)) / (values.length - 1);
  const y = (value: number) => height - 3 - ((value - low) / span) * (height - 6);
  const last = values.at(-1) ?? 0;
  return (
    <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} style={{ maxWidth: '100%' }} aria-hidden="true">
      <polyline
        points={values.map((value, index) => `${x(index).toFixed(1)},${y(value).toFixed(1)}`).join(' ')}
        fill="none"
        stroke="var(--quiet)"
        strokeWidth="1.5"
        strokeLinejoin="round"
      />
      <circle cx={x(values.length - 1)} cy={y(last)} r="2.5" fill="var(--ink)" />
    </svg>
  );
}
