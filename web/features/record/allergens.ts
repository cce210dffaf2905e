/**
 * Substances that are offered while one types; anything else may be typed as well. `rxnorm` is the RxNorm ingredient (NLM),
 * given only where it was checked against published data: a missing code is harmless, a wrong one is not. Everything else is kept as words.
 */
export interface Allergen {
  readonly name: string;
  readonly category: 'medication' | 'food' | 'environment';
  readonly rxnorm?: string;
}

const medication = (name: string, rxnorm?: string): Allergen => ({ name, category: 'medication', ...(rxnorm && { rxnorm }) });
const food = (name: string): Allergen => ({ name, category: 'food' });
const around = (name: string): Allergen => ({ name, category: 'environment' });

export const ALLERGENS: readonly Allergen[] = [
  medication('Amoxicillin'),
  medication('Ampicillin'),
  medication('Aspirin', '1191'),
  medication('Azithromycin'),
  medication('Cephalexin'),
  medication('Ceftriaxone'),
  medication('Ciprofloxacin', '2551'),
  medication('Clindamycin'),
  medication('Codeine', '2670'),
  medication('Doxycycline'),
  medication('Erythromycin', '4053'),
  medication('Ibuprofen'),
  medication('Levofloxacin', '82122'),
  medication('Lisinopril'),
  medication('Metformin', '6809'),
  medication('Metronidazole'),
  medication('Morphine', '7052'),
  medication('Naproxen'),
  medication('Penicillin G', '7980'),
  medication('Penicillin V', '7984'),
  medication('Phenytoin', '8183'),
  medication('Sulfamethoxazole'),
  medication('Tetracycline'),
  medication('Tramadol', '10689'),
  medication('Trimethoprim'),
  medication('Vancomycin'),
  food("Cow's milk"),
  food('Egg'),
  food('Fish'),
  food('Peanut'),
  food('Sesame'),
  food('Shellfish'),
  food('Soy'),
  food('Strawberry'),
  food('Tree nut'),
  food('Wheat'),
  around('Animal dander'),
  around('Bee venom'),
  around('Dust mite'),
  around('Latex'),
  around('Mould'),
  around('Nickel'),
  around('Pollen'),
  around('Wasp venom'),
];

export const findAllergen = (name: string): Allergen | undefined =>
  ALLERGENS.find((allergen) => allergen.name.toLowerCase() === name.trim().toLowerCase());
