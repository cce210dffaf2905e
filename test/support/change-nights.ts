import { offsetMs } from '../../schemas/wall-clock.ts';

export interface ChangeNight {
  readonly timeZone: string;
  /** The first instant of the new offset, epoch ms. */
  readonly atMs: number;
  /** How far the clock on the wall jumped, minutes: 60 and -60 as a rule, 30 on Lord Howe. */
  readonly jumpMinutes: number;
}

/** Hours at 2, half hours, at midnight (Cairo, Santiago, Beirut: a day that begins at 01:00), north and south, and one of none. */
const ZONES = [
  'America/Chicago',
  'America/St_Johns',
  'America/Santiago',
  'Europe/Madrid',
  'Africa/Cairo',
  'Asia/Beirut',
  'Australia/Lord_Howe',
  'Pacific/Auckland',
];

/** Every change of clocks of these zones in 2027, looked for hour by hour in the zones themselves. */
export const CHANGE_NIGHTS: readonly ChangeNight[] = ZONES.flatMap((timeZone) => {
  const found: ChangeNight[] = [];
  const [fromMs, toMs] = [Date.UTC(2027, 0, 1), Date.UTC(2028, 0, 1)];
  for (let atMs = fromMs; atMs < toMs; atMs += 1_800_000) {
    const jump = offsetMs(atMs, timeZone) - offsetMs(atMs - 1_800_000, timeZone);
    if (jump !== 0) found.push({ timeZone, atMs, jumpMinutes: jump / 60_000 });
  }
  return found;
});
