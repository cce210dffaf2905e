import type { PanelKey } from './laboratory.ts';
import type { Effects } from './measurements.ts';
import type { MedicationKey } from './medications.ts';

/** What brings people in between: seen once or twice, gone in days or weeks. */
export interface AcuteKind {
  /** ICD-10-CM, and its own name there. */
  readonly icd10: string;
  readonly display: string;
  readonly name: string;
  /** What the patient says. */
  readonly story: string;
  /** What is found, besides the vital signs. */
  readonly finding: string;
  /** Degrees Celsius above the usual. */
  readonly fever: number;
  readonly medication?: MedicationKey;
  /** Days until it is over. */
  readonly days: number;
  /** Ages in years, and who. */
  readonly from: number;
  readonly to?: number;
  readonly sex?: 'female' | 'male';
  /** Measured and drawn the same day. */
  readonly effects?: Effects;
  readonly panels?: readonly PanelKey[];
  readonly urineStrip?: true;
  readonly image?: 'chest' | 'wrist' | 'ankle';
  /** Days after which it is looked at again. */
  readonly checkAfterDays?: number;
  /** Days in the hospital, before the visit in the clinic. */
  readonly admittedDays?: number;
  /** How often among the others; 0 for what comes only to those whose cast says so. */
  readonly weight: number;
}

export const ACUTE = {
  cold: {
    icd10: 'J06.9',
    display: 'Acute upper respiratory infection, unspecified',
    name: 'Common cold',
    story: 'Runny nose, sore throat and cough for three days.',
    finding: 'Throat red, lungs clear.',
    fever: 0.6,
    days: 9,
    from: 0.5,
    weight: 3,
  },
  earInfection: {
    icd10: 'H66.91',
    display: 'Otitis media, unspecified, right ear',
    name: 'Ear infection, right',
    story: 'Pulls at the right ear since yesterday evening, slept badly.',
    finding: 'Right eardrum red and bulging, left normal.',
    fever: 1.4,
    medication: 'amoxicillin',
    days: 12,
    from: 0.5,
    to: 10,
    weight: 4,
  },
  strepThroat: {
    icd10: 'J02.0',
    display: 'Streptococcal pharyngitis',
    name: 'Strep throat',
    story: 'Sore throat and fever since yesterday, no cough.',
    finding: 'Tonsils with exudate, tender nodes at the neck. Rapid test positive.',
    fever: 1.5,
    medication: 'amoxicillin',
    days: 12,
    from: 4,
    to: 45,
    weight: 2,
  },
  influenza: {
    icd10: 'J10.1',
    display: 'Influenza due to other identified influenza virus with other respiratory manifestations',
    name: 'Influenza',
    story: 'Fever, aching all over and a dry cough for two days.',
    finding: 'Looks ill, lungs clear. Rapid test positive for influenza A.',
    fever: 2.1,
    days: 10,
    from: 1,
    weight: 1,
  },
  urinaryInfection: {
    icd10: 'N39.0',
    display: 'Urinary tract infection, site not specified',
    name: 'Urinary tract infection',
    story: 'Burning and frequent urination for two days.',
    finding: 'Tender above the pubis, no flank pain.',
    fever: 0.4,
    medication: 'nitrofurantoin',
    days: 10,
    from: 16,
    to: 90,
    sex: 'female',
    urineStrip: true,
    weight: 3,
  },
  ankleSprain: {
    icd10: 'S93.401A',
    display: 'Sprain of unspecified ligament of right ankle, initial encounter',
    name: 'Sprained right ankle',
    story: 'Turned the right foot on the stairs yesterday.',
    finding: 'Swollen below the outer ankle, can bear weight.',
    fever: 0,
    medication: 'ibuprofen',
    days: 28,
    from: 8,
    to: 70,
    image: 'ankle',
    weight: 1,
  },
  pneumonia: {
    icd10: 'J18.9',
    display: 'Pneumonia, unspecified organism',
    name: 'Pneumonia',
    story: 'Cough with yellow sputum, fever and chills for four days.',
    finding: 'Crackles over the right lower lung.',
    fever: 1.9,
    medication: 'doxycycline',
    days: 21,
    from: 18,
    effects: { leukocytes: 7.5, crp: 96, oxygen: -4, respiratoryRate: 6 },
    panels: ['bloodCount', 'crp'],
    image: 'chest',
    checkAfterDays: 14,
    weight: 1,
  },
  wristFracture: {
    icd10: 'S52.501A',
    display: 'Unspecified fracture of the lower end of right radius, initial encounter for closed fracture',
    name: 'Broken right wrist',
    story: 'Fell on the outstretched right hand this morning.',
    finding: 'Right wrist swollen and tender, fingers warm, feeling intact. Splint put on.',
    fever: 0,
    medication: 'acetaminophen',
    days: 49,
    from: 6,
    image: 'wrist',
    checkAfterDays: 42,
    weight: 0.6,
  },
  stomachBug: {
    icd10: 'A09',
    display: 'Infectious gastroenteritis and colitis, unspecified',
    name: 'Stomach bug',
    story: 'Vomiting and loose stools since the night before.',
    finding: 'Abdomen soft, mouth moist.',
    fever: 0.7,
    days: 6,
    from: 0.5,
    weight: 2,
  },
  shingles: {
    icd10: 'B02.9',
    display: 'Zoster without complications',
    name: 'Shingles',
    story: 'Burning on the left side of the chest for three days, now a rash.',
    finding: 'Blisters in a band on the left, not past the middle.',
    fever: 0.2,
    medication: 'valacyclovir',
    days: 24,
    from: 50,
    weight: 0.5,
  },
  heartFailureStay: {
    icd10: 'I50.23',
    display: 'Acute on chronic systolic (congestive) heart failure',
    name: 'Heart failure, worse',
    story: 'Was in the hospital for breathlessness at night and swollen legs.',
    finding: 'Lungs clear again, a little swelling at the ankles.',
    fever: 0,
    days: 20,
    from: 40,
    admittedDays: 4,
    checkAfterDays: 10,
    weight: 0,
  },
  lungFlare: {
    icd10: 'J44.1',
    display: 'Chronic obstructive pulmonary disease with (acute) exacerbation',
    name: 'Lung disease, flare-up',
    story: 'More short of breath and more sputum for five days.',
    finding: 'Wheezing over both lungs, longer breathing out.',
    fever: 0.5,
    medication: 'prednisone',
    days: 14,
    from: 40,
    effects: { oxygen: -4, respiratoryRate: 5 },
    checkAfterDays: 14,
    weight: 0,
  },
  asthmaFlare: {
    icd10: 'J45.41',
    display: 'Moderate persistent asthma with (acute) exacerbation',
    name: 'Asthma attack',
    story: 'Wheezing since last night, reliever every three hours.',
    finding: 'Wheezing on both sides, speaks in short sentences.',
    fever: 0,
    medication: 'prednisone',
    days: 10,
    from: 2,
    effects: { oxygen: -4, respiratoryRate: 8 },
    weight: 0,
  },
} as const satisfies Record<string, AcuteKind>;

export type AcuteKey = keyof typeof ACUTE;
/** An acute kind with all of its optional members in sight. */
export const acuteKind = (key: AcuteKey): AcuteKind => ACUTE[key];
