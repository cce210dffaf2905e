import { ArnFormat, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { CfnLoggingConfiguration, CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import type { Construct } from 'constructs';
import { acknowledge } from '../constructs/acknowledge.ts';

/** Requests in five minutes. A clinic behind one address has many people; one token belongs to one person or program. */
const PER_ADDRESS = 10_000;
const PER_TOKEN = 3_000;

/**
 * The web firewall in front of the distribution. Its scope, CLOUDFRONT, exists in us-east-1 only.
 * On /api/* two rules of the core set only count: they block bodies over 8 KB and FHIR narrative (XHTML). Size and content
 * of what reaches a parser are our parser's job; elsewhere a body has no business at all.
 */
export class FirewallStack extends Stack {
  readonly webAclArn: string;

  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);
    const acl = new CfnWebACL(this, 'WebAcl', {
      scope: 'CLOUDFRONT',
      defaultAction: { allow: {} },
      visibilityConfig: visible('tessera'),
      rules: [
        rate('per-address', 0, { limit: PER_ADDRESS, aggregateKeyType: 'IP' }),
        rate('per-token', 1, {
          limit: PER_TOKEN,
          aggregateKeyType: 'CUSTOM_KEYS',
          customKeys: [{ header: { name: 'authorization', textTransformations: NONE } }],
        }),
        managed('core', 2, 'AWSManagedRulesCommonRuleSet', COUNTED),
        bodiesOutsideApi(3),
        managed('known-bad-inputs', 4, 'AWSManagedRulesKnownBadInputsRuleSet', []),
      ],
    });
    this.webAclArn = acl.attrArn;
    this.keepLog(acl);
  }

  /** What was blocked or counted, without what it carried: no token, no cookie, no query string. */
  private keepLog(acl: CfnWebACL): void {
    const logGroup = new LogGroup(this, 'Log', {
      logGroupName: 'aws-waf-logs-tessera', // the prefix is the service's condition
      retention: RetentionDays.ONE_YEAR,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    acknowledge(logGroup, {
      'HIPAA.Security-CloudWatchLogGroupEncrypted':
        'Our key lives in the region of the records, this log in us-east-1; a second key costs $1 a month for lines from which tokens, cookies and queries are removed. CloudWatch encrypts it with its own key.',
    });
    new CfnLoggingConfiguration(this, 'Logging', {
      resourceArn: acl.attrArn,
      logDestinationConfigs: [
        this.formatArn({
          service: 'logs',
          resource: 'log-group',
          resourceName: logGroup.logGroupName,
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        }),
      ],
      redactedFields: [{ singleHeader: { Name: 'authorization' } }, { singleHeader: { Name: 'cookie' } }, { queryString: {} }],
      loggingFilter: {
        DefaultBehavior: 'DROP',
        Filters: [
          {
            Behavior: 'KEEP',
            Requirement: 'MEETS_ANY',
            Conditions: [{ ActionCondition: { Action: 'BLOCK' } }, { ActionCondition: { Action: 'COUNT' } }],
          },
        ],
      },
    });
  }
}

const NONE = [{ priority: 0, type: 'NONE' }];
const COUNTED = ['SizeRestrictions_BODY', 'CrossSiteScripting_BODY'];
/** What the two counting rules leave on a request that they would have blocked. */
const COUNTED_LABELS = [
  'awswaf:managed:aws:core-rule-set:SizeRestrictions_Body',
  'awswaf:managed:aws:core-rule-set:CrossSiteScripting_Body',
];

const visible = (metricName: string): CfnWebACL.VisibilityConfigProperty => ({
  cloudWatchMetricsEnabled: true,
  sampledRequestsEnabled: false, // samples show headers and addresses to everyone who may open the console
  metricName,
});

const rate = (
  name: string,
  priority: number,
  rateBasedStatement: CfnWebACL.RateBasedStatementProperty,
): CfnWebACL.RuleProperty => ({
  name,
  priority,
  action: { block: { customResponse: { responseCode: 429 } } },
  statement: { rateBasedStatement: { evaluationWindowSec: 300, ...rateBasedStatement } },
  visibilityConfig: visible(name),
});

const managed = (name: string, priority: number, group: string, counted: readonly string[]): CfnWebACL.RuleProperty => ({
  name,
  priority,
  overrideAction: { none: {} },
  statement: {
    managedRuleGroupStatement: {
      vendorName: 'AWS',
      name: group,
      ...(counted.length > 0 && { ruleActionOverrides: counted.map((rule) => ({ name: rule, actionToUse: { count: {} } })) }),
    },
  },
  visibilityConfig: visible(name),
});

const bodiesOutsideApi = (priority: number): CfnWebACL.RuleProperty => ({
  name: 'bodies-outside-api',
  priority,
  action: { block: {} },
  statement: {
    andStatement: {
      statements: [
        { orStatement: { statements: COUNTED_LABELS.map((key) => ({ labelMatchStatement: { scope: 'LABEL', key } })) } },
        {
          notStatement: {
            statement: {
              byteMatchStatement: {
                fieldToMatch: { uriPath: {} },
                positionalConstraint: 'STARTS_WITH',
                searchString: '/api/',
                textTransformations: NONE,
              },
            },
          },
        },
      ],
    },
  },
  visibilityConfig: visible('bodies-outside-api'),
});
