import { refused } from './failure.ts';

/** What a form-encoded request says, nested: text, lists and objects. */
export type FormValue = string | FormValue[] | { [name: string]: FormValue };
export type Form = { [name: string]: FormValue };

const MOST_DEPTH = 8;

/** `a[b][0][c]=x` as {a: {b: [{c: 'x'}]}}. @throws StripeFailure for a name that contradicts another */
export function readForm(text: string): Form {
  const root: Form = Object.create(null) as Form;
  for (const [name, value] of new URLSearchParams(text)) put(root, partsOf(name), value, name);
  return tidy(root) as Form;
}

function partsOf(name: string): string[] {
  const [, first = '', rest = ''] = /^([^[\]]+)((?:\[[^[\]]*\])*)$/.exec(name) ?? [];
  if (first === '') throw refused(`Invalid request parameter name: ${name.slice(0, 80)}`);
  return [first, ...[...rest.matchAll(/\[([^[\]]*)\]/g)].map(([, part = '']) => part)];
}

function put(root: Form, parts: readonly string[], value: string, name: string): void {
  if (parts.length > MOST_DEPTH || parts.some((part) => part === '__proto__'))
    throw refused(`Invalid parameter: ${name.slice(0, 80)}`);
  let at: Form = root;
  for (const [index, part] of parts.entries()) {
    const key = part === '' ? String(Object.keys(at).length) : part;
    if (index === parts.length - 1) {
      at[key] = value;
      return;
    }
    const next = at[key] ?? (Object.create(null) as Form);
    if (typeof next === 'string') throw refused('Invalid object', { param: parts.slice(0, index + 1).join('.') });
    at[key] = next;
    at = next as Form;
  }
}

/** Objects whose keys are 0, 1, 2... are lists. */
function tidy(value: FormValue): FormValue {
  if (typeof value === 'string' || Array.isArray(value)) return value;
  const entries = Object.entries(value).map(([key, part]) => [key, tidy(part)] as const);
  if (entries.length > 0 && entries.every(([key]) => /^\d+$/.test(key))) return entries.map(([, part]) => part);
  return Object.fromEntries(entries);
}
