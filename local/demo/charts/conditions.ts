import type { PanelKey } from './laboratory.ts';
import type { Effects } from './measurements.ts';
import type { MedicationKey } from './medications.ts';

/** A medicine, begun so many years after the diagnosis; `from` is the one whose place it takes, as when a dose is raised. */
export interface Step {
  readonly key: MedicationKey;
  readonly afterYears: number;
  readonly untilYears?: number;
  readonly from?: MedicationKey;
  /** Not given to who has this as well: another medicine of the kind is theirs already. */
  readonly unless?: string;
  /** Stopped when this is found, which forbids it or asks for another dose. */
  readonly endsWith?: string;
  /** Begun when this is found, and not without it. */
  readonly onlyWith?: string;
}

export interface ConditionKind {
  /** ICD-10-CM, its own name there, and what it is called on a problem list. */
  readonly icd10: string;
  readonly display: string;
  readonly name: string;
  /** How it moves measured values, untreated. */
  readonly effects?: Effects;
  /** In the order in which they are begun. */
  readonly medications?: readonly Step[];
  /** Panels drawn, and how often; from so many years after the diagnosis. */
  readonly panels?: readonly { readonly key: PanelKey; readonly everyMonths: number; readonly afterYears?: number }[];
  /** Visits a year for its sake. */
  readonly visitsPerYear?: number;
  /** What a plan of care and a goal for it say. */
  readonly plan?: string;
  readonly goal?: string;
  /** Years after which it has gone. */
  readonly lastsYears?: number;
  /** A health concern rather than an illness, and what it was found by: a question about how somebody lives. */
  readonly concern?: 'sdoh';
  /** Who can have it, where not everybody can. Ages in years when it is found. */
  readonly only?: { readonly sex?: 'female' | 'male'; readonly fromAge?: number; readonly toAge?: number };
  /** Of failing kidneys: mL/min/1.73 m² when it is found, lost a year, and the least of this stage. */
  readonly filtration?: { readonly start: number; readonly perYear: number; readonly least: number };
  /** Found on the very day that the cast says: what follows is counted in weeks, or it takes the place of an earlier stage. */
  readonly exact?: true;
}

