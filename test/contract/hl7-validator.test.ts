import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { FhirResource } from 'fhir/r4';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type SeededDefect, seededDefects } from '../../schemas/us-core/defects.ts';
import { profileUrl } from '../../schemas/us-core/profiles.ts';
import { SOUND_EXAMPLES } from '../../schemas/us-core/sound-examples.ts';
import { usCorePackage } from '../data/us-core-package.ts';

/**
 * Our verdict on US Core against HL7's own validator (Java, from Maven, without a terminology server). `npm run test:contract` brings it into
 * build/hl7-validator where Maven is installed.
 */
const LIBRARIES = resolve('build', 'hl7-validator');
const isThere = existsSync(LIBRARIES) && spawnSync('javac', ['-version']).status === 0;
if (!isThere)
  console.warn("HL7's validator is not in build/hl7-validator (it needs a JDK and Maven): its contract test is skipped.");
else if (!usCorePackage) console.warn("The package of US Core is not in ../shared/data/igs: HL7's validator is not asked.");

/** What it cannot know without a terminology server, and what it says of narratives, addresses of Bundles and forms of SDC: no matter of US Core. */
const NOT_OURS =
  /^(Terminology_|Type_Specific_Checks_DT_XHTML_Resolve|BUNDLE_ENTRY_URL_MATCHES_TYPE_ID|Validation_VAL_Profile_Unknown)/;

/** Defects that it does not refuse, and why we do. */
const OURS_ALONE: Readonly<Record<string, string>> = {
  'us-core-goal: of an organization': 'it checks the type of a target only when it can fetch it',
  'us-core-careteam: of a group': 'the same',
  'us-core-medicationrequest: for a group': 'the same',
  'us-core-simple-observation: of a place': 'the same',
  'us-core-provenance: a practitioner on nobody’s behalf (provenance-1)': 'the same: resolve() finds nothing',
  'us-core-medicationdispense: a quantity in no unit of UCUM (maximum binding)': 'without a terminology server it warns',
  'us-core-smokingstatus: an answer outside SNOMED CT (maximum binding)': 'the same',
  'us-core-questionnaireresponse: two answered items of one linkId (sdcqr-2)':
    'fhirpath.js refuses it as we do, and so does its text',
};
const keyOf = ({ name, title }: SeededDefect): string => `${name}: ${title}`;

describe.skipIf(!isThere || !usCorePackage)("HL7's validator says of US Core what we say", () => {
  let folder: string;
  /** By name, the ids of its errors. */
  let errors: ReadonlyMap<string, readonly string[]>;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tessera-hl7-'));
    for (const resource of usCorePackage?.definitions ?? []) {
      if (['StructureDefinition', 'ValueSet', 'CodeSystem'].includes(resource.resourceType))
        writeFileSync(join(folder, `${resource.resourceType}-${resource.id}.json`), JSON.stringify(resource));
    }
    const line = (name: string, profile: string, resource: FhirResource) => `${name}\t${profile}\t${JSON.stringify(resource)}`;
    const lines = [
      ...(usCorePackage?.examples ?? []).map(({ name, resource }) => line(`example ${name}`, '', resource)),
      ...Object.entries(SOUND_EXAMPLES).map(([name, resource]) => line(`sound ${name}`, profileUrl(name), resource)),
      ...seededDefects().map((defect) => line(`defect ${keyOf(defect)}`, profileUrl(defect.name), defect.resource)),
    ];
    writeFileSync(join(folder, 'lines.tsv'), `${lines.join('\n')}\n`);
    errors = validated(folder, lines.length);
  }, 900_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const foundIn = (prefix: string) => [...errors].filter(([name]) => name.startsWith(prefix));

  test('every example of the package, and each of our own, is accepted', () => {
    const accepted = [...foundIn('example '), ...foundIn('sound ')];
    expect(accepted).toHaveLength(183 + 49);
    expect(accepted.flatMap(([name, ids]) => ids.filter((id) => !NOT_OURS.test(id)).map((id) => `${name}: ${id}`))).toEqual([]);
  });

  test('every seeded defect is refused, but for those that only we can see', () => {
    const unrefused = seededDefects().filter((defect) => {
      const ids = errors.get(`defect ${keyOf(defect)}`) ?? [];
      return !ids.some((id) => (defect.code === 'code-invalid' ? /^Terminology_TX_NoValid/.test(id) : !NOT_OURS.test(id)));
    });
    expect(unrefused.map(keyOf).sort()).toEqual(Object.keys(OURS_ALONE).sort());
  });
});

function validated(folder: string, count: number): ReadonlyMap<string, readonly string[]> {
  const program = resolve('test', 'contract', 'hl7-validator', 'Validate.java');
  const run = spawnSync('java', ['-cp', join(LIBRARIES, '*'), program, folder, join(folder, 'lines.tsv')], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (run.status !== 0) throw new Error(`The validator ended with ${run.status}: ${run.stderr.slice(-2_000)}`);
  const found = new Map<string, string[]>();
  for (const line of run.stdout.split('\n').filter(Boolean)) {
    const [name = '', severity = '', id = ''] = line.split('\t');
    const ids = found.get(name) ?? [];
    found.set(name, severity === 'ERROR' || severity === 'FATAL' ? [...ids, id] : ids);
  }
  if (found.size !== count) throw new Error(`The validator answered for ${found.size} of ${count} resources.`);
  return found;
}
