/** From the first on, this unit is used; both in seconds. */
const UNITS = [
  { unit: 'day', seconds: 86_400, from: 2 * 86_400 },
  { unit: 'hour', seconds: 3_600, from: 2 * 3_600 },
  { unit: 'minute', seconds: 60, from: 120 },
] as const;

/** "45 seconds", "12 minutes", "3 hours", "4 days": as exact as somebody needs who asks whether work goes on. Rounded down. */
export function formatAge(seconds: number, language: string): string {
  const { unit, seconds: each } = UNITS.find(({ from }) => seconds >= from) ?? { unit: 'second', seconds: 1 };
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(Math.floor(seconds / each));
}
