/** Of this build of the app: package.json's, which test/house/version.test.ts holds it to. */
export const VERSION = '0.1.0';
