/** Median weight (kg) and length or height (cm) by age in months, both sexes together, after the WHO and CDC growth charts. */
const MEDIANS: readonly (readonly [months: number, kg: number, cm: number])[] = [
  [0, 3.4, 50],
  [1, 4.4, 54.5],
  [2, 5.5, 58],
  [4, 6.9, 63],
  [6, 7.8, 66.8],
  [9, 8.9, 71.5],
  [12, 9.6, 75.5],
  [18, 10.9, 82],
  [24, 12.2, 87.5],
  [36, 14.3, 96],
  [48, 16.3, 103],
  [60, 18.4, 110],
  [72, 20.6, 116],
  [96, 25.5, 128],
  [120, 32, 138.5],
  [144, 40, 150],
  [168, 50, 160],
  [192, 58, 167],
  [216, 64, 170],
];

/** Weight in kg and height in cm. `build` from 0 (slight) to 1 (heavy); grown-ups gain a little until sixty and shrink a little after. */
export function sizeAt(ageYears: number, female: boolean, build: number): { kg: number; cm: number } {
  const months = Math.min(ageYears * 12, 216);
  const above = Math.max(
    1,
    MEDIANS.findIndex(([at]) => at >= months),
  );
  const [fromMonths, fromKg, fromCm] = MEDIANS[above - 1] ?? [0, 3.4, 50];
  const [toMonths, toKg, toCm] = MEDIANS[above] ?? [216, 64, 170];
  const share = (months - fromMonths) / (toMonths - fromMonths);
  const grown = Math.min(1, Math.max(0, (ageYears - 12) / 6));
  const cm = (fromCm + (toCm - fromCm) * share) * (1 + grown * (female ? -0.045 : 0.04)) - Math.max(0, ageYears - 60) * 0.1;
  const adultYears = Math.max(0, Math.min(ageYears, 60) - 18);
  const kg =
    (fromKg + (toKg - fromKg) * share) * (1 + grown * (female ? -0.04 : 0.12)) * (0.85 + build * 0.32) + adultYears * 0.16;
  return { kg, cm };
}
