/** By which an answer names one of the texts of problem-texts.ts: a part of the API. */
export const PROBLEM_SYSTEM = 'urn:tessera:problem';
/** The url of the extension that carries a value, before its name. */
export const PROBLEM_VALUE = 'urn:tessera:problem-value:';
