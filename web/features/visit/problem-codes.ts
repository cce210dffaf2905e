import type { Coding } from 'fhir/r4';

/**
 * Problems that a practice meets every week, with their ICD-10-CM codes (public domain; National Center for Health Statistics), in our own
 * words. Whatever is not here is typed, and stays text.
 */
const ICD_10_CM = 'http://hl7.org/fhir/sid/icd-10-cm';
const CODES: readonly (readonly [name: string, code: string])[] = [
  ['Hypertension', 'I10'],
  ['Type 2 diabetes', 'E11.9'],
  ['Type 1 diabetes', 'E10.9'],
  ['High cholesterol', 'E78.00'],
  ['Obesity', 'E66.9'],
  ['Hypothyroidism', 'E03.9'],
  ['Asthma', 'J45.909'],
  ['COPD', 'J44.9'],
  ['Acute bronchitis', 'J20.9'],
  ['Pneumonia', 'J18.9'],
  ['Common cold', 'J00'],
  ['Influenza', 'J11.1'],
  ['Sinusitis, acute', 'J01.90'],
  ['Strep throat', 'J02.0'],
  ['Otitis media', 'H66.90'],
  ['Urinary tract infection', 'N39.0'],
  ['Chronic kidney disease', 'N18.9'],
  ['Heart failure', 'I50.9'],
  ['Atrial fibrillation', 'I48.91'],
  ['Coronary artery disease', 'I25.10'],
  ['Reflux disease (GERD)', 'K21.9'],
  ['Irritable bowel syndrome', 'K58.9'],
  ['Constipation', 'K59.00'],
  ['Low back pain', 'M54.50'],
  ['Osteoarthritis of the knee', 'M17.9'],
  ['Gout', 'M10.9'],
  ['Osteoporosis', 'M81.0'],
  ['Migraine', 'G43.909'],
  ['Headache', 'R51.9'],
  ['Depression', 'F32.A'],
  ['Anxiety', 'F41.9'],
  ['Insomnia', 'G47.00'],
  ['Tobacco use', 'Z72.0'],
  ['Anemia, iron deficiency', 'D50.9'],
  ['Eczema', 'L30.9'],
  ['Acne', 'L70.0'],
  ['Contact dermatitis', 'L25.9'],
  ['Pregnancy', 'Z33.1'],
  ['Cough', 'R05.9'],
  ['Fever', 'R50.9'],
];
export const PROBLEM_NAMES: readonly string[] = CODES.map(([name]) => name);

/** The code of a problem that is named as in the list. */
export function problemCoding(text: string): Coding | undefined {
  const wanted = text.trim().toLowerCase();
  const found = CODES.find(([name]) => name.toLowerCase() === wanted);
  return found && { system: ICD_10_CM, code: found[1], display: found[0] };
}
