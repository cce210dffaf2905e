import type { PanelKey } from './laboratory.ts';
import type { Effects } from './measurements.ts';
import type { MedicationKey } from './medications.ts';

export interface ConditionKind {
  /** ICD-10-CM, and what it is called on a problem list. */
  readonly icd10: string;
  readonly name: string;
  /** How it moves measured values, untreated. */
  readonly effects?: Effects;
  /** In the order in which they are begun; `afterYears` from the diagnosis, `until` in years when it is stopped again. */
  readonly medications?: readonly { readonly key: MedicationKey; readonly afterYears: number; readonly untilYears?: number }[];
  /** Panels drawn, and how often. */
  readonly panels?: readonly { readonly key: PanelKey; readonly everyMonths: number }[];
  /** Visits a year for its sake. */
  readonly visitsPerYear?: number;
  /** What a plan of care and a goal for it say. */
  readonly plan?: string;
  readonly goal?: string;
  /** Years after which it has gone. */
  readonly lastsYears?: number;
}

/** The conditions that the demo charts know. ICD-10-CM is published by the CDC's NCHS and is free to use. */
export const CONDITIONS = {
  diabetes: {
    icd10: 'E11.9',
    name: 'Type 2 diabetes',
    effects: { a1c: 2.9, a1cPerYear: 0.12, glucose: 85, triglycerides: 60, weight: 6 },
    medications: [
      { key: 'metformin', afterYears: 0 },
      { key: 'empagliflozin', afterYears: 4 },
      { key: 'insulinGlargine', afterYears: 8 },
    ],
    panels: [
      { key: 'a1c', everyMonths: 4 },
      { key: 'urineAlbumin', everyMonths: 12 },
      { key: 'metabolic', everyMonths: 8 },
    ],
    visitsPerYear: 3,
    plan: 'Diabetes care: A1c every three to six months, eyes and feet every year, diet and movement',
    goal: 'A1c below 7 %',
  },
  typeOneDiabetes: {
    icd10: 'E10.9',
    name: 'Type 1 diabetes',
    effects: { a1c: 3.4, glucose: 110 },
    medications: [
      { key: 'insulinGlargine', afterYears: 0 },
      { key: 'insulinLispro', afterYears: 0 },
    ],
    panels: [
      { key: 'a1c', everyMonths: 4 },
      { key: 'urineAlbumin', everyMonths: 12 },
      { key: 'thyroid', everyMonths: 24 },
    ],
    visitsPerYear: 3,
    plan: 'Type 1 diabetes: insulin, carbohydrate counting, A1c every three months',
    goal: 'A1c below 7 %',
  },
  prediabetes: {
    icd10: 'R73.03',
    name: 'Prediabetes',
    effects: { a1c: 0.6, glucose: 18 },
    panels: [{ key: 'a1c', everyMonths: 12 }],
    goal: 'Lose 5 % of weight',
  },
  hypertension: {
    icd10: 'I10',
    name: 'High blood pressure',
    effects: { systolic: 41, diastolic: 17 },
    medications: [
      { key: 'lisinopril', afterYears: 0.1 },
      { key: 'amlodipine', afterYears: 3 },
    ],
    panels: [{ key: 'metabolic', everyMonths: 12 }],
    visitsPerYear: 2,
    plan: 'Blood pressure: home readings, less salt, tablets every day',
    goal: 'Blood pressure below 130/80 mmHg',
  },
  highCholesterol: {
    icd10: 'E78.5',
    name: 'High cholesterol',
    effects: { ldl: 62, triglycerides: 40 },
    medications: [{ key: 'atorvastatin', afterYears: 0.3 }],
    panels: [{ key: 'lipids', everyMonths: 12 }],
    visitsPerYear: 1,
  },
  obesity: { icd10: 'E66.9', name: 'Obesity', effects: { weight: 26, systolic: 6 } },
  kidneyDisease: {
    icd10: 'N18.31',
    name: 'Chronic kidney disease, stage 3a',
    effects: { creatinine: 0.45, creatininePerYear: 0.05, hemoglobin: -1.1, potassium: 0.4, urineAlbumin: 60 },
    panels: [
      { key: 'metabolic', everyMonths: 6 },
      { key: 'bloodCount', everyMonths: 12 },
      { key: 'urineAlbumin', everyMonths: 12 },
    ],
    visitsPerYear: 2,
    plan: 'Kidney disease: blood pressure, no anti-inflammatory pain killers, creatinine twice a year',
  },
  coronaryDisease: {
    icd10: 'I25.10',
    name: 'Coronary artery disease',
    medications: [
      { key: 'aspirin', afterYears: 0 },
      { key: 'metoprolol', afterYears: 0 },
    ],
    panels: [{ key: 'lipids', everyMonths: 6 }],
    visitsPerYear: 2,
    goal: 'LDL below 70 mg/dL',
  },
  heartFailure: {
    icd10: 'I50.22',
    name: 'Heart failure with reduced ejection fraction',
    effects: { weight: 4, oxygen: -2, heartRate: 10 },
    medications: [
      { key: 'furosemide', afterYears: 0 },
      { key: 'carvedilol', afterYears: 0.1 },
      { key: 'spironolactone', afterYears: 0.5 },
    ],
    panels: [{ key: 'metabolic', everyMonths: 4 }],
    visitsPerYear: 4,
    plan: 'Heart failure: weight every morning, call when 2 kg more in three days',
    goal: 'Stable weight, no stay in hospital this year',
  },
  atrialFibrillation: {
    icd10: 'I48.91',
    name: 'Atrial fibrillation',
    effects: { heartRate: 14 },
    medications: [{ key: 'warfarin', afterYears: 0 }],
    panels: [{ key: 'inr', everyMonths: 1.5 }],
    visitsPerYear: 6,
    goal: 'INR between 2 and 3',
  },
  asthma: {
    icd10: 'J45.40',
    name: 'Asthma, moderate persistent',
    effects: { oxygen: -1, respiratoryRate: 2 },
    medications: [
      { key: 'albuterol', afterYears: 0 },
      { key: 'fluticasone', afterYears: 0.5 },
    ],
    visitsPerYear: 2,
    plan: 'Asthma: controller every day, reliever when short of breath, action plan at home and at school',
  },
  lungDisease: {
    icd10: 'J44.9',
    name: 'Chronic obstructive pulmonary disease',
    effects: { oxygen: -4, respiratoryRate: 4, hemoglobin: 0.8 },
    medications: [
      { key: 'albuterol', afterYears: 0 },
      { key: 'tiotropium', afterYears: 0.2 },
    ],
    visitsPerYear: 3,
  },
  smoking: { icd10: 'F17.210', name: 'Smokes cigarettes', goal: 'Stop smoking' },
  hypothyroidism: {
    icd10: 'E03.9',
    name: 'Underactive thyroid',
    effects: { tsh: 7.5 },
    medications: [{ key: 'levothyroxine', afterYears: 0 }],
    panels: [{ key: 'thyroid', everyMonths: 9 }],
    visitsPerYear: 1,
  },
  depression: {
    icd10: 'F33.1',
    name: 'Depression, recurrent',
    effects: { phq9: 11 },
    medications: [{ key: 'sertraline', afterYears: 0 }],
    visitsPerYear: 3,
    goal: 'PHQ-9 below 5',
  },
  anxiety: {
    icd10: 'F41.1',
    name: 'Generalized anxiety',
    effects: { phq9: 4 },
    medications: [{ key: 'escitalopram', afterYears: 0.1 }],
    visitsPerYear: 2,
  },
  kneeArthritis: {
    icd10: 'M17.11',
    name: 'Arthritis of the right knee',
    medications: [{ key: 'acetaminophen', afterYears: 0 }],
    visitsPerYear: 1,
  },
  rheumatoidArthritis: {
    icd10: 'M06.9',
    name: 'Rheumatoid arthritis',
    effects: { hemoglobin: -1, crp: 18 },
    medications: [
      { key: 'methotrexate', afterYears: 0.2 },
      { key: 'folicAcid', afterYears: 0.2 },
    ],
    panels: [
      { key: 'bloodCount', everyMonths: 3 },
      { key: 'liver', everyMonths: 3 },
      { key: 'crp', everyMonths: 6 },
    ],
    visitsPerYear: 4,
  },
  backPain: {
    icd10: 'M54.50',
    name: 'Low back pain',
    medications: [{ key: 'ibuprofen', afterYears: 0, untilYears: 0.1 }],
    lastsYears: 0.5,
  },
  reflux: { icd10: 'K21.9', name: 'Reflux', medications: [{ key: 'omeprazole', afterYears: 0, untilYears: 2 }] },
  dementia: {
    icd10: 'G30.9',
    name: 'Alzheimer’s disease',
    effects: { weight: -5 },
    medications: [{ key: 'donepezil', afterYears: 0.2 }],
    visitsPerYear: 2,
    plan: 'Memory: safety at home, support for those who care',
  },
  prostate: {
    icd10: 'N40.1',
    name: 'Enlarged prostate',
    medications: [{ key: 'tamsulosin', afterYears: 0 }],
    panels: [{ key: 'psa', everyMonths: 12 }],
  },
  osteoporosis: {
    icd10: 'M81.0',
    name: 'Osteoporosis',
    medications: [{ key: 'alendronate', afterYears: 0.2 }],
    visitsPerYear: 1,
  },
  ironDeficiency: {
    icd10: 'D50.9',
    name: 'Iron deficiency anemia',
    effects: { hemoglobin: -3.1, ferritin: -55 },
    medications: [{ key: 'iron', afterYears: 0, untilYears: 0.8 }],
    panels: [
      { key: 'bloodCount', everyMonths: 4 },
      { key: 'ferritin', everyMonths: 4 },
    ],
    lastsYears: 1.5,
  },
  hayFever: { icd10: 'J30.9', name: 'Hay fever', medications: [{ key: 'cetirizine', afterYears: 0 }] },
  eczema: { icd10: 'L20.9', name: 'Eczema', medications: [{ key: 'hydrocortisone', afterYears: 0 }] },
  attention: {
    icd10: 'F90.2',
    name: 'Attention deficit and hyperactivity',
    medications: [{ key: 'methylphenidate', afterYears: 0.3 }],
    visitsPerYear: 3,
  },
  migraine: { icd10: 'G43.909', name: 'Migraine', medications: [{ key: 'sumatriptan', afterYears: 0 }], visitsPerYear: 1 },
  gout: {
    icd10: 'M10.9',
    name: 'Gout',
    effects: { uricAcid: 3.2 },
    medications: [{ key: 'allopurinol', afterYears: 0.2 }],
    panels: [{ key: 'uricAcid', everyMonths: 12 }],
  },
  breastCancerPast: { icd10: 'Z85.3', name: 'Breast cancer, treated', visitsPerYear: 1 },
  stroke: {
    icd10: 'Z86.73',
    name: 'Stroke, without lasting deficit',
    medications: [{ key: 'clopidogrel', afterYears: 0 }],
    visitsPerYear: 1,
  },
  sleepApnea: { icd10: 'G47.33', name: 'Obstructive sleep apnea' },
  vitaminD: {
    icd10: 'E55.9',
    name: 'Vitamin D deficiency',
    effects: { vitaminD: -18 },
    medications: [{ key: 'vitaminD', afterYears: 0, untilYears: 1 }],
    panels: [{ key: 'vitaminD', everyMonths: 12 }],
    lastsYears: 1.5,
  },
  hepatitisB: {
    icd10: 'B18.1',
    name: 'Chronic hepatitis B',
    effects: { alt: 28 },
    panels: [{ key: 'liver', everyMonths: 6 }],
    visitsPerYear: 2,
  },
  pregnancy: {
    icd10: 'Z34.02',
    name: 'Pregnancy, first, supervised',
    effects: { weight: 7, hemoglobin: -1.2, heartRate: 8 },
    medications: [{ key: 'folicAcid', afterYears: 0 }],
    panels: [
      { key: 'bloodCount', everyMonths: 3 },
      { key: 'glucoseTolerance', everyMonths: 4 },
    ],
    visitsPerYear: 12,
    plan: 'Pregnancy: visits every four weeks, ultrasound at 20 weeks, glucose at 24 to 28 weeks',
  },
  newbornJaundice: { icd10: 'P59.9', name: 'Newborn jaundice', panels: [{ key: 'bilirubin', everyMonths: 1 }], lastsYears: 0.06 },
  acne: { icd10: 'L70.0', name: 'Acne', medications: [{ key: 'doxycycline', afterYears: 0, untilYears: 0.3 }], lastsYears: 3 },
} as const satisfies Record<string, ConditionKind>;

export type ConditionKey = keyof typeof CONDITIONS;

/** What brings people in between: seen once, gone in days. */
export const ACUTE = {
  cold: { icd10: 'J06.9', name: 'Common cold', fever: 0.6, medication: undefined, days: 9, from: 0.5 },
  earInfection: {
    icd10: 'H66.91',
    name: 'Ear infection, right',
    fever: 1.4,
    medication: 'amoxicillin',
    days: 12,
    from: 0.5,
    to: 10,
  },
  strepThroat: { icd10: 'J02.0', name: 'Strep throat', fever: 1.5, medication: 'amoxicillin', days: 12, from: 4, to: 45 },
  urinaryInfection: {
    icd10: 'N39.0',
    name: 'Urinary tract infection',
    fever: 0.4,
    medication: 'nitrofurantoin',
    days: 10,
    from: 16,
  },
  ankleSprain: { icd10: 'S93.401A', name: 'Sprained right ankle', fever: 0, medication: 'ibuprofen', days: 28, from: 8, to: 70 },
} as const satisfies Record<
  string,
  { icd10: string; name: string; fever: number; medication: MedicationKey | undefined; days: number; from: number; to?: number }
>;
