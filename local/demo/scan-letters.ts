/** Papers as other houses write them, about an invented patient. */
export interface Named {
  readonly given: string;
  readonly family: string;
  /** yyyy-mm-dd */
  readonly birthDate: string;
}
const american = (day: string): string => `${day.slice(5, 7)}/${day.slice(8)}/${day.slice(0, 4)}`;

export const labReport = ({ given, family, birthDate }: Named): string[] => [
  'NORTHSIDE LABORATORY REPORT',
  '',
  `Patient: ${family.toUpperCase()}, ${given.toUpperCase()}`,
  `DOB: ${american(birthDate)}     Sex: F`,
  'Collected: 03/14/2026',
  'Reported: 03/15/2026',
  '',
  'COMPREHENSIVE METABOLIC PANEL',
  'Glucose 142 mg/dL    reference 65-99',
  'Creatinine 1.48 mg/dL    reference 0.50-1.05',
  'Potassium 5.6 mmol/L    reference 3.5-5.3',
  'Specimen slightly hemolyzed.',
  'Laboratory director: R. Placeholder, MD',
];

export const referralLetter = ({ given, family, birthDate }: Named): string[] => [
  'Larkspur Family Clinic',
  'March 3, 2026',
  '',
  `RE: ${given} ${family}   DOB ${american(birthDate)}`,
  'Referral priority: URGENT',
  '',
  'Thank you for seeing this patient with three weeks of',
  'exertional chest pressure relieved by rest.',
  'Please evaluate for stress testing.',
  '',
  'Sincerely,',
  'Priya Sundew, NP',
];

/** What every fax machine gets, and no chart wants. */
export const advertisement = (): string[] => [
  'TONER WORLD - OFFICE SUPPLIES',
  '',
  'Dear customer,',
  'this month only: two cartridges for the price of one.',
  'Free delivery on orders above 50 dollars.',
  '',
  'To stop these messages, return this page.',
];
