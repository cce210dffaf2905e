import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { DirectoryAccess } from '../constructs/directory-access.ts';
import { FeatureFunction } from '../constructs/feature-function.ts';
import { Messages } from '../constructs/messages.ts';
import { SignIn } from '../constructs/sign-in.ts';
import type { Settings } from '../settings.ts';
import type { DataStack } from './data.ts';
import type { EdgeStack } from './edge.ts';

export interface IdentityStackProps extends StackProps {
  readonly settings: Settings;
  readonly data: DataStack;
  readonly edge: EdgeStack;
}

/** Who may sign in: two pools, so that a patient's account can never become a clinician's by a mistake in a group. */
export class IdentityStack extends Stack {
  readonly staff: SignIn;
  readonly patients: SignIn;
  /** Who we write as: proven once, like the pools it outlives the functions. */
  readonly messages: Messages;

  constructor(scope: Construct, id: string, { settings, data, edge, ...props }: IdentityStackProps) {
    super(scope, id, props);
    const claims = new FeatureFunction(this, 'Claims', {
      entry: 'functions/identity/lambda.ts',
      functionsDir: settings.functionsDir,
      logKey: data.key,
      environment: { RECORDS_TABLE: data.table.tableName },
      timeout: Duration.seconds(5), // Cognito waits no longer
    });
    new DirectoryAccess(this, 'Directory', data).grantAssume(claims);

    const shared = { claims: claims.function, appUrl: edge.appUrl };
    this.staff = new SignIn(this, 'Staff', {
      ...shared,
      secondFactor: 'required',
      home: '',
      domainPrefix: `${settings.domainPrefix}-staff`,
      groups: ['operator'],
    });
    this.patients = new SignIn(this, 'Patients', {
      ...shared,
      secondFactor: 'optional',
      home: '/p',
      domainPrefix: `${settings.domainPrefix}-patients`,
      groups: [],
    });
    this.messages = new Messages(this, 'Messages', settings);
    new CfnOutput(this, 'StaffPool', { value: this.staff.pool.userPoolId });
    new CfnOutput(this, 'PatientsPool', { value: this.patients.pool.userPoolId });
  }
}
