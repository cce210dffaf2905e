import { featureHandler } from '../../core/http/feature.ts';
import { featureDeps } from '../../core/http/from-environment.ts';
import { openRecords } from '../../core/store/open-records.ts';
import { chartsEndpoints } from './endpoints.ts';

const { records, audit } = openRecords();

export const handler = featureHandler(chartsEndpoints({ records }), featureDeps(audit));
