import type { Extension } from 'fhir/r4';

/** The extension by which an element of a Task (its description, a note) names one of the texts of task-texts.ts. */
export const TASK_TEXT = 'https://tessera.example/fhir/StructureDefinition/task-text';

/** The name and the values of a text that Tessera wrote; undefined of what a person typed. */
export function nameOfTaskText(
  element: { readonly extension?: readonly Extension[] | undefined } | undefined,
): { readonly name: string; readonly values: Readonly<Record<string, string>> } | undefined {
  const [name, ...values] = element?.extension?.find(({ url }) => url === TASK_TEXT)?.extension ?? [];
  if (name?.url !== 'name' || !/^[a-z-]+$/.test(name.valueCode ?? '')) return undefined;
  return {
    name: name.valueCode ?? '',
    values: Object.fromEntries(values.map(({ url, valueString = '' }) => [url, valueString])),
  };
}
