import { deflateRawSync } from 'node:zlib';
import { CODE_LISTS, PROFILES } from '../us-core/generated/table.ts';
import { CodeLists } from './code-lists.ts';
import { compartmentPaths } from './compartment-paths.ts';
import { readTypes } from './definitions.ts';
import { InvariantRules } from './invariant-rules.ts';
import { TypeTable } from './type-table.ts';

const HEADER = '// Made by schemas/build/generate.ts from the FHIR R4 definitions. Do not edit.\n';
const packedText = (value: unknown): string => deflateRawSync(JSON.stringify(value), { level: 9 }).toString('base64');

/** Writes the tables that schemas/fhir reads. */
export function generateDefinitions(write: (name: string, text: string) => void): void {
  const lists = new CodeLists();
  const definitions = readTypes();
  const invariants = new InvariantRules(definitions);
  const table = new TypeTable(lists, invariants);
  for (const definition of definitions) table.add(definition);

  write(
    'resource-types.ts',
    `${HEADER}export const RESOURCE_TYPES: readonly string[] = ${JSON.stringify(table.resourceTypes.sort())};\n`,
  );
  const packed = packedText({ types: table.types, codeLists: lists.lists });
  write('packed-table.ts', `${HEADER}/** See schemas/fhir/table.ts. */\nexport const PACKED = '${packed}';\n`);
  const profiles = packedText({ profiles: PROFILES, codeLists: CODE_LISTS });
  write(
    'packed-us-core.ts',
    `// Made by schemas/build/generate.ts from schemas/us-core/generated/table.ts. Do not edit.\n/** See schemas/us-core/table.ts. */\nexport const PACKED_US_CORE = '${profiles}';\n`,
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
