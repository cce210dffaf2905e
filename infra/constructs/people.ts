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
}

/**
 * Clinics sign up and staff is invited. Two functions of one bundle: the door is for everybody, makes accounts and can end none; the desk is
 * for administrators and operators, ends sessions and makes no account. Neither reaches the patients' pool.
 */
export class People extends Construct {
  constructor(scope: Construct, id: string, { writing, staffPool, ...props }: PeopleProps) {
    super(scope, id);
    const entry = 'functions/people/lambda.ts';
    const environment = { ...props.environment, STAFF_POOL_ID: staffPool.userPoolId };
    const onPool = (...actions: string[]): PolicyStatement =>
      new PolicyStatement({ actions: actions.map((action) => `cognito-idp:${action}`), resources: [staffPool.userPoolArn] });

    const door = new FeatureFunction(this, 'Door', { ...props, entry, environment });
    door.allow(onPool('AdminGetUser', 'AdminCreateUser', 'AdminSetUserPassword', 'AdminAddUserToGroup'));
    // It writes what a new clinic begins with, as that clinic.
    props.tenants.grantAssume(door, { records: ['GetItem', 'BatchGetItem', 'Query', 'PutItem'] });
    addRoutes(this, props.api, door, [
      [HttpMethod.ANY, '/api/platform/signup'],
      [HttpMethod.ANY, '/api/platform/signup/{proxy+}'],
      [HttpMethod.ANY, '/api/platform/links/{proxy+}'],
    ]);

    const desk = new FeatureFunction(this, 'Desk', { ...props, entry, handler: 'people', environment });
    desk.allow(onPool('AdminSetUserMFAPreference', 'AdminUserGlobalSignOut', 'AdminRemoveUserFromGroup', 'ListUsersInGroup'));
    // Of a tenant's table it needs no more than to leave an AuditEvent.
    props.tenants.grantAssume(desk, { records: ['PutItem'] });
    addRoutes(desk, props.api, desk, [
      [HttpMethod.ANY, '/api/{tenant}/staff'],
      [HttpMethod.ANY, '/api/{tenant}/staff/{proxy+}'],
      [HttpMethod.ANY, '/api/{tenant}/clinic'],
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
