/**
 * Event patterns of EventBridge and of Lambda's event source filters: every field that the pattern names must fit; a list of values
 * means "one of these"; objects in a list are comparisons ("Comparison operators for use in event patterns", EventBridge User Guide).
 */
export function fitsPattern(pattern: unknown, value: unknown): boolean {
  if (Array.isArray(pattern)) {
    const values: unknown[] = Array.isArray(value) ? value : [value];
    return pattern.some((wanted) => values.some((actual) => fitsOne(wanted, actual)));
  }
  if (typeof pattern !== 'object' || pattern === null) return pattern === value;
  const fields = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  return Object.entries(pattern).every(([name, wanted]) =>
    name === '$or' ? (wanted as unknown[]).some((one) => fitsPattern(one, value)) : fitsPattern(wanted, fields[name]),
  );
}

function fitsOne(wanted: unknown, actual: unknown): boolean {
  if (typeof wanted !== 'object' || wanted === null) return wanted === actual || (wanted === null && actual === null);
  const [[operator, operand] = []] = Object.entries(wanted);
  switch (operator) {
    case 'exists':
      return (actual !== undefined) === operand;
    case 'prefix':
      return typeof actual === 'string' && actual.startsWith(String(operand));
    case 'suffix':
      return typeof actual === 'string' && actual.endsWith(String(operand));
    case 'equals-ignore-case':
      return typeof actual === 'string' && actual.toLowerCase() === String(operand).toLowerCase();
    case 'anything-but':
      return actual !== undefined && !fitsPattern([operand].flat(), actual);
    case 'numeric':
      return typeof actual === 'number' && fitsNumeric(operand as (string | number)[], actual);
    default:
      throw new Error(`The local runtime does not know the comparison "${operator}" of event patterns.`);
  }
}

/** ['>', 0, '<=', 5] */
function fitsNumeric(comparisons: readonly (string | number)[], actual: number): boolean {
  for (let index = 0; index + 1 < comparisons.length; index += 2) {
    const bound = Number(comparisons[index + 1]);
    const holds = {
      '=': actual === bound,
      '<': actual < bound,
      '<=': actual <= bound,
      '>': actual > bound,
      '>=': actual >= bound,
    }[String(comparisons[index])];
    if (!holds) return false;
  }
  return true;
}
