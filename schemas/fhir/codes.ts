import { definitionTable } from './table.ts';

/** The codes of a required binding, and what to tell somebody who used another. */
export interface CodeList {
  has(code: string): boolean;
  /** For concepts: whether the list has the code of this system. */
  hasCoding(system: unknown, code: unknown): boolean;
  readonly help: string;
}

/** Type and subtype (RFC 6838), or the short forms that R4 allows for its own formats (CapabilityStatement.format). */
const MEDIA_TYPE = /^(?:xml|json|ttl|[\w!#$&^.+*-]+\/[\w!#$&^.+*-]+(?:\s*;.*)?)$/;
/** UCUM units are printable ASCII without spaces (UCUM, §§3-5). */
const UNIT = /^[!-~]+$/;
const UCUM = 'http://unitsofmeasure.org';

const RULES: Readonly<Record<string, CodeList>> = {
  '~media-type': { has: (code) => MEDIA_TYPE.test(code), hasCoding: () => true, help: 'Write a media type such as image/png.' },
  '~unit': {
    has: (code) => UNIT.test(code),
    hasCoding: (system, code) => system === UCUM && typeof code === 'string' && UNIT.test(code),
    help: `Give a unit of UCUM: system ${UCUM} and its code.`,
  },
};

const NAMED_IN_HELP = 12;

function readList(text: string): CodeList {
  const rule = RULES[text];
  if (rule) return rule;
  const groups = text.split('\n').map((line) => line.split('\t'));
  const codes = new Set(groups.flatMap(([, ...list]) => list));
  const codings = new Set(groups.flatMap(([system, ...list]) => list.map((code) => `${system}|${code}`)));
  const names = [...codes].slice(0, NAMED_IN_HELP).join(', ');
  return {
    has: (code) => codes.has(code),
    hasCoding: (system, code) => codings.has(`${system}|${code}`),
    help: codes.size > NAMED_IN_HELP ? `Use a code of the required value set, such as ${names}.` : `Use one of: ${names}.`,
  };
}

const lists: (CodeList | undefined)[] = [];

/** The code list of that number in the generated table. */
export function codeList(number: number): CodeList {
  const list = lists[number] ?? readList(definitionTable().codeLists[number] ?? '');
  lists[number] = list;
  return list;
}
