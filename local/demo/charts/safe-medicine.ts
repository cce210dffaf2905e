import type { Day } from './calendar.ts';
import type { Chart } from './chart.ts';
import type { MedicationKey } from './medications.ts';

/** For children under twelve, who swallow no tablets. */
const FOR_CHILDREN: Partial<Record<MedicationKey, MedicationKey>> = {
  amoxicillin: 'amoxicillinSyrup',
  azithromycin: 'azithromycinSyrup',
  prednisone: 'prednisoloneSyrup',
  acetaminophen: 'acetaminophenSyrup',
  ibuprofen: 'acetaminophenSyrup',
};

/** Nobody is given what they are allergic to, nor what their age, a pregnancy, other problems and medicines forbid. */
export function safeFor(chart: Chart, wanted: MedicationKey, day: Day): MedicationKey {
  const { allergies } = chart.person;
  const avoids = (...keys: readonly string[]): boolean => Array.isArray(allergies) && keys.some((key) => allergies.includes(key));
  const pregnant = chart.body.has('pregnancy', day);
  const bleeding = chart.body.treatments.some(({ key }) => key === 'warfarin' || key === 'clopidogrel');
  const organs = chart.body.problems.some(({ key }) => key.startsWith('kidneyDisease') || key === 'heartFailure');
  const instead = ((): MedicationKey => {
    if (wanted === 'amoxicillin' && avoids('penicillin', 'amoxicillin')) return 'azithromycin';
    if (wanted === 'doxycycline' && pregnant) return 'azithromycin';
    if (wanted === 'ibuprofen' && (pregnant || bleeding || organs || avoids('ibuprofen', 'aspirin'))) return 'acetaminophen';
    return wanted;
  })();
  return (chart.body.ageOn(day) < 12 && FOR_CHILDREN[instead]) || instead;
}
