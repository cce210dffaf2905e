/**
 * Compiles the FHIRPath of R4's invariants to TypeScript over JSON, with the parser of npm `fhirpath` and the functions of
 * schemas/fhir/fhirpath.ts. It knows what R4's invariants use and throws on everything else, so that nothing is translated by guess.
 * The data tests compare each compiled invariant with what fhirpath.js answers.
 */
import fhirpath from 'fhirpath';

/** How JSON names an element, and the types it may have; no types: unknown. */
export interface Child {
  readonly keys: readonly string[];
  readonly types: readonly string[];
}
/** Finds a child element of a type. */
export type FindChild = (type: string, name: string) => Child | undefined;

interface Node {
  readonly type: string;
  readonly text?: string;
  readonly children?: readonly Node[];
}

/** Compiled code: of a collection, or of a truth, which is certain when it cannot be empty. */
type Code =
  | {
      readonly kind: 'collection';
      readonly js: string;
      readonly types: readonly string[];
      readonly single?: string;
      readonly key?: readonly string[];
    }
  | { readonly kind: 'truth'; readonly js: string; readonly certain: boolean }
  | { readonly kind: 'number'; readonly js: string };

/** What `$this` is while a part is compiled: the name of the variable, and its types. */
interface Here {
  readonly variable: string;
  readonly types: readonly string[];
}

const collection = (js: string, types: readonly string[] = []): Code => ({ kind: 'collection', js, types });
const certain = (js: string): Code => ({ kind: 'truth', js, certain: true });
const truth = (js: string): Code => ({ kind: 'truth', js, certain: false });

const asCollection = (code: Code): string =>
  code.kind === 'collection' ? code.js : code.kind === 'number' ? `[${code.js}]` : `f.asCollection(${code.js})`;
const asTruth = (code: Code): { js: string; certain: boolean } =>
  code.kind === 'truth' ? code : { js: code.kind === 'number' ? 'true' : `f.truth(${code.js})`, certain: code.kind === 'number' };
const unquoted = (text: string): string =>
  JSON.parse(`"${text.slice(1, -1).replace(/\\'/g, "'").replace(/\\\//g, '/').replace(/"/g, '\\"')}"`);

/** A list of texts that are written out. */
const LITERALS = /^\["[^"]*"(?:, "[^"]*")*\]$/;
const COMPARISONS: Readonly<Record<string, string>> = { '<=': 'atMost', '>=': 'atLeast', '<': 'less', '>': 'more' };
const NUMBERS_COMPARED: Readonly<Record<string, string>> = {
  '<=': '<=',
  '>=': '>=',
  '<': '<',
  '>': '>',
  '=': '===',
  '!=': '!==',
};

/** FHIRPath's own names of types that FHIR names otherwise. */
const SYSTEM_TYPES: Readonly<Record<string, string>> = { Boolean: 'boolean', DateTime: 'dateTime' };

export class Compiler {
  private readonly findChild: FindChild;
  private readonly resourceTypes: readonly string[];
  private readonly self: Here;
  /** Lists of keys that stand before the invariants as constants K0, K1, ... */
  private readonly keyLists: string[];
  /** Parts that do not depend on `$this`, worked out once before the loops. */
  private readonly hoisted: string[] = [];
  private variables = 0;

  /** For an element of one of the types, in a resource of one of the types (empty: any). */
  constructor(findChild: FindChild, types: readonly string[], resourceTypes: readonly string[], keyLists: string[]) {
    this.keyLists = keyLists;
    this.findChild = findChild;
    this.resourceTypes = resourceTypes;
    this.self = { variable: 'n', types };
  }

  /** A function `(n, w) => boolean | undefined`. @throws Error for what this compiler does not know */
  compile(expression: string): string {
    const code = asTruth(this.visit(fhirpath.parse(expression) as Node, this.self)).js;
    if (this.hoisted.length === 0) return `(n, w) => ${code}`;
    return `(n, w) => { ${this.hoisted.map((js, index) => `const h${index} = ${js};`).join(' ')} return ${code}; }`;
  }

