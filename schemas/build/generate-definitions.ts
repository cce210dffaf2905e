import { CodeLists } from './code-lists.ts';
import { compartmentPaths } from './compartment-paths.ts';
import { readTypes } from './definitions.ts';
import { InvariantRules } from './invariant-rules.ts';
import { TypeTable } from './type-table.ts';

const HEADER = '// Made by schemas/build/generate.ts from the FHIR R4 definitions. Do not edit.\n';
/** A text that may stand between backticks. */
const quoted = (text: string): string => `\`${text.replace(/[`\\$]/g, '\\$&')}\``;

/** Writes the tables that schemas/fhir reads. */
export function generateDefinitions(write: (name: string, text: string) => void): void {
  const lists = new CodeLists();
  const definitions = readTypes();
  const invariants = new InvariantRules(definitions);
  const table = new TypeTable(lists, invariants);
  for (const definition of definitions) table.add(definition);

  const types = Object.entries(table.types).map(([name, text]) => `  ${JSON.stringify(name)}: ${quoted(text)},`);
  write(
    'types.ts',
    `${HEADER}
export const RESOURCE_TYPES: readonly string[] = ${JSON.stringify(table.resourceTypes.sort())};

/** See schemas/build/type-table.ts for the notation. */
export const TYPES: Readonly<Record<string, string>> = {\n${types.join('\n')}\n};

export const CODE_LISTS: readonly string[] = [\n${lists.lists.map((list) => `  ${quoted(list)},`).join('\n')}\n];
`,
  );
  const rules = [...invariants.compiled.values()].map(
    ({ name, human, js }) => `  ${JSON.stringify(name)}: [${JSON.stringify(human)}, ${js}],`,
  );
  write(
    'invariants.ts',
    `${HEADER}import * as f from '../fhir/fhirpath.ts';
${invariants.keyLists.map((list, index) => `const K${index} = ${list};`).join('\n')}

/** By key: what the specification says, and whether an element keeps to it. */
export const INVARIANTS: Readonly<Record<string, readonly [string, f.Rule]>> = {\n${rules.join('\n')}\n};
`,
  );
  write(
    'compartment.ts',
    `${HEADER}
/** For each type of the patient compartment: the paths of the elements that may name the patient, the most telling one first. */
export const COMPARTMENT: Readonly<Record<string, readonly string[]>> = ${JSON.stringify(compartmentPaths(), undefined, 2)};
`,
  );
}
