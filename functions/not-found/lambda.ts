import { featureHandler } from '../../core/http/feature.ts';
import { writeLog } from '../../core/http/log.ts';

/** The gateway's $default route: what no feature serves is 404 in our words, not the gateway's. */
export const handler = featureHandler([], { originSecret: process.env.ORIGIN_SECRET ?? '', log: writeLog });