  private visit(node: Node, here: Here): Code {
    const [a, b] = node.children ?? [];
    switch (node.type) {
      case 'EntireExpression':
      case 'TermExpression':
      case 'InvocationTerm':
      case 'ParenthesizedTerm':
        return this.visit(required(a), here);
      case 'LiteralTerm':
        return literal(required(a));
      case 'ThisInvocation':
        return this.itself(here);
      case 'ExternalConstantTerm':
        return this.constant(required(required(a).children?.[0]).text ?? '');
      case 'MemberInvocation':
        return this.member(this.itself(here), node.text ?? '', true);
      case 'FunctionInvocation':
        return this.call(this.itself(here), node, here);
      case 'InvocationExpression':
        return this.invocation(node, here);
      case 'IndexerExpression':
        return this.onCollection(required(a), here, (js, types) =>
          collection(`f.index(${js}, ${numberOf(this.visit(required(b), here))})`, types),
        );
      case 'TypeExpression':
        return this.typeTest(this.visit(required(a), here), node.text ?? '', required(b).text ?? textOf(required(b)));
      default:
        return this.operator(node, this.visit(required(a), here), this.visit(required(b), here));
    }
  }

  /** Keys as arguments. Long lists are written once for all invariants. */
  private keyText(keys: readonly string[]): string {
    if (keys.length <= 3) return keys.map((key) => JSON.stringify(key)).join(', ');
    const text = JSON.stringify(keys);
    if (!this.keyLists.includes(text)) this.keyLists.push(text);
    return `...K${this.keyLists.indexOf(text)}`;
  }

  private itself(here: Here): Code {
    return { kind: 'collection', js: `[${here.variable}]`, types: here.types, single: here.variable };
  }

  private onCollection(node: Node, here: Here, then: (js: string, types: readonly string[]) => Code): Code {
    const code = this.visit(node, here);
    if (code.kind !== 'collection') throw new Error(`Expected a collection: ${node.type}`);
    return then(code.js, code.types);
  }

  private constant(name: string): Code {
    if (name === 'ucum') return collection("['http://unitsofmeasure.org']", ['uri']);
    if (name === 'context') return this.itself(this.self);
    if (name === 'resource') return { kind: 'collection', js: '[w.resource]', types: this.resourceTypes, single: 'w.resource' };
    throw new Error(`Unknown constant %${name}`);
  }

  private invocation(node: Node, here: Here): Code {
    const [target, step] = [required(node.children?.[0]), required(node.children?.[1])];
    const code = this.visit(target, here);
    const result = step.type === 'MemberInvocation' ? this.member(code, step.text ?? '', false) : this.call(code, step, here);
    const isFixed = startsAtConstant(target) && step.type === 'MemberInvocation' && here.variable !== 'n';
    return isFixed && result.kind === 'collection' ? this.hoist(result) : result;
  }

  private hoist(code: Code & { kind: 'collection' }): Code {
    const known = /^f\.at\((h\d+), (.*)\)$/.exec(code.js);
    const last = this.hoisted.length - 1;
    if (known && known[1] === `h${last}`) {
      this.hoisted[last] = `f.at(${this.hoisted[last]}, ${known[2]})`;
      return collection(`h${last}`, code.types);
    }
    return collection(`h${this.hoisted.push(code.js) - 1}`, code.types);
  }

  private member(of: Code, quotedName: string, isFirst: boolean): Code {
    const name = quotedName.replace(/^`|`$/g, '');
    if (of.kind !== 'collection') throw new Error(`${name} of what is no collection`);
    if (isFirst && of.types.includes(name)) return of; // `Appointment.status`, said of an Appointment
    const found = of.types.map((type) => this.findChild(type, name)).filter((child) => child !== undefined);
    if (found.length === 0 && of.types.length > 0) throw new Error(`No element ${name} in ${of.types.join(', ')}`);
    const keys = found.length === 0 ? [name] : [...new Set(found.flatMap((child) => child.keys))];
    const types = [...new Set(found.flatMap((child) => child.types))];
    const js = `f.at(${of.js}, ${this.keyText(keys)})`;
    return { kind: 'collection', js, types, ...(of.single && !of.key && { single: of.single, key: keys }) };
  }

  /** Whether there is any: without making the list where one element's keys can be asked. */
  private exists(of: Code): string {
    if (of.kind !== 'collection') throw new Error('exists() of what is no collection');
    if (of.single && of.key) {
      const { single, key } = of;
      if (key.length > 2 || single !== 'n') return `f.has(${single}, ${this.keyText(key)})`;
      return `(${key.map((one) => `n.${one} !== undefined || n._${one} !== undefined`).join(' || ')})`;
    }
    return `${of.js}.length > 0`;
  }

