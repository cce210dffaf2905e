import type { Located, Resolver } from './resolver.ts';

/** What the distribution does with requests whose path fits `pattern` (`*` fits all). */
export interface Behaviour {
  readonly pattern: string;
  readonly origin: Origin;
  /** Source of the CloudFront function that runs before the origin is asked. */
  readonly viewerRequest: string | undefined;
  /** Headers that the response headers policy sets, lower-case, and those it takes away. */
  readonly setHeaders: Readonly<Record<string, string>>;
  readonly removeHeaders: readonly string[];
}
export type Origin =
  | { readonly kind: 'api'; readonly api: Located; readonly headers: Readonly<Record<string, string>> }
  | { readonly kind: 'site'; readonly uploads: readonly Upload[]; readonly rootObject: string | undefined };

/** A folder that a bucket deployment copies into the web bucket. */
export interface Upload {
  readonly directory: string;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  /** Undefined: the browser decides. */
  readonly cacheControl: string | undefined;
}

interface BehaviourConfig {
  PathPattern?: string;
  TargetOriginId: string;
}
interface OriginConfig {
  Id: string;
  OriginCustomHeaders?: { HeaderName: string; HeaderValue: unknown }[];
}

/** The distribution's behaviours in the order in which CloudFront tries them, the default one last. */
export function readBehaviours(resolver: Resolver): Behaviour[] {
  const [distribution] = resolver.all('AWS::CloudFront::Distribution');
  if (!distribution) return [];
  const raw = distribution.resource.Properties.DistributionConfig as Record<string, unknown>;
  const rawBehaviours = [...((raw.CacheBehaviors as unknown[] | undefined) ?? []), raw.DefaultCacheBehavior] as Record<
    string,
    unknown
  >[];
  const rootObject = resolver.resolve(distribution.stack, raw.DefaultRootObject) as string | undefined;
  return rawBehaviours.map((behaviour) => {
    const { PathPattern = '*', TargetOriginId } = resolver.resolve(distribution.stack, behaviour) as BehaviourConfig;
    return {
      pattern: PathPattern,
      origin: toOrigin(distribution, TargetOriginId, raw.Origins as Record<string, unknown>[], rootObject, resolver),
      viewerRequest: viewerRequestCode(distribution, behaviour, resolver),
      ...headersOf(distribution, behaviour.ResponseHeadersPolicyId, resolver),
    };
  });
}

function toOrigin(
  distribution: Located,
  id: string,
  origins: Record<string, unknown>[],
  rootObject: string | undefined,
  resolver: Resolver,
): Origin {
  const raw = origins.find((origin) => resolver.text(distribution.stack, origin.Id) === id);
  const target = raw && resolver.target(distribution.stack, raw.DomainName);
  if (!raw || !target) throw new Error(`The distribution's origin ${id} points at nothing the local runtime knows.`);
  if (target.resource.Type === 'AWS::S3::Bucket') return { kind: 'site', uploads: uploadsTo(target, resolver), rootObject };
  const { OriginCustomHeaders = [] } = resolver.resolve(distribution.stack, raw) as OriginConfig;
  return {
    kind: 'api',
    api: target,
    headers: Object.fromEntries(
      OriginCustomHeaders.map(({ HeaderName, HeaderValue }) => [HeaderName.toLowerCase(), String(HeaderValue)]),
    ),
  };
}

function uploadsTo(bucket: Located, resolver: Resolver): Upload[] {
  return resolver.all('Custom::CDKBucketDeployment').flatMap((deployment) => {
    const destination = resolver.target(deployment.stack, deployment.resource.Properties.DestinationBucketName);
    if (destination?.id !== bucket.id || destination.stack !== bucket.stack) return [];
    const keys = resolver.property<string[]>(deployment, 'SourceObjectKeys') ?? [];
    const metadata = resolver.property<Record<string, string>>(deployment, 'SystemMetadata') ?? {};
    return keys.flatMap((key) => {
      const directory = deployment.stack.assets.get(key.replace(/\.zip$/, ''));
      if (!directory) return [];
      return [
        {
          directory,
          include: resolver.property<string[]>(deployment, 'Include') ?? [],
          exclude: resolver.property<string[]>(deployment, 'Exclude') ?? [],
          cacheControl: metadata['cache-control'],
        },
      ];
    });
  });
}

function viewerRequestCode(distribution: Located, behaviour: Record<string, unknown>, resolver: Resolver): string | undefined {
  const associations = (behaviour.FunctionAssociations as { EventType: string; FunctionARN: unknown }[] | undefined) ?? [];
  const association = associations.find(({ EventType }) => EventType === 'viewer-request');
  const code = association && resolver.target(distribution.stack, association.FunctionARN);
  return code && resolver.property<string>(code, 'FunctionCode');
}

interface HeadersPolicy {
  SecurityHeadersConfig?: {
    ContentSecurityPolicy?: { ContentSecurityPolicy: string };
    ContentTypeOptions?: object;
    FrameOptions?: { FrameOption: string };
    ReferrerPolicy?: { ReferrerPolicy: string };
  };
  CustomHeadersConfig?: { Items: { Header: string; Value: string }[] };
  RemoveHeadersConfig?: { Items: { Header: string }[] };
}

/**
 * The headers of the response headers policy. Two things would be wrong on http://localhost and are left out:
 * Strict-Transport-Security and the policy's `upgrade-insecure-requests`.
 */
function headersOf(
  distribution: Located,
  policyId: unknown,
  resolver: Resolver,
): Pick<Behaviour, 'setHeaders' | 'removeHeaders'> {
  const policy = policyId === undefined ? undefined : resolver.target(distribution.stack, policyId);
  const config = policy && resolver.property<HeadersPolicy>(policy, 'ResponseHeadersPolicyConfig');
  if (!config) return { setHeaders: {}, removeHeaders: [] };
  const { ContentSecurityPolicy, ContentTypeOptions, FrameOptions, ReferrerPolicy } = config.SecurityHeadersConfig ?? {};
  const csp = ContentSecurityPolicy?.ContentSecurityPolicy.replace(/;?\s*upgrade-insecure-requests/, '');
  return {
    setHeaders: {
      ...(csp && { 'content-security-policy': csp }),
      ...(ContentTypeOptions && { 'x-content-type-options': 'nosniff' }),
      ...(FrameOptions && { 'x-frame-options': FrameOptions.FrameOption }),
      ...(ReferrerPolicy && { 'referrer-policy': ReferrerPolicy.ReferrerPolicy }),
      ...Object.fromEntries((config.CustomHeadersConfig?.Items ?? []).map(({ Header, Value }) => [Header.toLowerCase(), Value])),
    },
    removeHeaders: (config.RemoveHeadersConfig?.Items ?? []).map(({ Header }) => Header.toLowerCase()),
  };
}
