import type { Resolver } from './resolver.ts';

/** The domains that the template proves to SES, with the ARNs that rights name. */
export function readMailIdentities(resolver: Resolver): { domain: string; arn: string }[] {
  return resolver.all('AWS::SES::EmailIdentity').map((identity) => {
    const domain = resolver.property<string>(identity, 'EmailIdentity') ?? '';
    return { domain, arn: `arn:aws:ses:${identity.stack.region}:${identity.stack.account}:identity/${domain}` };
  });
}
