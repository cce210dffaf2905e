import packageJson from '../package.json' with { type: 'json' };

/** The version that /api/platform/config and the CapabilityStatement name. */
export const VERSION: string = packageJson.version;
/** The day from which the CapabilityStatement has been as it is, yyyy-mm-dd. */
export const CAPABILITIES_DATE = '2026-11-23';
