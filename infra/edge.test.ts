import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { Synthesis } from '../test/support/templates.ts';

const synthesis = new Synthesis();
const { DistributionConfig } = synthesis.one('AWS::CloudFront::Distribution').Properties as {
  DistributionConfig: Record<string, unknown>;
};

describe('the distribution', () => {
  test('sends /api/* to the gateway uncached, whole, and with the secret that nobody else knows', () => {
    expect(DistributionConfig.CacheBehaviors).toMatchObject([
      {
        PathPattern: '/api/*',
        CachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad', // AWS managed: CachingDisabled
        OriginRequestPolicyId: 'b689b0a8-53d0-40ab-baf2-68738e2966ac', // AWS managed: AllViewerExceptHostHeader
        ViewerProtocolPolicy: 'https-only',
      },
    ]);
    expect(DistributionConfig.Origins).toContainEqual(
      expect.objectContaining({
        OriginCustomHeaders: [{ HeaderName: 'x-origin-secret', HeaderValue: { Ref: 'OriginSecret' } }],
        CustomOriginConfig: expect.objectContaining({ OriginProtocolPolicy: 'https-only', OriginSSLProtocols: ['TLSv1.2'] }),
      }),
    );
  });

  test('keeps the status of errors: no error page turns a 404 into the app', () => {
    expect(DistributionConfig).not.toHaveProperty('CustomErrorResponses');
  });

  test('reads the web bucket with a signature, as the only one who may', () => {
    expect(synthesis.one('AWS::CloudFront::OriginAccessControl').Properties).toMatchObject({
      OriginAccessControlConfig: { SigningBehavior: 'always' },
    });
  });

  test('stands behind the firewall, unless the operator turns it off', () => {
    expect(DistributionConfig.WebACLId).toBeDefined();
    const without = new Synthesis({ firewall: 'false' });
    expect(without.templates).not.toHaveProperty('Firewall');
    expect(without.one('AWS::CloudFront::Distribution').Properties.DistributionConfig).not.toHaveProperty('WebACLId');
  });

  test('speaks TLS 1.2 (2021) at its own address', () => {
    const own = new Synthesis({
      domainName: 'ehr.example.com',
      certificateArn: 'arn:aws:acm:us-east-1:111111111111:certificate/1',
    });
    expect(own.one('AWS::CloudFront::Distribution').Properties.DistributionConfig).toMatchObject({
      Aliases: ['ehr.example.com'],
      ViewerCertificate: { MinimumProtocolVersion: 'TLSv1.2_2021' },
    });
  });
});

describe('the origin secret', () => {
  test.each(['Edge', 'Features'])('%s takes it as a hidden parameter of 32 characters and more', (stack) => {
    expect(synthesis.templates[stack]?.Parameters?.OriginSecret).toMatchObject({ NoEcho: true, MinLength: 32 });
    expect(synthesis.templates[stack]?.Parameters?.OriginSecret).not.toHaveProperty('Default');
  });
});

describe('the headers of every answer', () => {
  const { SecurityHeadersConfig } = (
    synthesis.one('AWS::CloudFront::ResponseHeadersPolicy').Properties as {
      ResponseHeadersPolicyConfig: { SecurityHeadersConfig: Record<string, unknown> };
    }
  ).ResponseHeadersPolicyConfig;

  test('HSTS for two years, no framing, no sniffing, no referrer', () => {
    expect(SecurityHeadersConfig).toMatchObject({
      StrictTransportSecurity: { AccessControlMaxAgeSec: 63_072_000, IncludeSubdomains: true, Override: true },
      FrameOptions: { FrameOption: 'DENY', Override: true },
      ContentTypeOptions: { Override: true },
      ReferrerPolicy: { ReferrerPolicy: 'no-referrer', Override: true },
    });
  });

  test('a content policy without foreign or inline scripts that reaches the issuers and the document bucket', () => {
    const policy = JSON.stringify(SecurityHeadersConfig.ContentSecurityPolicy);
    expect(policy).toContain("manifest-src 'self'; worker-src 'self';");
    expect(policy).toContain("default-src 'none'; script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toMatch(
      /connect-src 'self' https:\/\/cognito-idp\.us-east-1\.amazonaws\.com https:\/\/tessera-111111111111-staff\.auth\.us-east-1\.amazoncognito\.com/,
    );
    expect(policy).toMatch(/ImportValue":"TesseraData:ExportsOutput[^"]*Documents[^"]*RegionalDomainName/);
  });
});

test('the access log of the gateway has no query string', () => {
  const { AccessLogSettings, DefaultRouteSettings } = synthesis.one('AWS::ApiGatewayV2::Stage').Properties as {
    AccessLogSettings: { Format: string };
    DefaultRouteSettings: Record<string, number>;
  };
  expect(Object.values(JSON.parse(AccessLogSettings.Format))).toContain('$context.path');
  expect(AccessLogSettings.Format).not.toMatch(/query|\$context\.requestOverride|\$context\.identity\.userAgent/i);
  expect(DefaultRouteSettings).toMatchObject({ ThrottlingRateLimit: 500, ThrottlingBurstLimit: 1000 });
});

test('of the web app only what is named by its content may be kept; the page and its service worker are asked for anew', () => {
  const uploads = synthesis.all('Custom::CDKBucketDeployment').map(({ Properties }) => Properties);
  expect(uploads.map(({ SystemMetadata }) => SystemMetadata)).toEqual([
    { 'cache-control': 'max-age=31536000, immutable' },
    { 'cache-control': 'no-cache' },
  ]);
  expect(uploads[1]?.DistributionPaths).toEqual(expect.arrayContaining(['/index.html', '/sw.js', '/manifest.webmanifest']));
});

describe('addresses of screens are answered with the app', () => {
  const code = readFileSync(new URL('./constructs/spa-fallback.js', import.meta.url), 'utf8');
  const rewrite = (uri: string): string =>
    runInNewContext(`${code}; handler({ request: { uri: ${JSON.stringify(uri)} } }).uri`) as string;

  test.each([
    { uri: '/', expected: '/index.html', because: 'the start page' },
    { uri: '/oak/patients/1', expected: '/index.html', because: 'a screen' },
    { uri: '/oak/patients/a.b', expected: '/index.html', because: 'a FHIR id may have a dot' },
    { uri: '/callback', expected: '/index.html', because: 'the return from sign-in' },
    { uri: '/assets/index-3f2a.js', expected: '/assets/index-3f2a.js', because: 'a file of the build' },
    { uri: '/favicon.svg', expected: '/favicon.svg', because: 'a file at the root' },
  ])('$uri → $expected: $because', ({ uri, expected }) => {
    expect(rewrite(uri)).toBe(expected);
  });
});

describe('the API learns the host that the viewer asked for', () => {
  const code = readFileSync(new URL('./constructs/viewer-host.js', import.meta.url), 'utf8');
  const headersOf = (headers: Record<string, { value: string }>): Record<string, { value: string }> =>
    runInNewContext(
      `${code}; handler({ request: { headers: ${JSON.stringify(headers)} }, viewer: { ip: '198.51.100.7' } }).headers`,
    ) as never;

  test('and not what the viewer says it is', () => {
    const headers = headersOf({ host: { value: 'ehr.example' }, 'x-forwarded-host': { value: 'evil.example' } });
    expect(headers['x-forwarded-host']).toEqual({ value: 'ehr.example' });
  });

  test('and the address it asks from, not the one it claims', () => {
    const headers = headersOf({ 'x-viewer-address': { value: '203.0.113.1' } });
    expect(headers['x-viewer-address']).toEqual({ value: '198.51.100.7' });
  });
});
