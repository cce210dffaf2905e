/** US Core's published package, beside the project where it is there at all. */
import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';
import { type FhirPackage, readPackage } from '../../schemas/build/us-core/read-package.ts';

const FOLDER = join(import.meta.dirname, '../../../shared/data/igs');
const [file] = existsSync(FOLDER) ? globSync(join(FOLDER, 'hl7.fhir.us.core-6.1.0.tgz')) : [];

export const usCorePackage: FhirPackage | undefined = file === undefined ? undefined : readPackage(file);
