import type { FhirResource } from 'fhir/r4';
import type { Day } from './calendar.ts';
import { addCarePlans } from './care.ts';
import type { Person } from './cast.ts';
import { Chart } from './chart.ts';
import type { Clinic } from './clinic.ts';
import { Course } from './course.ts';
import { addDemographics } from './demographics.ts';
import { addDevices } from './devices.ts';
import { addDose, planDoses } from './immunizations.ts';
import { addFormerMedicines } from './prescriptions.ts';
import { addAllergies, addProblems } from './problems.ts';
import { addProcedures } from './procedures.ts';
import { planVisits } from './visits.ts';

/** A believable chart, the Patient first: the same person, clinic and day always give the same resources under the same ids. */
export function makeChart(person: Person, clinic: Clinic, today: Day): FhirResource[] {
  const chart = new Chart(person, clinic, today);
  addDemographics(chart);
  addAllergies(chart);
  const references = addProblems(chart);
  const visits = planVisits(chart);
  addFormerMedicines(chart, references, visits[0]?.day ?? chart.last);
  addCarePlans(chart, references);
  addProcedures(chart, references);
  addDevices(chart);
  const doses = planDoses(chart, visits);
  const atVisits = new Set(visits.map(({ day }) => day));
  for (const dose of doses) if (!atVisits.has(dose.day)) addDose(chart, dose);
  const course = new Course(chart, references, doses);
  for (const visit of visits) course.addVisit(visit);
  return chart.resources;
}
