import type { CodeableConcept, Coding, ContactPoint, Identifier } from 'fhir/r4';
import { splitEscaped, toPlainText } from '../escapes.ts';
import { fold, foldedPhone, foldedWords } from '../fold.ts';

/** A code as search compares it (FHIR R4, Search, "token"). */
export interface Token {
  readonly code?: string;
  readonly system?: string;
  /** The element is a plain code, boolean or string: its system is implied and not checked. */
  readonly plain?: true;
  /** An identifier, a telephone number, an e-mail address: compared folded. */
  readonly folded?: 'identifier' | 'phone' | 'text';
  readonly texts: readonly string[];
}

const given = (...texts: (string | undefined)[]): string[] => texts.filter((text) => text !== undefined);
const fromCoding = ({ system, code, display }: Coding, text?: string): Token => ({
  ...(system && { system }),
  ...(code && { code }),
  texts: given(display, text),
});

/** The tokens of an element. */
export function tokensOf(element: unknown, dataType: string): Token[] {
  switch (dataType) {
    case 'CodeableConcept': {
      const { coding, text } = element as CodeableConcept;
      return coding?.length ? coding.map((each) => fromCoding(each, text)) : [{ texts: given(text) }];
    }
    case 'Coding':
      return [fromCoding(element as Coding)];
    case 'Identifier': {
      const { system, value, type } = element as Identifier;
      return [{ ...(system && { system }), ...(value && { code: value }), folded: 'identifier', texts: given(type?.text) }];
    }
    case 'ContactPoint': {
      const { system, value } = element as ContactPoint;
      return value
        ? [{ code: value, plain: true, folded: system === 'email' || system === 'url' ? 'text' : 'phone', texts: [value] }]
        : [];
    }
    case 'exists':
      return [{ code: 'true', plain: true, texts: [] }];
    default:
      return [{ code: String(element), plain: true, texts: [String(element)] }];
  }
}

/** `code`, `system|code`, `|code` (no system) or `system|` (any code of it). An empty system means that there must be none. */
export interface TokenTest {
  readonly system?: string;
  readonly code?: string;
}

export function parseTokenTest(text: string): TokenTest {
  const parts = splitEscaped(text, '|').map(toPlainText);
  if (parts.length === 1) return { code: parts[0] ?? '' };
  const [system = '', ...rest] = parts;
  const code = rest.join('|');
  return { system, ...(code !== '' && { code }) };
}

export function tokenMatches({ system, code }: TokenTest, token: Token): boolean {
  if (system !== undefined && !systemMatches(system, token, code !== undefined)) return false;
  return code === undefined ? token.code !== undefined : token.code !== undefined && codeMatches(code, token.code, token.folded);
}

function systemMatches(system: string, token: Token, hasCode: boolean): boolean {
  if (token.plain) return hasCode;
  return system === '' ? token.system === undefined : token.system === system;
}

function codeMatches(asked: string, stored: string, folded: Token['folded']): boolean {
  if (folded === 'phone') return phoneMatches(asked, stored);
  if (folded === 'text') return fold(stored).startsWith(fold(asked));
  return folded === 'identifier' ? fold(stored) === fold(asked) : stored === asked;
}

function phoneMatches(asked: string, stored: string): boolean {
  const digits = foldedPhone(asked);
  return digits !== undefined && foldedPhone(stored)?.startsWith(digits) === true;
}

/** `:text`: every word asked for begins a word of a display or text. */
export function textMatches(asked: string, token: Token): boolean {
  const words = token.texts.flatMap(foldedWords);
  const wanted = foldedWords(asked);
  return wanted.length > 0 && wanted.every((word) => words.some((other) => other.startsWith(word)));
}
