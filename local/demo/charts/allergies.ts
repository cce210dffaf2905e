export interface AllergyKind {
  /** RxNorm ingredient where the substance is a drug; else the text says it. */
  readonly rxnorm?: string;
  /** SNOMED CT's code of another substance. */
  readonly snomed?: string;
  readonly name: string;
  readonly category: 'medication' | 'food' | 'environment';
  readonly reaction: string;
  readonly severity: 'mild' | 'moderate' | 'severe';
  readonly type: 'allergy' | 'intolerance';
}

export const ALLERGIES = {
  penicillin: {
    rxnorm: '7984',
    name: 'Penicillin V',
    category: 'medication',
    reaction: 'Hives',
    severity: 'moderate',
    type: 'allergy',
  },
  amoxicillin: {
    rxnorm: '723',
    name: 'Amoxicillin',
    category: 'medication',
    reaction: 'Anaphylaxis',
    severity: 'severe',
    type: 'allergy',
  },
  sulfa: {
    rxnorm: '10180',
    name: 'Sulfamethoxazole',
    category: 'medication',
    reaction: 'Rash',
    severity: 'moderate',
    type: 'allergy',
  },
  codeine: {
    rxnorm: '2670',
    name: 'Codeine',
    category: 'medication',
    reaction: 'Nausea and vomiting',
    severity: 'mild',
    type: 'intolerance',
  },
  aspirin: { rxnorm: '1191', name: 'Aspirin', category: 'medication', reaction: 'Wheezing', severity: 'severe', type: 'allergy' },
  ibuprofen: {
    rxnorm: '5640',
    name: 'Ibuprofen',
    category: 'medication',
    reaction: 'Swollen lips',
    severity: 'moderate',
    type: 'allergy',
  },
  peanut: { snomed: '762952008', name: 'Peanut', category: 'food', reaction: 'Anaphylaxis', severity: 'severe', type: 'allergy' },
  shellfish: { name: 'Shellfish', category: 'food', reaction: 'Hives', severity: 'moderate', type: 'allergy' },
  milk: { name: 'Cow’s milk', category: 'food', reaction: 'Eczema', severity: 'mild', type: 'allergy' },
  latex: {
    snomed: '111088007',
    name: 'Latex',
    category: 'environment',
    reaction: 'Contact rash',
    severity: 'mild',
    type: 'allergy',
  },
  bees: {
    snomed: '288328004',
    name: 'Bee sting',
    category: 'environment',
    reaction: 'Anaphylaxis',
    severity: 'severe',
    type: 'allergy',
  },
  pollen: {
    snomed: '256277009',
    name: 'Grass pollen',
    category: 'environment',
    reaction: 'Sneezing, itching eyes',
    severity: 'mild',
    type: 'allergy',
  },
} as const satisfies Record<string, AllergyKind>;

export type AllergyKey = keyof typeof ALLERGIES;
