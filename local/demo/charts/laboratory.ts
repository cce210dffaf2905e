import type { Measure } from './measurements.ts';

export interface LabTest {
  readonly loinc: string;
  /** LOINC's own name. */
  readonly display: string;
  readonly name: string;
  /** UCUM. */
  readonly unit: string;
  /** How the unit is written for people, where that differs. */
  readonly unitText?: string;
  readonly decimals: number;
  readonly low?: number;
  readonly high?: number;
  /** Values beyond these are critical. */
  readonly criticalLow?: number;
  readonly criticalHigh?: number;
  /** The value measured, or one worked out from others. */
  readonly measure: Measure | 'egfr' | 'cholesterol' | 'hematocrit' | 'erythrocytes' | 'volume';
}

/** LOINC codes and names are copyright Regenstrief Institute, free to use under its licence (loinc.org). Ranges: common adult ones. */
const TESTS = {
  a1c: {
    loinc: '4548-4',
    display: 'Hemoglobin A1c/Hemoglobin.total in Blood',
    name: 'Hemoglobin A1c',
    unit: '%',
    decimals: 1,
    low: 4,
    high: 5.6,
    criticalHigh: 14,
    measure: 'a1c',
  },
  glucose: {
    loinc: '2345-7',
    display: 'Glucose [Mass/volume] in Serum or Plasma',
    name: 'Glucose',
    unit: 'mg/dL',
    decimals: 0,
    low: 70,
    high: 99,
    criticalLow: 50,
    criticalHigh: 400,
    measure: 'glucose',
  },
  creatinine: {
    loinc: '2160-0',
    display: 'Creatinine [Mass/volume] in Serum or Plasma',
    name: 'Creatinine',
    unit: 'mg/dL',
    decimals: 2,
    low: 0.5,
    high: 1.2,
    measure: 'creatinine',
  },
  egfr: {
    loinc: '98979-8',
    display:
      'Glomerular filtration rate/1.73 sq M.predicted [Volume Rate/Area] in Serum, Plasma or Blood by Creatinine-based formula (CKD-EPI 2021)',
    name: 'Glomerular filtration rate, estimated (CKD-EPI 2021)',
    unit: 'mL/min/{1.73_m2}',
    unitText: 'mL/min/1.73 m²',
    decimals: 0,
    low: 60,
    measure: 'egfr',
  },
  ureaNitrogen: {
    loinc: '3094-0',
    display: 'Urea nitrogen [Mass/volume] in Serum or Plasma',
    name: 'Urea nitrogen',
    unit: 'mg/dL',
    decimals: 0,
    low: 7,
    high: 20,
    measure: 'ureaNitrogen',
  },
  sodium: {
    loinc: '2951-2',
    display: 'Sodium [Moles/volume] in Serum or Plasma',
    name: 'Sodium',
    unit: 'mmol/L',
    decimals: 0,
    low: 135,
    high: 145,
    criticalLow: 120,
    criticalHigh: 160,
    measure: 'sodium',
  },
  potassium: {
    loinc: '2823-3',
    display: 'Potassium [Moles/volume] in Serum or Plasma',
    name: 'Potassium',
    unit: 'mmol/L',
    decimals: 1,
    low: 3.5,
    high: 5.1,
    criticalLow: 2.8,
    criticalHigh: 6.2,
    measure: 'potassium',
  },
  chloride: {
    loinc: '2075-0',
    display: 'Chloride [Moles/volume] in Serum or Plasma',
    name: 'Chloride',
    unit: 'mmol/L',
    decimals: 0,
    low: 98,
    high: 107,
    measure: 'chloride',
  },
  bicarbonate: {
    loinc: '2028-9',
    display: 'Carbon dioxide, total [Moles/volume] in Serum or Plasma',
    name: 'Carbon dioxide, total',
    unit: 'mmol/L',
    decimals: 0,
    low: 22,
    high: 29,
    measure: 'bicarbonate',
  },
  calcium: {
    loinc: '17861-6',
    display: 'Calcium [Mass/volume] in Serum or Plasma',
    name: 'Calcium',
    unit: 'mg/dL',
    decimals: 1,
    low: 8.6,
    high: 10.3,
    measure: 'calcium',
  },
  cholesterol: {
    loinc: '2093-3',
    display: 'Cholesterol [Mass/volume] in Serum or Plasma',
    name: 'Cholesterol, total',
    unit: 'mg/dL',
    decimals: 0,
    high: 199,
    measure: 'cholesterol',
  },
  ldl: {
    loinc: '13457-7',
    display: 'Cholesterol in LDL [Mass/volume] in Serum or Plasma by calculation',
    name: 'LDL cholesterol, calculated',
    unit: 'mg/dL',
    decimals: 0,
    high: 129,
    measure: 'ldl',
  },
  hdl: {
    loinc: '2085-9',
    display: 'Cholesterol in HDL [Mass/volume] in Serum or Plasma',
    name: 'HDL cholesterol',
    unit: 'mg/dL',
    decimals: 0,
    low: 40,
    measure: 'hdl',
  },
  triglycerides: {
    loinc: '2571-8',
    display: 'Triglyceride [Mass/volume] in Serum or Plasma',
    name: 'Triglycerides',
    unit: 'mg/dL',
    decimals: 0,
    high: 149,
    measure: 'triglycerides',
  },
  hemoglobin: {
    loinc: '718-7',
    display: 'Hemoglobin [Mass/volume] in Blood',
    name: 'Hemoglobin',
    unit: 'g/dL',
    decimals: 1,
    low: 12,
    high: 16.5,
    criticalLow: 7,
    measure: 'hemoglobin',
  },
  hematocrit: {
    loinc: '4544-3',
    display: 'Hematocrit [Volume Fraction] of Blood by Automated count',
    name: 'Hematocrit',
    unit: '%',
    decimals: 1,
    low: 36,
    high: 49,
    measure: 'hematocrit',
  },
  erythrocytes: {
    loinc: '789-8',
    display: 'Erythrocytes [#/volume] in Blood by Automated count',
    name: 'Red blood cells',
    unit: '10*6/uL',
    unitText: '10⁶/µL',
    decimals: 2,
    low: 3.9,
    high: 5.7,
    measure: 'erythrocytes',
  },
  volume: {
    loinc: '787-2',
    display: 'MCV [Entitic volume] by Automated count',
    name: 'Mean red cell volume',
    unit: 'fL',
    decimals: 0,
    low: 80,
    high: 100,
    measure: 'volume',
  },
  leukocytes: {
    loinc: '6690-2',
    display: 'Leukocytes [#/volume] in Blood by Automated count',
    name: 'White blood cells',
    unit: '10*3/uL',
    unitText: '10³/µL',
    decimals: 1,
    low: 4,
    high: 11,
    measure: 'leukocytes',
  },
  platelets: {
    loinc: '777-3',
    display: 'Platelets [#/volume] in Blood by Automated count',
    name: 'Platelets',
    unit: '10*3/uL',
    unitText: '10³/µL',
    decimals: 0,
    low: 150,
    high: 400,
    measure: 'platelets',
  },
  ferritin: {
    loinc: '2276-4',
    display: 'Ferritin [Mass/volume] in Serum or Plasma',
    name: 'Ferritin',
    unit: 'ng/mL',
    decimals: 0,
    low: 30,
    high: 300,
    measure: 'ferritin',
  },
  tsh: {
    loinc: '3016-3',
    display: 'Thyrotropin [Units/volume] in Serum or Plasma',
    name: 'TSH',
    unit: 'm[IU]/L',
    unitText: 'mIU/L',
    decimals: 2,
    low: 0.4,
    high: 4.5,
    measure: 'tsh',
  },
  urineAlbumin: {
    loinc: '9318-7',
    display: 'Albumin/Creatinine [Mass Ratio] in Urine',
    name: 'Albumin/creatinine, urine',
    unit: 'mg/g',
    decimals: 0,
    high: 29,
    measure: 'urineAlbumin',
  },
  inr: {
    loinc: '6301-6',
    display: 'INR in Platelet poor plasma by Coagulation assay',
    name: 'INR',
    unit: '{INR}',
    unitText: 'INR',
    decimals: 1,
    low: 2,
    high: 3,
    criticalHigh: 5,
    measure: 'inr',
  },
  alt: {
    loinc: '1742-6',
    display: 'Alanine aminotransferase [Enzymatic activity/volume] in Serum or Plasma',
    name: 'ALT',
    unit: 'U/L',
    decimals: 0,
    low: 7,
    high: 45,
    measure: 'alt',
  },
  ast: {
    loinc: '1920-8',
    display: 'Aspartate aminotransferase [Enzymatic activity/volume] in Serum or Plasma',
    name: 'AST',
    unit: 'U/L',
    decimals: 0,
    low: 8,
    high: 40,
    measure: 'ast',
  },
  alkalinePhosphatase: {
    loinc: '6768-6',
    display: 'Alkaline phosphatase [Enzymatic activity/volume] in Serum or Plasma',
    name: 'Alkaline phosphatase',
    unit: 'U/L',
    decimals: 0,
    low: 40,
    high: 129,
    measure: 'alkalinePhosphatase',
  },
  bilirubin: {
    loinc: '1975-2',
    display: 'Bilirubin.total [Mass/volume] in Serum or Plasma',
    name: 'Bilirubin, total',
    unit: 'mg/dL',
    decimals: 1,
    low: 0.1,
    high: 1.2,
    measure: 'bilirubin',
  },
  newbornBilirubin: {
    loinc: '1975-2',
    display: 'Bilirubin.total [Mass/volume] in Serum or Plasma',
    name: 'Bilirubin, total',
    unit: 'mg/dL',
    decimals: 1,
    high: 12,
    criticalHigh: 18,
    measure: 'bilirubin',
  },
  albumin: {
    loinc: '1751-7',
    display: 'Albumin [Mass/volume] in Serum or Plasma',
    name: 'Albumin',
    unit: 'g/dL',
    decimals: 1,
    low: 3.5,
    high: 5,
    measure: 'albumin',
  },
  crp: {
    loinc: '1988-5',
    display: 'C reactive protein [Mass/volume] in Serum or Plasma',
    name: 'C-reactive protein',
    unit: 'mg/L',
    decimals: 1,
    high: 5,
    measure: 'crp',
  },
  psa: {
    loinc: '2857-1',
    display: 'Prostate specific Ag [Mass/volume] in Serum or Plasma',
    name: 'Prostate specific antigen',
    unit: 'ng/mL',
    decimals: 1,
    high: 4,
    measure: 'psa',
  },
  uricAcid: {
    loinc: '3084-1',
    display: 'Urate [Mass/volume] in Serum or Plasma',
    name: 'Uric acid',
    unit: 'mg/dL',
    decimals: 1,
    low: 3.5,
    high: 7.2,
    measure: 'uricAcid',
  },
  vitaminD: {
    loinc: '1989-3',
    display: '25-hydroxyvitamin D3 [Mass/volume] in Serum or Plasma',
    name: '25-hydroxyvitamin D3',
    unit: 'ng/mL',
    decimals: 0,
    low: 30,
    high: 100,
    measure: 'vitaminD',
  },
  glucoseTolerance: {
    loinc: '1504-0',
    display: 'Glucose [Mass/volume] in Serum or Plasma --1 hour post 50 g glucose PO',
    name: 'Glucose, 1 hour after 50 g',
    unit: 'mg/dL',
    decimals: 0,
    high: 139,
    measure: 'glucoseTolerance',
  },
  natriureticPeptide: {
    loinc: '33762-6',
    display: 'Natriuretic peptide.B prohormone N-Terminal [Mass/volume] in Serum or Plasma',
    name: 'NT-proBNP',
    unit: 'pg/mL',
    decimals: 0,
    high: 300,
    measure: 'natriureticPeptide',
  },
  carcinoembryonic: {
    loinc: '2039-6',
    display: 'Carcinoembryonic Ag [Mass/volume] in Serum or Plasma',
    name: 'CEA',
    unit: 'ng/mL',
    decimals: 1,
    high: 5,
    measure: 'carcinoembryonic',
  },
} as const satisfies Record<string, LabTest>;

