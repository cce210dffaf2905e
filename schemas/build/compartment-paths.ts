import type { CompartmentDefinition, SearchParameter } from 'fhir/r4';
import { readDefinitions } from './definitions.ts';

/** Parameters that say whom a resource is about. The others say who took part, which counts only when nobody is its subject. */
const TELLING = ['patient', 'subject', 'beneficiary', 'individual'];
const rank = (parameter: string): number => (TELLING.indexOf(parameter) + TELLING.length + 1) % (TELLING.length + 1);

/**
 * By type, the element paths behind the patient compartment's search parameters (`participant.actor`), as CompartmentDefinition
 * and SearchParameter publish them. @throws Error for an expression that is no plain path
 */
export function compartmentPaths(): Record<string, readonly string[]> {
  const { resource } = readDefinitions<CompartmentDefinition>('compartmentdefinition-patient.json');
  const bundle = readDefinitions<{ entry: { resource: SearchParameter }[] }>('search-parameters.json');
  const parameters = bundle.entry.map((entry) => entry.resource);

  const pathsOf = (type: string, code: string): string[] => {
    const parameter = parameters.find((one) => one.code === code && (one.base as string[]).includes(type));
    const parts = (parameter?.expression ?? '').split('|').map((part) => part.trim().replace('.where(resolve() is Patient)', ''));
    const own = parts.filter((part) => part.startsWith(`${type}.`)).map((part) => part.slice(type.length + 1));
    if (own.length === 0 || own.some((path) => !/^[a-zA-Z.]+$/.test(path))) throw new Error(`No plain path for ${type} ${code}`);
    return own;
  };

  const rows = (resource ?? [])
    .filter(({ code, param }) => param && code !== 'Patient')
    .map(({ code, param = [] }) => {
      const inOrder = [...param].sort((a, b) => rank(a) - rank(b));
      return [code, [...new Set(inOrder.flatMap((parameter) => pathsOf(code, parameter)))]] as const;
    });
  return Object.fromEntries(rows);
}
