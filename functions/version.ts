/** The version that /api/platform/config and the CapabilityStatement name: package.json's, which version.test.ts holds it to. */
export const VERSION = '0.1.0';
/** The day from which the CapabilityStatement has been as it is, yyyy-mm-dd. */
export const CAPABILITIES_DATE = '2026-11-23';
