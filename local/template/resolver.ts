import type { Assembly, Resource, Stack } from './assembly.ts';

/** A resource and where it stands. */
export interface Located {
  readonly stack: Stack;
  readonly id: string;
  readonly resource: Resource;
}

/** What CloudFormation would learn from AWS, and here from the runtime: `attribute` is undefined for a Ref. */
export type AttributeOf = (located: Located, attribute: string | undefined, resolver: Resolver) => unknown;
/** What the person who deploys supplies, by name. */
export interface Given {
  /** Values of parameters, as `cdk deploy --parameters` would pass them. */
  readonly parameters: Readonly<Record<string, string>>;
  /** For a dynamic reference, and for a parameter that is neither given nor has a default: random, and the same at every start. */
  readonly secretFor: (name: string) => string;
}

const NOTHING = Symbol('AWS::NoValue');

/** Resolves CloudFormation's intrinsic functions over all stacks of an assembly. */
export class Resolver {
  readonly assembly: Assembly;
  readonly #attributeOf: AttributeOf;
  readonly #given: Given;

  constructor(assembly: Assembly, attributeOf: AttributeOf, given: Given) {
    this.assembly = assembly;
    this.#attributeOf = attributeOf;
    this.#given = given;
  }

  /** All resources of one or more types, those whose condition is false left out. */
  all(...types: readonly string[]): Located[] {
    return this.assembly.stacks.flatMap((stack) =>
      [...stack.resources].flatMap(([id, resource]) =>
        types.includes(resource.Type) && (!resource.Condition || this.#condition(stack, { Condition: resource.Condition }))
          ? [{ stack, id, resource }]
          : [],
      ),
    );
  }

  /** A copy of the value with every intrinsic function replaced. */
  resolve(stack: Stack, value: unknown): unknown {
    const resolved = this.#resolve(stack, value);
    return resolved === NOTHING ? undefined : resolved;
  }

  /** A property of a located resource, resolved. */
  property<T>(located: Located, name: string): T | undefined {
    return this.resolve(located.stack, located.resource.Properties[name]) as T | undefined;
  }

  /** As `resolve`, for what must be a string. @throws Error when it is none. */
  text(stack: Stack, value: unknown): string {
    const resolved = this.resolve(stack, value);
    if (typeof resolved === 'string' || typeof resolved === 'number' || typeof resolved === 'boolean') return String(resolved);
    throw new Error(`${stack.name}: expected text where the template has ${JSON.stringify(value)}.`);
  }

  /** The first resource that a value points at, by Ref, GetAtt, Join, Sub or an export of another stack. */
  target(stack: Stack, value: unknown): Located | undefined {
    if (Array.isArray(value)) return first(value, (part) => this.target(stack, part));
    const intrinsic = asIntrinsic(value);
    if (!intrinsic)
      return typeof value === 'object' && value !== null
        ? first(Object.values(value), (part) => this.target(stack, part))
        : undefined;
    const [name, argument] = intrinsic;
    if (name === 'Ref') return this.#located(stack, String(argument));
    if (name === 'Fn::GetAtt') return this.#located(stack, getAttParts(argument)[0]);
    if (name === 'Fn::ImportValue') {
      const exported = this.#exported(this.text(stack, argument));
      return exported && this.target(exported.stack, exported.value);
    }
    if (name === 'Fn::Sub') return first(namesInSub(argument), (part) => this.#located(stack, part.split('.')[0] ?? ''));
    return this.target(stack, argument);
  }

  /** What AWS would answer for a Ref (attribute undefined) or GetAtt of the resource. */
  attribute(located: Located, attribute?: string): unknown {
    return this.#attributeOf(located, attribute, this);
  }

  #located(stack: Stack, id: string): Located | undefined {
    const resource = stack.resources.get(id);
    return resource && { stack, id, resource };
  }

  #resolve(stack: Stack, value: unknown): unknown {
    if (typeof value === 'string') return this.#withSecrets(value);
    if (Array.isArray(value)) return value.map((part) => this.#resolve(stack, part)).filter((part) => part !== NOTHING);
    if (typeof value !== 'object' || value === null) return value;
    const intrinsic = asIntrinsic(value);
    if (intrinsic) return this.#intrinsic(stack, ...intrinsic);
    return Object.fromEntries(
      Object.entries(value)
        .map(([name, part]) => [name, this.#resolve(stack, part)] as const)
        .filter(([, part]) => part !== NOTHING),
    );
  }

  #intrinsic(stack: Stack, name: string, argument: unknown): unknown {
    switch (name) {
      case 'Ref':
        return this.#ref(stack, String(argument));
      case 'Fn::GetAtt': {
        const [id, attribute] = getAttParts(argument);
        return this.attribute(this.#mustLocate(stack, id), attribute);
      }
      case 'Fn::Join': {
        const [separator, parts] = argument as [string, unknown];
        return onLoopback((this.#resolve(stack, parts) as unknown[]).map(String).join(separator));
      }
      case 'Fn::Sub':
        return onLoopback(this.#sub(stack, argument));
      case 'Fn::Select': {
        const [index, list] = argument as [unknown, unknown];
        return (this.#resolve(stack, list) as unknown[])[Number(this.#resolve(stack, index))];
      }
      case 'Fn::Split': {
        const [separator, source] = argument as [string, unknown];
        return this.text(stack, source).split(separator);
      }
      case 'Fn::ImportValue': {
        const exportName = this.text(stack, argument);
        const exported = this.#exported(exportName);
        if (!exported) throw new Error(`${stack.name} imports ${exportName}, which no stack exports.`);
        return this.#resolve(exported.stack, exported.value);
      }
      case 'Fn::If': {
        const [condition, whenTrue, whenFalse] = argument as [string, unknown, unknown];
        return this.#resolve(stack, this.#condition(stack, { Condition: condition }) ? whenTrue : whenFalse);
      }
      case 'Fn::Base64':
        return Buffer.from(this.text(stack, argument)).toString('base64');
      case 'Fn::GetAZs':
        return [`${stack.region}a`, `${stack.region}b`];
      default:
        throw new Error(`${stack.name}: the local runtime does not know ${name}.`);
    }
  }

  #ref(stack: Stack, name: string): unknown {
    switch (name) {
      case 'AWS::AccountId':
        return stack.account;
      case 'AWS::Region':
        return stack.region;
      case 'AWS::Partition':
        return 'aws';
      case 'AWS::URLSuffix':
        return 'amazonaws.com';
      case 'AWS::StackName':
        return stack.name;
      case 'AWS::StackId':
        return `arn:aws:cloudformation:${stack.region}:${stack.account}:stack/${stack.name}/local`;
      case 'AWS::NoValue':
        return NOTHING;
    }
    const parameter = stack.parameters[name];
    if (parameter) return this.#given.parameters[name] ?? parameter.Default ?? this.#given.secretFor(name);
    return this.attribute(this.#mustLocate(stack, name), undefined);
  }

  #sub(stack: Stack, argument: unknown): string {
    const [text, variables] = (Array.isArray(argument) ? argument : [argument, {}]) as [string, Record<string, unknown>];
    return text.replaceAll(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
      if (literal) return `\${${name}}`;
      if (name in variables) return this.text(stack, variables[name]);
      const [id = '', attribute] = splitOnce(name);
      return this.text(stack, attribute ? { 'Fn::GetAtt': [id, attribute] } : { Ref: id });
    });
  }

  #exported(name: string): { stack: Stack; value: unknown } | undefined {
    for (const stack of this.assembly.stacks) {
      for (const output of Object.values(stack.outputs)) {
        if (output.Export && this.text(stack, output.Export.Name) === name) return { stack, value: output.Value };
      }
    }
    return undefined;
  }

  #condition(stack: Stack, expression: unknown): boolean {
    const [name, argument] = asIntrinsic(expression) ?? [];
    switch (name) {
      case 'Condition':
        return this.#condition(stack, stack.conditions[String(argument)]);
      case 'Fn::Equals': {
        const [left, right] = argument as [unknown, unknown];
        return String(this.resolve(stack, left)) === String(this.resolve(stack, right));
      }
      case 'Fn::Not':
        return !this.#condition(stack, (argument as unknown[])[0]);
      case 'Fn::And':
        return (argument as unknown[]).every((part) => this.#condition(stack, part));
      case 'Fn::Or':
        return (argument as unknown[]).some((part) => this.#condition(stack, part));
      default:
        throw new Error(`${stack.name}: the local runtime does not know the condition ${JSON.stringify(expression)}.`);
    }
  }

  #mustLocate(stack: Stack, id: string): Located {
    const located = this.#located(stack, id);
    if (!located) throw new Error(`${stack.name} names ${id}, which is no resource of it.`);
    return located;
  }

  #withSecrets(text: string): string {
    return text.replaceAll(/\{\{resolve:([^}]+)\}\}/g, (_, name: string) => this.#given.secretFor(name));
  }
}

/** On one machine there is no certificate: an address the template calls https is served as http. */
const onLoopback = (text: string): string => text.replaceAll(/\b(?:https|wss):\/\/(localhost|127\.0\.0\.1):/g, 'http://$1:');

/** [name, argument] of an object that is an intrinsic function. */
function asIntrinsic(value: unknown): [string, unknown] | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const [entry, ...others] = Object.entries(value);
  if (!entry || others.length > 0) return undefined;
  return entry[0] === 'Ref' || entry[0] === 'Condition' || entry[0].startsWith('Fn::') ? entry : undefined;
}

function getAttParts(argument: unknown): [string, string] {
  const [id = '', attribute = ''] = Array.isArray(argument) ? argument.map(String) : splitOnce(String(argument));
  return [id, attribute];
}

function splitOnce(name: string): [string, string | undefined] {
  const dot = name.indexOf('.');
  return dot < 0 ? [name, undefined] : [name.slice(0, dot), name.slice(dot + 1)];
}

const namesInSub = (argument: unknown): string[] =>
  [...String(Array.isArray(argument) ? argument[0] : argument).matchAll(/\$\{([^!}][^}]*)\}/g)].map((match) => match[1] ?? '');

function first<T, R>(values: readonly T[], find: (value: T) => R | undefined): R | undefined {
  for (const value of values) {
    const found = find(value);
    if (found !== undefined) return found;
  }
  return undefined;
}
