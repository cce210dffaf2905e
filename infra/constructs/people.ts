import { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import type { IUserPool } from 'aws-cdk-lib/aws-cognito';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { DirectoryWriting } from './directory-writing.ts';
import { addRoutes, type FeatureProps } from './feature.ts';
import { FeatureFunction } from './feature-function.ts';

export interface PeopleProps extends FeatureProps {
  readonly writing: DirectoryWriting;
  readonly staffPool: IUserPool;
  readonly patientsPool: IUserPool;
}

/**
 * Clinics sign up and staff is invited. Two functions of one bundle: the door is for everybody, makes accounts and can end none; the desk is
 * for those who work in the clinic and for operators, ends sessions and makes no account. In the patients' pool neither knows a group.
 */
export class People extends Construct {
  constructor(scope: Construct, id: string, { writing, staffPool, patientsPool, ...props }: PeopleProps) {
    super(scope, id);
    const entry = 'functions/people/lambda.ts';
    const environment = { ...props.environment, STAFF_POOL_ID: staffPool.userPoolId, PATIENTS_POOL_ID: patientsPool.userPoolId };
    const onPool = (pool: IUserPool, ...actions: string[]): PolicyStatement =>
      new PolicyStatement({ actions: actions.map((action) => `cognito-idp:${action}`), resources: [pool.userPoolArn] });

    const door = new FeatureFunction(this, 'Door', { ...props, entry, environment });
    door.allow(
      onPool(staffPool, 'AdminGetUser', 'AdminCreateUser', 'AdminSetUserPassword', 'AdminAddUserToGroup'),
      onPool(patientsPool, 'AdminGetUser', 'AdminCreateUser', 'AdminSetUserPassword'),
    );
    // It writes what a new clinic begins with, as that clinic; and reads the birth date that opens a patient's link.
    props.tenants.grantAssume(door, { records: ['GetItem', 'BatchGetItem', 'Query', 'PutItem'] });
    addRoutes(this, props.api, door, [
      [HttpMethod.ANY, '/api/platform/signup'],
      [HttpMethod.ANY, '/api/platform/signup/{proxy+}'],
      [HttpMethod.ANY, '/api/platform/links/{proxy+}'],
    ]);

    const desk = new FeatureFunction(this, 'Desk', { ...props, entry, handler: 'people', environment });
    desk.allow(
      onPool(staffPool, 'AdminSetUserMFAPreference', 'AdminUserGlobalSignOut', 'AdminRemoveUserFromGroup', 'ListUsersInGroup'),
      onPool(patientsPool, 'AdminGetUser', 'AdminUserGlobalSignOut'),
    );
    // It leaves AuditEvents, reads the Patient who is invited, and writes the Person whose access ends.
    props.tenants.grantAssume(desk, { records: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'DeleteItem'] });
    addRoutes(desk, props.api, desk, [
      [HttpMethod.ANY, '/api/{tenant}/staff'],
      [HttpMethod.ANY, '/api/{tenant}/staff/{proxy+}'],
      [HttpMethod.ANY, '/api/{tenant}/clinic'],
      [HttpMethod.ANY, '/api/{tenant}/portal/invites'],
      [HttpMethod.ANY, '/api/{tenant}/portal/invites/{proxy+}'],
      [HttpMethod.ANY, '/api/platform/operators'],
      [HttpMethod.ANY, '/api/platform/operators/{proxy+}'],
    ]);

    for (const feature of [door, desk]) {
      props.directory.grantAssume(feature);
      writing.grantAssume(feature);
      props.messages.grantSendMail(feature);
    }
  }
}
