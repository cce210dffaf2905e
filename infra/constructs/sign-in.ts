import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
  AccountRecovery,
  CfnManagedLoginBranding,
  FeaturePlan,
  LambdaVersion,
  ManagedLoginVersion,
  Mfa,
  OAuthScope,
  UserPool,
  type UserPoolClient,
  UserPoolClientIdentityProvider,
  UserPoolGroup,
  UserPoolOperation,
} from 'aws-cdk-lib/aws-cognito';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';

export interface SignInProps {
  readonly secondFactor: 'required' | 'optional';
  /** Runs before every token and adds the memberships (functions/identity). */
  readonly claims: IFunction;
  /** Where the web app is: `https://<host>`, without a closing slash. */
  readonly appUrl: string;
  /** Where their pages begin: `/p` for patients. */
  readonly home: '' | '/p';
  readonly domainPrefix: string;
  readonly groups: readonly string[];
}

/** One Cognito pool as an OpenID issuer: managed login pages, code grant for a public client, tokens of 15 minutes. */
export class SignIn extends Construct {
  readonly pool: UserPool;
  readonly client: UserPoolClient;

  constructor(scope: Construct, id: string, { secondFactor, claims, appUrl, home, domainPrefix, groups }: SignInProps) {
    super(scope, id);
    this.pool = new UserPool(this, 'Pool', {
      featurePlan: FeaturePlan.ESSENTIALS, // the least that adds claims to access tokens
      selfSignUpEnabled: false, // staff are invited, patients are given access by their clinic
      signInAliases: { email: true },
      signInCaseSensitive: false,
      autoVerify: { email: true },
      mfa: secondFactor === 'required' ? Mfa.REQUIRED : Mfa.OPTIONAL,
      mfaSecondFactor: { otp: true, sms: false },
      passwordPolicy: {
        minLength: 12,
        requireLowercase: true,
        requireUppercase: true,
        requireDigits: true,
        requireSymbols: true,
        passwordHistorySize: 5,
        tempPasswordValidity: Duration.days(3),
      },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.pool.addTrigger(UserPoolOperation.PRE_TOKEN_GENERATION_CONFIG, claims, LambdaVersion.V2_0);
    acknowledge(this.pool, {
      ...(secondFactor === 'optional' && {
        'AwsSolutions-COG2':
          'A patient reaches one chart, their own, and many have one old phone. The second factor is offered, and a clinic may ask for it.',
      }),
      'AwsSolutions-COG8':
        'Threat protection needs the Plus plan at $0.02 a user and month. Invitation only, a second factor and lock-out come first; the operator can change the plan.',
    });
    this.client = this.publicClient(appUrl, home);
    this.pool.addDomain('Domain', {
      cognitoDomain: { domainPrefix },
      managedLoginVersion: ManagedLoginVersion.NEWER_MANAGED_LOGIN,
    });
    // Without a branding, even the service's own, the managed pages answer "not available".
    new CfnManagedLoginBranding(this, 'Pages', {
      userPoolId: this.pool.userPoolId,
      clientId: this.client.userPoolClientId,
      useCognitoProvidedValues: true,
    });
    for (const groupName of groups) new UserPoolGroup(this, `Group ${groupName}`, { userPool: this.pool, groupName });
  }

  /** A browser can keep no secret: it proves with PKCE that the code is its own. */
  private publicClient(appUrl: string, home: SignInProps['home']): UserPoolClient {
    return this.pool.addClient('Web', {
      generateSecret: false,
      preventUserExistenceErrors: true,
      enableTokenRevocation: true,
      authFlows: { userSrp: true }, // what the managed pages use; no password ever reaches our code
      refreshTokenRotationGracePeriod: Duration.seconds(10),
      oAuth: {
        flows: { authorizationCodeGrant: true },
        scopes: [OAuthScope.OPENID, OAuthScope.EMAIL, OAuthScope.PROFILE],
        callbackUrls: [`${appUrl}${home}/callback`],
        logoutUrls: [`${appUrl}${home || '/'}`],
      },
      supportedIdentityProviders: [UserPoolClientIdentityProvider.COGNITO],
      accessTokenValidity: Duration.minutes(15),
      idTokenValidity: Duration.minutes(15),
      refreshTokenValidity: Duration.hours(12), // a working day: then a fresh sign-in
    });
  }
}
