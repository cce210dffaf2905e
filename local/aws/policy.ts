import { fitsWildcard } from '../front-door/wildcard.ts';
import type { Statement } from '../template/roles.ts';
import type { Principal } from './credentials.ts';

/** What is asked: an action on a resource, with the values of the condition keys that this service supplies. */
export interface Question {
  readonly action: string;
  readonly resource: string;
  readonly context: Readonly<Record<string, readonly string[]>>;
}

/**
 * Whether the statements allow it: one Allow and no Deny. Only what our template uses is understood (StringLike, StringEquals and
 * their ForAllValues, Null, Bool); a statement with any other condition allows nothing.
 */
export function isAllowed(statements: readonly Statement[], principal: Pick<Principal, 'tags'>, question: Question): boolean {
  const applying = statements.filter((statement) => applies(statement, principal, question));
  return applying.some(({ Effect }) => Effect === 'Allow') && !applying.some(({ Effect }) => Effect === 'Deny');
}

function applies(
  { Action, Resource, Condition = {} }: Statement,
  principal: Pick<Principal, 'tags'>,
  { action, resource, context }: Question,
): boolean {
  const fill = (pattern: string): string =>
    pattern.replaceAll(/\$\{aws:PrincipalTag\/([^}]+)\}/g, (_, tag: string) => principal.tags[tag] ?? '\u0000');
  return (
    list(Action).some((pattern) => fitsWildcard(pattern.toLowerCase(), action.toLowerCase())) &&
    (Resource === undefined || list(Resource).some((pattern) => fitsWildcard(fill(pattern), resource))) &&
    Object.entries(Condition).every(([operator, keys]) =>
      Object.entries(keys).every(([key, wanted]) => holds(operator, context[key], list(wanted).map(fill))),
    )
  );
}

function holds(operator: string, actual: readonly string[] | undefined, wanted: readonly string[]): boolean {
  switch (operator) {
    case 'StringLike':
    case 'ArnLike':
      return actual?.some((value) => wanted.some((pattern) => fitsWildcard(pattern, value))) ?? false;
    case 'StringEquals':
    case 'Bool':
      return actual?.some((value) => wanted.includes(value)) ?? false;
    case 'ForAllValues:StringLike':
      return (actual ?? []).every((value) => wanted.some((pattern) => fitsWildcard(pattern, value)));
    case 'ForAllValues:StringEquals':
      return (actual ?? []).every((value) => wanted.includes(value));
    case 'Null':
      return wanted.includes(String(actual === undefined || actual.length === 0));
    default:
      return false;
  }
}

const list = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === 'string' ? [value] : value;
