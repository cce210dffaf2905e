import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Alarms } from '../constructs/alarms.ts';
import { AuditTrail } from '../constructs/audit-trail.ts';
import { Billing } from '../constructs/billing.ts';
import { Charts } from '../constructs/charts.ts';
import { ClinicSettings } from '../constructs/clinic-settings.ts';
import { DeadLetters } from '../constructs/dead-letters.ts';
import { DirectoryAccess } from '../constructs/directory-access.ts';
import { DirectoryWriting } from '../constructs/directory-writing.ts';
import { Events } from '../constructs/events.ts';
import type { FeatureProps } from '../constructs/feature.ts';
import { Imports } from '../constructs/imports.ts';
import { NotFound } from '../constructs/not-found.ts';
import { Notices } from '../constructs/notices.ts';
import { OperationsAccess } from '../constructs/operations-access.ts';
import { Operator } from '../constructs/operator.ts';
import { originSecret } from '../constructs/origin-secret.ts';
import { Payments } from '../constructs/payments.ts';
import { PaymentsAccess } from '../constructs/payments-access.ts';
import { People } from '../constructs/people.ts';
import { Platform } from '../constructs/platform.ts';
import { Records } from '../constructs/records.ts';
import { Reminders } from '../constructs/reminders.ts';
import { Reports } from '../constructs/reports.ts';
import { Scans } from '../constructs/scans.ts';
import { Scheduling } from '../constructs/scheduling.ts';
import { Tasks } from '../constructs/tasks.ts';
import { TenancyAccess } from '../constructs/tenancy-access.ts';
import { TenantAccess } from '../constructs/tenant-access.ts';
import { Timetable } from '../constructs/timetable.ts';
import { Visits } from '../constructs/visits.ts';
import type { Settings } from '../settings.ts';
import type { DataStack } from './data.ts';
import type { EdgeStack } from './edge.ts';
import type { IdentityStack } from './identity.ts';

export interface FeaturesStackProps extends StackProps {
  readonly settings: Settings;
  readonly data: DataStack;
  readonly edge: EdgeStack;
  readonly identity: IdentityStack;
}

/** One construct per feature. This stack holds nothing that must be kept: it may be deleted and deployed again. */
export class FeaturesStack extends Stack {
  constructor(scope: Construct, id: string, { settings, data, edge, identity, ...props }: FeaturesStackProps) {
    super(scope, id, props);
    const shared: FeatureProps = {
      api: edge.api,
      tenants: new TenantAccess(this, 'Tenants', data),
      directory: new DirectoryAccess(this, 'Directory', data),
      messages: identity.messages,
      functionsDir: settings.functionsDir,
      logKey: data.key,
      environment: {
        RECORDS_TABLE: data.table.tableName,
        DOCUMENTS_BUCKET: data.documents.bucketName,
        STAFF_ISSUER: identity.staff.pool.userPoolProviderUrl,
        STAFF_CLIENT_ID: identity.staff.client.userPoolClientId,
        PATIENT_ISSUER: identity.patients.pool.userPoolProviderUrl,
        PATIENT_CLIENT_ID: identity.patients.client.userPoolClientId,
        ORIGIN_SECRET: originSecret(this).valueAsString,
      },
    };
    new Records(this, 'Records', shared);
    new Charts(this, 'Charts', shared);
    new ClinicSettings(this, 'Settings', shared);
    new Tasks(this, 'Tasks', shared);
    new Scheduling(this, 'Scheduling', shared);
    new Visits(this, 'Visits', { ...shared, signingKey: data.signingKey });
    const deadLetters = new DeadLetters(this, 'DeadLetters');
    const operations = new OperationsAccess(this, 'Operations', data);
    const timetable = new Timetable(this, 'Timetable', operations);
    const imports = new Imports(this, 'Imports', { ...shared, deadLetters });
    const events = new Events(this, 'Events', {
      ...shared,
      table: data.table,
      key: data.key,
      deadLetters,
      timetable,
      operations,
      imports,
    });
    new Notices(this, 'Notices', {
      ...shared,
      queue: events.queues.notices,
      staff: identity.staff.pool,
      timetable,
      table: data.table,
      key: data.key,
      failures: deadLetters.failures,
      appUrl: edge.appUrl,
    });
    const payments = new PaymentsAccess(this, 'PaymentsAccess', data);
    new Billing(this, 'Billing', { ...shared, payments, timetable });
    new Payments(this, 'Payments', { ...shared, payments, timetable, appUrl: edge.appUrl });
    new Platform(this, 'Platform', { ...shared, events, deadLetters, timetable, operations });
    new Operator(this, 'Operator', {
      ...shared,
      tenancy: new TenancyAccess(this, 'Tenancy', data),
      firewall: settings.firewall,
    });
    new Reminders(this, 'Reminders', shared);
    new Reports(this, 'Reports', { ...shared, data });
    new People(this, 'People', {
      ...shared,
      writing: new DirectoryWriting(this, 'DirectoryWriting', data),
      staffPool: identity.staff.pool,
      patientsPool: identity.patients.pool,
    });
    new Scans(this, 'Scans', { ...shared, deadLetters, documents: data.documents, key: data.key });
    new AuditTrail(this, 'AuditTrail', { ...shared, audit: data.audit, key: data.key, timetable });
    new NotFound(this, 'NotFound', shared);
    new Alarms(this, 'Alarms', {
      api: edge.api,
      table: data.table,
      failures: deadLetters.failures,
      keeperLog: events.keeper.logGroup,
      key: data.key,
      email: settings.alarmEmail,
    });
  }
}