  private call(of: Code, node: Node, here: Here): Code {
    const functn = required(node.children?.[0]);
    const name = functn.children?.[0]?.text ?? '';
    const parameters = functn.children?.[1]?.children ?? [];
    const [parameter] = parameters;
    const js = asCollection(of);
    const types = of.kind === 'collection' ? of.types : [];
    const argument = (): Code => this.visit(required(parameter), here);
    switch (name) {
      case 'exists':
        return parameter ? certain(`${js}.some(${this.lambda(parameter, types)})`) : certain(this.exists(of));
      case 'empty':
        return certain(`!(${this.exists(of)})`);
      case 'not': {
        const inner = asTruth(of);
        return inner.certain ? certain(`!(${inner.js})`) : truth(`f.not(${inner.js})`);
      }
      case 'all':
        return certain(`${js}.every(${this.lambda(required(parameter), types)})`);
      case 'where':
        return collection(`${js}.filter(${this.lambda(required(parameter), types)})`, types);
      case 'select':
        return this.select(js, required(parameter), types);
      case 'count':
        return { kind: 'number', js: `${js}.length` };
      case 'ofType':
        return ofType(of, textOf(required(parameter)));
      case 'repeat':
        return this.repeat(js, required(parameter), types);
      case 'resolve':
        return collection(`f.resolve(${js}, w)`);
      case 'length':
        return collection(`f.length(${js})`, ['integer']);
      case 'hasValue':
      case 'isDistinct':
      case 'allFalse':
      case 'allTrue':
        return certain(`f.${name}(${js})`);
      case 'first':
      case 'tail':
        return collection(`f.${name}(${js})`, types);
      case 'children':
      case 'descendants':
        return collection(`f.${name}(${js})`);
      case 'toInteger':
        return collection(`f.toInteger(${js})`);
      case 'toString':
        return collection(`f.toText(${js})`);
      case 'trace':
        return of;
      case 'startsWith':
      case 'contains':
        return truth(`f.${name}(${js}, ${asCollection(argument())})`);
      case 'matches':
        return truth(`f.matches(${js}, ${pattern(required(parameter))})`);
      case 'replaceMatches':
        return collection(
          `f.replaceMatches(${js}, ${pattern(required(parameter))}, ${asCollection(this.visit(required(parameters[1]), here))}.join(''))`,
        );
      case 'intersect':
        return collection(`f.intersect(${js}, ${asCollection(argument())})`, types);
      case 'combine':
        return collection(`f.combine(${js}, ${asCollection(argument())})`, types);
      case 'is':
        return this.typeTest(of, 'is', textOf(required(parameter)));
      case 'iif':
        return truth(
          `(${asTruth(argument()).js} === true ? ${parameters
            .slice(1, 3)
            .map((one) => asTruth(this.visit(one, here)).js)
            .join(' : ')}${parameters.length < 3 ? ' : undefined' : ''})`,
        );
      default:
        throw new Error(`Unknown function ${name}()`);
    }
  }

  private inner(types: readonly string[]): Here {
    return { variable: `x${++this.variables}`, types };
  }

  private lambda(node: Node, types: readonly string[]): string {
    const here = this.inner(types);
    const { js, certain: isCertain } = asTruth(this.visit(node, here));
    return `(${here.variable}) => ${isCertain ? js : `${js} === true`}`;
  }

  private select(js: string, node: Node, types: readonly string[]): Code {
    const here = this.inner(types);
    const code = this.visit(node, here);
    return collection(`${js}.flatMap((${here.variable}) => ${asCollection(code)})`, code.kind === 'collection' ? code.types : []);
  }

  /** `repeat(answer|item)`: elements of these names, and of these in those, and so on. */
  private repeat(js: string, node: Node, types: readonly string[]): Code {
    const names = namesIn(node);
    let reached = [...types];
    for (let before = -1; before !== reached.length; ) {
      before = reached.length;
      reached = [
        ...new Set([...reached, ...reached.flatMap((type) => names.flatMap((name) => this.findChild(type, name)?.types ?? []))]),
      ];
    }
    const keys = names.flatMap((name) => reached.flatMap((type) => this.findChild(type, name)?.keys ?? []));
    return collection(`f.repeat(${js}, ${this.keyText([...new Set(keys)])})`, reached);
  }

  private typeTest(of: Code, operator: string, type: string): Code {
    const name = JSON.stringify(SYSTEM_TYPES[type] ?? type);
    if (operator === 'is') return truth(`f.truth(${asCollection(of)}.map((x) => f.isType(x, ${name})))`);
    if (operator === 'as') return collection(`${asCollection(of)}.filter((x) => f.isType(x, ${name}))`, [type]);
    throw new Error(`Unknown type operator ${operator}`);
  }

