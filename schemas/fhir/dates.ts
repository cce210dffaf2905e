/**
 * FHIR R4's date and time formats, with the calendar: the 30th of February has the right shape and does not exist.
 * Source: FHIR R4, Data Types, "date", "dateTime", "instant", "time".
 */
const YEAR = '(?!0000)\\d{4}';
const MONTH = '(?:0[1-9]|1[0-2])';
const DAY = '(?:0[1-9]|[12]\\d|3[01])';
/** A leap second is written 60. */
const TIME = '(?:[01]\\d|2[0-3]):[0-5]\\d:(?:[0-5]\\d|60)(?:\\.\\d+)?';
const ZONE = '(?:Z|[+-](?:(?:0\\d|1[0-3]):[0-5]\\d|14:00))';

const DATE = new RegExp(`^${YEAR}(?:-${MONTH}(?:-${DAY})?)?$`);
const DATE_TIME = new RegExp(`^${YEAR}(?:-${MONTH}(?:-${DAY}(?:T${TIME}${ZONE})?)?)?$`);
const INSTANT = new RegExp(`^${YEAR}-${MONTH}-${DAY}T${TIME}${ZONE}$`);
const TIME_OF_DAY = new RegExp(`^${TIME}$`);

const digit = (text: string, at: number): number => text.charCodeAt(at) - 48;

/** Whether the day exists in its month. The text has one of the formats above. */
function dayExists(text: string): boolean {
  if (text.length < 10) return true;
  const day = digit(text, 8) * 10 + digit(text, 9);
  if (day <= 28) return true;
  const month = digit(text, 5) * 10 + digit(text, 6);
  if (month !== 2) return day <= 30 || !(month === 4 || month === 6 || month === 9 || month === 11);
  const year = Number(text.slice(0, 4));
  return day === 29 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

export const isDate = (text: string): boolean => DATE.test(text) && dayExists(text);
export const isDateTime = (text: string): boolean => DATE_TIME.test(text) && dayExists(text);
export const isInstant = (text: string): boolean => INSTANT.test(text) && dayExists(text);
export const isTime = (text: string): boolean => TIME_OF_DAY.test(text);
