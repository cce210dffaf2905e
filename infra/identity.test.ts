import { describe, expect, test } from 'vitest';
import { Synthesis } from '../test/support/templates.ts';

const synthesis = new Synthesis();

describe.each([
  { pool: 'Staff', mfa: 'ON' },
  { pool: 'Patients', mfa: 'OPTIONAL' },
])('the $pool pool', ({ pool, mfa }) => {
  const userPool = synthesis.one('AWS::Cognito::UserPool', pool);
  const client = synthesis.one('AWS::Cognito::UserPoolClient', pool);

  test(`asks for a second factor (${mfa}) from an authenticator, never by text message`, () => {
    expect(userPool.Properties).toMatchObject({ MfaConfiguration: mfa, EnabledMfas: ['SOFTWARE_TOKEN_MFA'] });
  });

  test('is by invitation, with passwords of 12 characters and more', () => {
    expect(userPool.Properties).toMatchObject({
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
      Policies: { PasswordPolicy: { MinimumLength: 12 } },
      DeletionProtection: 'ACTIVE',
      UserPoolTier: 'ESSENTIALS',
    });
    expect(userPool.DeletionPolicy).toBe('Retain');
  });

  test('asks the pre-token function, version 2, before every token', () => {
    const claims = synthesis.one('AWS::Lambda::Function', 'Claims').logicalId;
    expect(userPool.Properties.LambdaConfig).toMatchObject({
      PreTokenGenerationConfig: { LambdaArn: { 'Fn::GetAtt': [claims, 'Arn'] }, LambdaVersion: 'V2_0' },
    });
  });

  test('gives tokens of 15 minutes, and a refresh token of a working day that is used once', () => {
    expect(client.Properties).toMatchObject({
      AccessTokenValidity: 15,
      IdTokenValidity: 15,
      RefreshTokenValidity: 720,
      TokenValidityUnits: { AccessToken: 'minutes', IdToken: 'minutes', RefreshToken: 'minutes' },
      RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 10 },
      EnableTokenRevocation: true,
    });
  });

  test('has one public client: code grant only, back to the app only', () => {
    expect(client.Properties).toMatchObject({
      GenerateSecret: false,
      AllowedOAuthFlows: ['code'],
      AllowedOAuthFlowsUserPoolClient: true,
      PreventUserExistenceErrors: 'ENABLED',
      SupportedIdentityProviders: ['COGNITO'],
    });
    expect(client.Properties.CallbackURLs).toHaveLength(1);
    // With rotation Cognito refuses this flow, and nobody sends us passwords.
    expect(client.Properties.ExplicitAuthFlows).not.toContain('ALLOW_REFRESH_TOKEN_AUTH');
    expect(client.Properties.ExplicitAuthFlows).not.toContain('ALLOW_USER_PASSWORD_AUTH');
  });

  test('shows the managed pages', () => {
    expect(synthesis.one('AWS::Cognito::UserPoolDomain', pool).Properties.ManagedLoginVersion).toBe(2);
    expect(synthesis.one('AWS::Cognito::ManagedLoginBranding', pool).Properties.UseCognitoProvidedValues).toBe(true);
  });
});

test('operators are a group of the staff pool, and only there', () => {
  const group = synthesis.one('AWS::Cognito::UserPoolGroup');
  expect(group.Properties).toMatchObject({
    GroupName: 'operator',
    UserPoolId: { Ref: synthesis.one('AWS::Cognito::UserPool', 'Staff').logicalId },
  });
});