  private operator(node: Node, a: Code, b: Code): Code {
    const operator = node.text ?? '';
    if (['and', 'or', 'xor', 'implies'].includes(operator)) return logic(operator, asTruth(a), asTruth(b));
    if (a.kind === 'number' && b.kind === 'number') {
      if (operator === '+') return { kind: 'number', js: `(${a.js} + ${b.js})` };
      const compared = NUMBERS_COMPARED[operator];
      if (compared) return certain(`${a.js} ${compared} ${b.js}`);
    }
    if ((operator === '=' || operator === '!=') && a.kind === 'truth' && b.kind === 'truth' && a.certain && b.certain) {
      return certain(`((${a.js}) ${operator === '=' ? '===' : '!=='} (${b.js}))`);
    }
    const [left, right] = [asCollection(a), asCollection(b)];
    if (operator === '=') return truth(`f.equal(${left}, ${right})`);
    if (operator === '!=') return truth(`f.not(f.equal(${left}, ${right}))`);
    if (operator === '|' && LITERALS.test(left) && LITERALS.test(right))
      return collection(`${left.slice(0, -1)}, ${right.slice(1)}`, ['string']);
    if (operator === '|')
      return collection(
        `f.union(${left}, ${right})`,
        [a, b].flatMap((code) => (code.kind === 'collection' ? code.types : [])),
      );
    if (operator === '&') return collection(`f.concatenate(${left}, ${right})`);
    if (operator === 'in') return truth(`f.isIn(${left}, ${right})`);
    if (operator === 'contains') return truth(`f.isIn(${right}, ${left})`);
    const compare = COMPARISONS[operator];
    if (compare) return truth(`f.${compare}(${left}, ${right})`);
    throw new Error(`Unknown operator ${operator} (${node.type})`);
  }
}

function logic(operator: string, a: { js: string; certain: boolean }, b: { js: string; certain: boolean }): Code {
  if (!a.certain || !b.certain) return truth(`f.${operator}(${a.js}, ${b.js})`);
  if (operator === 'and') return certain(`((${a.js}) && (${b.js}))`);
  if (operator === 'or') return certain(`((${a.js}) || (${b.js}))`);
  if (operator === 'xor') return certain(`((${a.js}) !== (${b.js}))`);
  return certain(`(!(${a.js}) || (${b.js}))`);
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('A part of the expression is missing');
  return value;
}

const numberOf = (code: Code): string => {
  if (code.kind !== 'number') throw new Error('Expected a number');
  return code.js;
};

/** `value.ofType(Quantity)`: the one key of a choice. */
function ofType(of: Code, type: string): Code {
  const key = of.kind === 'collection' ? of.key?.find((one) => one.endsWith(type)) : undefined;
  if (of.kind !== 'collection' || !of.single || !key) throw new Error(`ofType(${type}) of what is no choice`);
  return { kind: 'collection', js: `f.at([${of.single}], ${JSON.stringify(key)})`, types: [type], single: of.single, key: [key] };
}

/** The names in `a|b`. @throws Error for anything but plain names */
function namesIn(node: Node): string[] {
  if (node.type === 'MemberInvocation') return [node.text ?? ''];
  if (!['UnionExpression', 'TermExpression', 'InvocationTerm'].includes(node.type))
    throw new Error(`Expected names: ${node.type}`);
  return (node.children ?? []).flatMap(namesIn);
}

/** The text of a type specifier or of an expression made of names. */
const textOf = (node: Node): string => node.text ?? (node.children ?? []).map(textOf).join('.');

function literal(node: Node): Code {
  const text = node.text ?? '';
  if (node.type === 'StringLiteral') return collection(`[${JSON.stringify(unquoted(text))}]`, ['string']);
  if (node.type === 'NumberLiteral') return { kind: 'number', js: text };
  if (node.type === 'BooleanLiteral') return certain(text);
  throw new Error(`Unknown literal ${node.type}`);
}

/** A regular expression, matched anywhere as FHIRPath 1 says. @throws Error unless it is written as a literal */
function pattern(node: Node): string {
  const found = /^\["(.*)"\]$/.exec(
    node.type === 'TermExpression' ? asCollection(literal(required(required(node.children?.[0]).children?.[0]))) : '',
  );
  if (!found) throw new Error('Expected a literal regular expression');
  return `/${JSON.parse(`"${found[1]}"`).replace(/(?<!\\)\//g, '\\/')}/`;
}

function startsAtConstant(node: Node): boolean {
  if (node.type === 'ExternalConstantTerm') return true;
  const [head] = node.children ?? [];
  return (
    head !== undefined &&
    ['TermExpression', 'InvocationExpression'].includes(node.type) &&
    node.children?.[1]?.type !== 'FunctionInvocation' &&
    startsAtConstant(head)
  );
}
