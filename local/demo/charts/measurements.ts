/** Values that conditions and medications move. Units are those of the tests that measure them (laboratory.ts, vitals.ts). */
export const BASE = {
  a1c: { value: 5.3, spread: 0.15 },
  a1cPerYear: { value: 0, spread: 0 },
  /** How far a morning lies from what the A1c says. */
  glucose: { value: 0, spread: 7 },
  creatinine: { value: 0.88, spread: 0.06 },
  /** How far kidneys that fail lie from their course on a day, mL/min/1.73 m². */
  filtration: { value: 0, spread: 1 },
  ureaNitrogen: { value: 14, spread: 2.5 },
  sodium: { value: 140, spread: 1.6 },
  potassium: { value: 4.2, spread: 0.22 },
  chloride: { value: 103, spread: 1.6 },
  bicarbonate: { value: 25, spread: 1.4 },
  calcium: { value: 9.5, spread: 0.25 },
  ldl: { value: 104, spread: 9 },
  hdl: { value: 53, spread: 4 },
  triglycerides: { value: 108, spread: 18 },
  hemoglobin: { value: 14.1, spread: 0.4 },
  leukocytes: { value: 6.8, spread: 1.1 },
  platelets: { value: 248, spread: 24 },
  ferritin: { value: 84, spread: 14 },
  tsh: { value: 1.9, spread: 0.5 },
  urineAlbumin: { value: 11, spread: 5 },
  inr: { value: 1.05, spread: 0.22 },
  alt: { value: 23, spread: 6 },
  ast: { value: 22, spread: 5 },
  alkalinePhosphatase: { value: 74, spread: 12 },
  bilirubin: { value: 0.6, spread: 0.15 },
  albumin: { value: 4.3, spread: 0.2 },
  crp: { value: 2.1, spread: 1.1 },
  psa: { value: 1.9, spread: 0.5 },
  uricAcid: { value: 5.2, spread: 0.5 },
  vitaminD: { value: 36, spread: 4 },
  glucoseTolerance: { value: 112, spread: 14 },
  natriureticPeptide: { value: 70, spread: 22 },
  carcinoembryonic: { value: 1.6, spread: 0.3 },
  /** Share of the expected value, in percent. */
  expired: { value: 96, spread: 3 },
  /** FEV1 by FVC, in percent. */
  expiredRatio: { value: 80, spread: 1.5 },
  ejection: { value: 61, spread: 2 },
  systolic: { value: 117, spread: 7 },
  diastolic: { value: 73, spread: 5 },
  heartRate: { value: 72, spread: 6 },
  respiratoryRate: { value: 15, spread: 1.2 },
  temperature: { value: 36.7, spread: 0.2 },
  oxygen: { value: 98, spread: 0.7 },
  weight: { value: 0, spread: 0.8 },
  weightPerYear: { value: 0, spread: 0 },
  gad7: { value: 2, spread: 1.2 },
  phq9: { value: 2, spread: 1.3 },
} as const;

export type Measure = keyof typeof BASE;
/** What is added to a person's own value. */
export type Effects = Partial<Record<Measure, number>>;

const isMeasure = (name: string): name is Measure => name in BASE;
export const entriesOf = (effects: Effects): [Measure, number][] =>
  Object.entries(effects).filter((entry): entry is [Measure, number] => isMeasure(entry[0]));
