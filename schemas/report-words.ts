/** The words of a report of a broken screen. Apart from its schema, so that the screen that sends one needs no zod. */

/** The errors that browsers and our own code throw; any other name becomes `Error`, for a name is free text too. */
export const ERROR_NAMES = [
  'Error',
  'TypeError',
  'RangeError',
  'ReferenceError',
  'SyntaxError',
  'DOMException',
  'ApiError',
  'QuotaExceededError',
] as const;
/** What is known of an error by its message, which itself stays where it is. */
export const ERROR_KINDS = ['part-not-loaded', 'not-drawable', 'endless', 'storage-full', 'told', 'other'] as const;
export const BROWSERS = ['edge', 'firefox', 'chrome', 'safari', 'other'] as const;

/** At most so many lines of a stack: the first few name the place. */
export const MOST_FRAMES = 20;
