import type { Resolver } from './resolver.ts';

/** The domains that the template proves to SES, with the ARNs that rights name. */
export function readMailIdentities(resolver: Resolver): { domain: string; arn: string }[] {
  return resolver.all('AWS::SES::EmailIdentity').map((identity) => {
    const domain = resolver.property<string>(identity, 'EmailIdentity') ?? '';
    return { domain, arn: `arn:aws:ses:${identity.stack.region}:${identity.stack.account}:identity/${domain}` };
  });
}

/** Of what SES tells on the account's own bus, by configuration set: DELIVERY, BOUNCE and so on. */
export function readMailEvents(resolver: Resolver): ReadonlyMap<string, readonly string[]> {
  return new Map(
    resolver.all('AWS::SES::ConfigurationSetEventDestination').map((destination) => {
      const {
        MatchingEventTypes = [],
        Enabled,
        EventBridgeDestination,
      } = resolver.property<{ MatchingEventTypes?: string[]; Enabled?: boolean; EventBridgeDestination?: unknown }>(
        destination,
        'EventDestination',
      ) ?? {};
      const set = resolver.property<string>(destination, 'ConfigurationSetName') ?? '';
      return [set, Enabled && EventBridgeDestination ? MatchingEventTypes : []];
    }),
  );
}
