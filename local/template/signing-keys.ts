import type { Resolver } from './resolver.ts';

/** ARNs of the keys of the template that sign (asymmetric ones). */
export const readSigningKeys = (resolver: Resolver): string[] =>
  resolver
    .all('AWS::KMS::Key')
    .filter((key) => resolver.property<string>(key, 'KeyUsage') === 'SIGN_VERIFY')
    .map((key) => String(resolver.attribute(key, 'Arn')));