export interface Panel {
  readonly loinc: string;
  /** LOINC's own name. */
  readonly display: string;
  readonly name: string;
  readonly tests: readonly LabTest[];
}

export const PANELS = {
  a1c: { loinc: '4548-4', display: 'Hemoglobin A1c/Hemoglobin.total in Blood', name: 'Hemoglobin A1c', tests: [TESTS.a1c] },
  metabolic: {
    loinc: '24320-4',
    display: 'Basic metabolic 1998 panel - Serum or Plasma',
    name: 'Basic metabolic panel',
    tests: [
      TESTS.glucose,
      TESTS.ureaNitrogen,
      TESTS.creatinine,
      TESTS.egfr,
      TESTS.sodium,
      TESTS.potassium,
      TESTS.chloride,
      TESTS.bicarbonate,
      TESTS.calcium,
    ],
  },
  lipids: {
    loinc: '24331-1',
    display: 'Lipid 1996 panel - Serum or Plasma',
    name: 'Lipid panel',
    tests: [TESTS.cholesterol, TESTS.ldl, TESTS.hdl, TESTS.triglycerides],
  },
  bloodCount: {
    loinc: '58410-2',
    display: 'Complete blood count (hemogram) panel - Blood by Automated count',
    name: 'Blood count',
    tests: [TESTS.leukocytes, TESTS.erythrocytes, TESTS.hemoglobin, TESTS.hematocrit, TESTS.volume, TESTS.platelets],
  },
  thyroid: { loinc: '3016-3', display: 'Thyrotropin [Units/volume] in Serum or Plasma', name: 'Thyroid', tests: [TESTS.tsh] },
  urineAlbumin: {
    loinc: '9318-7',
    display: 'Albumin/Creatinine [Mass Ratio] in Urine',
    name: 'Albumin in urine',
    tests: [TESTS.urineAlbumin],
  },
  inr: {
    loinc: '6301-6',
    display: 'INR in Platelet poor plasma by Coagulation assay',
    name: 'Clotting (INR)',
    tests: [TESTS.inr],
  },
  liver: {
    loinc: '24325-3',
    display: 'Hepatic function 2000 panel - Serum or Plasma',
    name: 'Liver panel',
    tests: [TESTS.alt, TESTS.ast, TESTS.alkalinePhosphatase, TESTS.bilirubin, TESTS.albumin],
  },
  bilirubin: {
    loinc: '1975-2',
    display: 'Bilirubin.total [Mass/volume] in Serum or Plasma',
    name: 'Bilirubin',
    tests: [TESTS.newbornBilirubin],
  },
  ferritin: { loinc: '2276-4', display: 'Ferritin [Mass/volume] in Serum or Plasma', name: 'Ferritin', tests: [TESTS.ferritin] },
  crp: {
    loinc: '1988-5',
    display: 'C reactive protein [Mass/volume] in Serum or Plasma',
    name: 'C-reactive protein',
    tests: [TESTS.crp],
  },
  psa: {
    loinc: '2857-1',
    display: 'Prostate specific Ag [Mass/volume] in Serum or Plasma',
    name: 'Prostate specific antigen',
    tests: [TESTS.psa],
  },
  uricAcid: { loinc: '3084-1', display: 'Urate [Mass/volume] in Serum or Plasma', name: 'Uric acid', tests: [TESTS.uricAcid] },
  vitaminD: {
    loinc: '1989-3',
    display: '25-hydroxyvitamin D3 [Mass/volume] in Serum or Plasma',
    name: 'Vitamin D',
    tests: [TESTS.vitaminD],
  },
  glucoseTolerance: {
    loinc: '1504-0',
    display: 'Glucose [Mass/volume] in Serum or Plasma --1 hour post 50 g glucose PO',
    name: 'Glucose tolerance, one hour',
    tests: [TESTS.glucoseTolerance],
  },
  natriureticPeptide: {
    loinc: '33762-6',
    display: 'Natriuretic peptide.B prohormone N-Terminal [Mass/volume] in Serum or Plasma',
    name: 'NT-proBNP',
    tests: [TESTS.natriureticPeptide],
  },
  carcinoembryonic: {
    loinc: '2039-6',
    display: 'Carcinoembryonic Ag [Mass/volume] in Serum or Plasma',
    name: 'CEA',
    tests: [TESTS.carcinoembryonic],
  },
} as const satisfies Record<string, Panel>;

export type PanelKey = keyof typeof PANELS;

/** Glomerular filtration rate, mL/min/1.73 m², from creatinine in mg/dL (CKD-EPI 2021, N Engl J Med 385:1737). */
export function estimatedFiltration(creatinine: number, ageYears: number, female: boolean): number {
  const { kappa, alpha, factor } = kidneys(ageYears, female);
  const ratio = creatinine / kappa;
  return factor * Math.min(ratio, 1) ** alpha * Math.max(ratio, 1) ** -1.2;
}

/** Its inverse, for rates low enough that creatinine is raised. */
export function creatinineFor(filtration: number, ageYears: number, female: boolean): number {
  const { kappa, factor } = kidneys(ageYears, female);
  return kappa * (filtration / factor) ** (-1 / 1.2);
}

const kidneys = (ageYears: number, female: boolean): { kappa: number; alpha: number; factor: number } => ({
  kappa: female ? 0.7 : 0.9,
  alpha: female ? -0.241 : -0.302,
  factor: 142 * 0.9938 ** ageYears * (female ? 1.012 : 1),
});