/** The conditions that the demo charts know. ICD-10-CM is published by the CDC's NCHS and is free to use. */
export const CONDITIONS = {
  diabetes: {
    icd10: 'E11.9',
    display: 'Type 2 diabetes mellitus without complications',
    name: 'Type 2 diabetes',
    effects: { a1c: 2.9, a1cPerYear: 0.25, triglycerides: 60, weight: 6 },
    medications: [
      { key: 'metformin', afterYears: 0, untilYears: 0.35 },
      { key: 'metformin1000', afterYears: 0.35, from: 'metformin', endsWith: 'kidneyDisease4' },
      { key: 'empagliflozin', afterYears: 4 },
      { key: 'insulinGlargine', afterYears: 8, endsWith: 'kidneyDisease4' },
      { key: 'insulinGlargine30', afterYears: 8, from: 'insulinGlargine', onlyWith: 'kidneyDisease4' },
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
    display: 'Type 1 diabetes mellitus without complications',
    name: 'Type 1 diabetes',
    effects: { a1c: 4.2 },
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
    display: 'Prediabetes',
    name: 'Prediabetes',
    effects: { a1c: 0.6 },
    panels: [{ key: 'a1c', everyMonths: 12 }],
    goal: 'Lose 5 % of weight',
  },
  hypertension: {
    icd10: 'I10',
    display: 'Essential (primary) hypertension',
    name: 'High blood pressure',
    effects: { systolic: 41, diastolic: 17 },
    medications: [
      { key: 'lisinopril', afterYears: 0.1, untilYears: 0.45 },
      { key: 'lisinopril20', afterYears: 0.45, untilYears: 2.2, from: 'lisinopril' },
      { key: 'lisinopril40', afterYears: 2.2, from: 'lisinopril20' },
      { key: 'amlodipine', afterYears: 3.1 },
    ],
    panels: [{ key: 'metabolic', everyMonths: 12 }],
    visitsPerYear: 2,
    plan: 'Blood pressure: home readings, less salt, tablets every day',
    goal: 'Blood pressure below 130/80 mmHg',
  },
  highCholesterol: {
    icd10: 'E78.5',
    display: 'Hyperlipidemia, unspecified',
    name: 'High cholesterol',
    effects: { ldl: 62, triglycerides: 40 },
    medications: [
      { key: 'atorvastatin', afterYears: 0.3, untilYears: 1.4 },
      { key: 'atorvastatin40', afterYears: 1.4, from: 'atorvastatin' },
    ],
    panels: [{ key: 'lipids', everyMonths: 12 }],
    visitsPerYear: 1,
  },
  obesity: { icd10: 'E66.9', display: 'Obesity, unspecified', name: 'Obesity', effects: { weight: 26, systolic: 6 } },
  kidneyDisease: {
    icd10: 'N18.31',
    display: 'Chronic kidney disease, stage 3a',
    name: 'Chronic kidney disease, stage 3a',
    filtration: { start: 57, perYear: 2.2, least: 46 },
    effects: {
      ureaNitrogen: 6,
      hemoglobin: -0.8,
      potassium: 0.3,
      bicarbonate: -0.8,
      urineAlbumin: 60,
    },
    panels: [
      { key: 'metabolic', everyMonths: 6 },
      { key: 'bloodCount', everyMonths: 12 },
      { key: 'urineAlbumin', everyMonths: 12 },
    ],
    visitsPerYear: 2,
    plan: 'Kidney disease: blood pressure, no anti-inflammatory pain killers, creatinine every 6 months',
    goal: 'Loss of filtration below 4 mL/min a year',
  },
  kidneyDisease3b: {
    icd10: 'N18.32',
    display: 'Chronic kidney disease, stage 3b',
    name: 'Chronic kidney disease, stage 3b',
    filtration: { start: 43, perYear: 2.8, least: 31 },
    effects: {
      ureaNitrogen: 12,
      hemoglobin: -1.4,
      potassium: 0.4,
      bicarbonate: -1.5,
      urineAlbumin: 140,
    },
    panels: [
      { key: 'metabolic', everyMonths: 4 },
      { key: 'bloodCount', everyMonths: 12 },
      { key: 'urineAlbumin', everyMonths: 12 },
    ],
    visitsPerYear: 4,
    plan: 'Kidney disease: blood pressure, no anti-inflammatory pain killers, creatinine every 4 months',
    exact: true,
    goal: 'Loss of filtration below 4 mL/min a year',
  },
  kidneyDisease4: {
    icd10: 'N18.4',
    display: 'Chronic kidney disease, stage 4 (severe)',
    name: 'Chronic kidney disease, stage 4',
    filtration: { start: 28, perYear: 2.6, least: 17 },
    effects: {
      ureaNitrogen: 24,
      hemoglobin: -2.3,
      potassium: 0.5,
      bicarbonate: -3.1,
      urineAlbumin: 320,
    },
    panels: [
      { key: 'metabolic', everyMonths: 3 },
      { key: 'bloodCount', everyMonths: 12 },
      { key: 'urineAlbumin', everyMonths: 12 },
    ],
    visitsPerYear: 4,
    plan: 'Kidney disease: blood pressure, no anti-inflammatory pain killers, creatinine every 3 months',
    exact: true,
    goal: 'Loss of filtration below 4 mL/min a year',
  },
  coronaryDisease: {
    icd10: 'I25.10',
    display: 'Atherosclerotic heart disease of native coronary artery without angina pectoris',
    name: 'Coronary artery disease',
    medications: [
      { key: 'aspirin', afterYears: 0 },
      { key: 'metoprolol', afterYears: 0, unless: 'heartFailure' },
    ],
    panels: [{ key: 'lipids', everyMonths: 6 }],
    visitsPerYear: 2,
    goal: 'LDL below 70 mg/dL',
  },
  heartFailure: {
    icd10: 'I50.22',
    display: 'Chronic systolic (congestive) heart failure',
    name: 'Heart failure with reduced ejection fraction',
    effects: { weight: 4, oxygen: -2, heartRate: 10, natriureticPeptide: 1900, ejection: -29 },
    medications: [
      { key: 'furosemide', afterYears: 0 },
      { key: 'carvedilol', afterYears: 0.1, untilYears: 0.4 },
      { key: 'carvedilol125', afterYears: 0.4, from: 'carvedilol' },
      { key: 'spironolactone', afterYears: 0.5 },
    ],
    panels: [
      { key: 'metabolic', everyMonths: 4 },
      { key: 'natriureticPeptide', everyMonths: 6 },
    ],
    visitsPerYear: 4,
    plan: 'Heart failure: weight every morning, call when 2 kg more in three days',
    goal: 'Stable weight, no stay in hospital this year',
  },
  atrialFibrillation: {
    icd10: 'I48.91',
    display: 'Unspecified atrial fibrillation',
    name: 'Atrial fibrillation',
    effects: { heartRate: 14 },
    medications: [{ key: 'warfarin', afterYears: 0 }],
    panels: [{ key: 'inr', everyMonths: 1.2 }],
    visitsPerYear: 8,
    goal: 'INR between 2 and 3',
  },
  asthma: {
    icd10: 'J45.40',
    display: 'Moderate persistent asthma, uncomplicated',
    name: 'Asthma, moderate persistent',
    effects: { oxygen: -1, respiratoryRate: 2, expired: -22, expiredRatio: -12 },
    medications: [
      { key: 'albuterol', afterYears: 0 },
      { key: 'fluticasone', afterYears: 0.5 },
    ],
    visitsPerYear: 2,
    plan: 'Asthma: controller every day, reliever when short of breath, action plan at home and at school',
  },
  lungDisease: {
    icd10: 'J44.9',
    display: 'Chronic obstructive pulmonary disease, unspecified',
    name: 'Chronic obstructive pulmonary disease',
    effects: { oxygen: -4, respiratoryRate: 4, hemoglobin: 0.8, expired: -42, expiredRatio: -26 },
    medications: [
      { key: 'albuterol', afterYears: 0 },
      { key: 'tiotropium', afterYears: 0.2 },
    ],
    visitsPerYear: 3,
    plan: 'Lungs: inhaler technique at each visit, no smoke, vaccines, spirometry every year',
    goal: 'No exacerbation this year',
  },
  smoking: {
    icd10: 'F17.210',
    display: 'Nicotine dependence, cigarettes, uncomplicated',
    name: 'Smokes cigarettes',
    goal: 'Stop smoking',
  },
  hypothyroidism: {
    icd10: 'E03.9',
    display: 'Hypothyroidism, unspecified',
    name: 'Underactive thyroid',
    effects: { tsh: 7.5 },
    medications: [
      { key: 'levothyroxine50', afterYears: 0, untilYears: 0.25 },
      { key: 'levothyroxine', afterYears: 0.25, from: 'levothyroxine50' },
    ],
    panels: [{ key: 'thyroid', everyMonths: 9 }],
    visitsPerYear: 1,
  },
  depression: {
    icd10: 'F33.1',
    display: 'Major depressive disorder, recurrent, moderate',
    name: 'Depression, recurrent',
    effects: { phq9: 11 },
    medications: [
      { key: 'sertraline', afterYears: 0, untilYears: 0.2 },
      { key: 'sertraline100', afterYears: 0.2, from: 'sertraline' },
    ],
    visitsPerYear: 3,
    goal: 'PHQ-9 below 5',
  },
  anxiety: {
    icd10: 'F41.1',
    display: 'Generalized anxiety disorder',
    name: 'Generalized anxiety',
    effects: { phq9: 4, gad7: 10 },
    medications: [{ key: 'escitalopram', afterYears: 0.1, unless: 'depression' }],
    visitsPerYear: 2,
  },
  kneeArthritis: {
    icd10: 'M17.11',
    display: 'Unilateral primary osteoarthritis, right knee',
    name: 'Arthritis of the right knee',
    medications: [{ key: 'acetaminophen', afterYears: 0 }],
    visitsPerYear: 1,
  },
  rheumatoidArthritis: {
    icd10: 'M06.9',
    display: 'Rheumatoid arthritis, unspecified',
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
    display: 'Low back pain, unspecified',
    name: 'Low back pain',
    medications: [{ key: 'ibuprofen', afterYears: 0, untilYears: 0.1 }],
    lastsYears: 0.5,
  },
  reflux: {
    icd10: 'K21.9',
    display: 'Gastro-esophageal reflux disease without esophagitis',
    name: 'Reflux',
    medications: [{ key: 'omeprazole', afterYears: 0, untilYears: 2 }],
  },
  dementia: {
    icd10: 'G30.9',
    display: "Alzheimer's disease, unspecified",
    name: 'Alzheimer’s disease',
    effects: { weight: -5 },
    medications: [{ key: 'donepezil', afterYears: 0.2 }],
    visitsPerYear: 2,
    plan: 'Memory: safety at home, support for those who care',
  },
  prostate: {
    icd10: 'N40.1',
    display: 'Benign prostatic hyperplasia with lower urinary tract symptoms',
    name: 'Enlarged prostate',
    medications: [{ key: 'tamsulosin', afterYears: 0 }],
    panels: [{ key: 'psa', everyMonths: 12 }],
    only: { sex: 'male', fromAge: 40 },
  },
  osteoporosis: {
    icd10: 'M81.0',
    display: 'Age-related osteoporosis without current pathological fracture',
    name: 'Osteoporosis',
    medications: [{ key: 'alendronate', afterYears: 0.2 }],
    visitsPerYear: 1,
  },
  ironDeficiency: {
    icd10: 'D50.9',
    display: 'Iron deficiency anemia, unspecified',
    name: 'Iron deficiency anemia',
    effects: { hemoglobin: -3.1, ferritin: -55 },
    medications: [{ key: 'iron', afterYears: 0, untilYears: 0.8 }],
    panels: [
      { key: 'bloodCount', everyMonths: 4 },
      { key: 'ferritin', everyMonths: 4 },
    ],
    lastsYears: 1.5,
  },
  hayFever: {
    icd10: 'J30.9',
    display: 'Allergic rhinitis, unspecified',
    name: 'Hay fever',
    medications: [{ key: 'cetirizine', afterYears: 0 }],
  },
  eczema: {
    icd10: 'L20.9',
    display: 'Atopic dermatitis, unspecified',
    name: 'Eczema',
    medications: [{ key: 'hydrocortisone', afterYears: 0 }],
  },
  attention: {
    icd10: 'F90.2',
    display: 'Attention-deficit hyperactivity disorder, combined type',
    name: 'Attention deficit and hyperactivity',
    medications: [{ key: 'methylphenidate', afterYears: 0.3 }],
    visitsPerYear: 3,
  },
  migraine: {
    icd10: 'G43.909',
    display: 'Migraine, unspecified, not intractable, without status migrainosus',
    name: 'Migraine',
    medications: [{ key: 'sumatriptan', afterYears: 0 }],
    visitsPerYear: 1,
  },
  gout: {
    icd10: 'M10.9',
    display: 'Gout, unspecified',
    name: 'Gout',
    effects: { uricAcid: 3.2 },
    medications: [{ key: 'allopurinol', afterYears: 0.2 }],
    panels: [{ key: 'uricAcid', everyMonths: 12 }],
  },
  breastCancerPast: {
    icd10: 'Z85.3',
    display: 'Personal history of malignant neoplasm of breast',
    name: 'Breast cancer, treated',
    visitsPerYear: 1,
  },
  stroke: {
    icd10: 'Z86.73',
    display: 'Personal history of transient ischemic attack (TIA), and cerebral infarction without residual deficits',
    name: 'Stroke, without lasting deficit',
    medications: [{ key: 'clopidogrel', afterYears: 0 }],
    visitsPerYear: 1,
  },
  breastCancer: {
    icd10: 'C50.912',
    display: 'Malignant neoplasm of unspecified site of left female breast',
    name: 'Breast cancer, left',
    medications: [{ key: 'letrozole', afterYears: 0.5, untilYears: 5.5 }],
    panels: [
      { key: 'bloodCount', everyMonths: 6 },
      { key: 'liver', everyMonths: 6 },
    ],
    visitsPerYear: 3,
    plan: 'Breast cancer: operation, letrozole for five years, mammogram every year, bone density every second',
    goal: 'No recurrence five years after the operation',
    lastsYears: 5.5,
    only: { sex: 'female', fromAge: 30 },
  },
  colonCancer: {
    icd10: 'C18.7',
    display: 'Malignant neoplasm of sigmoid colon',
    name: 'Colon cancer, sigmoid',
    effects: { hemoglobin: -1.6, ferritin: -40, carcinoembryonic: 6 },
    panels: [
      { key: 'carcinoembryonic', everyMonths: 4 },
      { key: 'bloodCount', everyMonths: 6 },
    ],
    visitsPerYear: 3,
    plan: 'Colon cancer: resection, CEA every four months for five years, colonoscopy after one and four years',
    goal: 'No recurrence five years after the operation',
    lastsYears: 0.4,
    only: { fromAge: 35 },
  },
  colonCancerPast: {
    icd10: 'Z85.038',
    display: 'Personal history of other malignant neoplasm of large intestine',
    name: 'Colon cancer, treated',
    panels: [{ key: 'carcinoembryonic', everyMonths: 4 }],
    visitsPerYear: 3,
    only: { fromAge: 35 },
  },
  pacemaker: {
    icd10: 'Z95.0',
    display: 'Presence of cardiac pacemaker',
    name: 'Cardiac pacemaker',
    visitsPerYear: 1,
  },
  housing: {
    icd10: 'Z59.1',
    display: 'Inadequate housing',
    name: 'Cold and damp flat',
    concern: 'sdoh',
  },
  tensionHeadache: {
    icd10: 'G44.209',
    display: 'Tension-type headache, unspecified, not intractable',
    name: 'Tension headache',
    medications: [{ key: 'acetaminophen', afterYears: 0 }],
  },
  sickleTrait: {
    icd10: 'D57.3',
    display: 'Sickle-cell trait',
    name: 'Sickle-cell trait',
  },
  sleepApnea: { icd10: 'G47.33', display: 'Obstructive sleep apnea (adult) (pediatric)', name: 'Obstructive sleep apnea' },
  vitaminD: {
    icd10: 'E55.9',
    display: 'Vitamin D deficiency, unspecified',
    name: 'Vitamin D deficiency',
    effects: { vitaminD: -18 },
    medications: [{ key: 'vitaminD', afterYears: 0, untilYears: 1 }],
    panels: [{ key: 'vitaminD', everyMonths: 12 }],
    lastsYears: 1.5,
  },
  hepatitisB: {
    icd10: 'B18.1',
    display: 'Chronic viral hepatitis B without delta-agent',
    name: 'Chronic hepatitis B',
    effects: { alt: 28 },
    panels: [{ key: 'liver', everyMonths: 6 }],
    visitsPerYear: 2,
  },
  pregnancy: {
    icd10: 'Z34.00',
    display: 'Encounter for supervision of normal first pregnancy, unspecified trimester',
    name: 'Pregnancy, first, supervised',
    effects: { weightPerYear: 19, hemoglobin: -1.2, heartRate: 8 },
    medications: [{ key: 'folicAcid', afterYears: 0 }],
    panels: [
      { key: 'bloodCount', everyMonths: 3 },
      { key: 'glucoseTolerance', everyMonths: 12, afterYears: 0.31 }, // at 24 weeks
    ],
    visitsPerYear: 12,
    plan: 'Pregnancy: visits every four weeks, ultrasound at 20 weeks, glucose at 24 to 28 weeks',
    lastsYears: 0.61,
    only: { sex: 'female', fromAge: 14, toAge: 50 },
    exact: true,
  },
  newbornJaundice: {
    icd10: 'P59.9',
    display: 'Neonatal jaundice, unspecified',
    name: 'Newborn jaundice',
    panels: [{ key: 'bilirubin', everyMonths: 0.1 }],
    lastsYears: 0.06,
    only: { toAge: 0.1 },
  },
  acne: {
    icd10: 'L70.0',
    display: 'Acne vulgaris',
    name: 'Acne',
    medications: [{ key: 'doxycycline', afterYears: 0, untilYears: 0.3 }],
    lastsYears: 3,
  },
} as const satisfies Record<string, ConditionKind>;

export type ConditionKey = keyof typeof CONDITIONS;
