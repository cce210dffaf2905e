import type { Located, Resolver } from './resolver.ts';

export interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Principal?: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}
interface PolicyDocument {
  Statement?: Statement | Statement[];
}

/** A role as the template describes it: who may assume it, and what it may do. */
export interface Role {
  readonly arn: string;
  readonly trust: readonly Statement[];
  readonly rights: readonly Statement[];
}

/** Every role of the template with all its policies: inline, attached and managed. */
export function readRoles(resolver: Resolver): Role[] {
  const attached = resolver.all('AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy');
  return resolver.all('AWS::IAM::Role').map((role) => {
    const inline = resolver.property<{ PolicyDocument: PolicyDocument }[]>(role, 'Policies') ?? [];
    const rights = attached
      .filter((policy) => isAttached(policy, role, resolver))
      .map((policy) => documentOf(policy, 'PolicyDocument', resolver));
    return {
      arn: String(resolver.attribute(role, 'Arn')),
      trust: statementsOf(documentOf(role, 'AssumeRolePolicyDocument', resolver)),
      rights: [...inline.map(({ PolicyDocument }) => PolicyDocument), ...rights].flatMap(statementsOf),
    };
  });
}

function isAttached(policy: Located, role: Located, resolver: Resolver): boolean {
  const names = (policy.resource.Properties.Roles as unknown[] | undefined) ?? [];
  const managed = (role.resource.Properties.ManagedPolicyArns as unknown[] | undefined) ?? [];
  return (
    names.some((name) => same(resolver.target(policy.stack, name), role)) ||
    managed.some((arn) => same(resolver.target(role.stack, arn), policy))
  );
}

const same = (a: Located | undefined, b: Located): boolean => a?.id === b.id && a.stack === b.stack;
const documentOf = (located: Located, property: string, resolver: Resolver): PolicyDocument =>
  resolver.property<PolicyDocument>(located, property) ?? {};
const statementsOf = ({ Statement = [] }: PolicyDocument): Statement[] => (Array.isArray(Statement) ? Statement : [Statement]);
