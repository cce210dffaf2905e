import { expect, test } from 'vitest';
import { plain } from '../test/support/plain-policy.ts';
import { Synthesis } from '../test/support/templates.ts';

const synthesis = new Synthesis();
const routes = synthesis.all('AWS::ApiGatewayV2::Route');
const resource = (stack: string, logicalId: string) => synthesis.templates[stack]?.Resources[logicalId];

/** The function that answers a route: route -> integration -> function. */
function functionOf(route: (typeof routes)[number]) {
  const integration = resource(
    route.stack,
    String(plain(synthesis, route.stack, route.Properties.Target)).replace('integrations/', ''),
  );
  const uri = integration?.Properties.IntegrationUri as { 'Fn::GetAtt': [string, string] };
  return { logicalId: uri['Fn::GetAtt'][0], integration, target: resource(route.stack, uri['Fn::GetAtt'][0]) };
}

test('every route reaches a function, as API Gateway events of version 2', () => {
  for (const route of routes) {
    const { integration, target } = functionOf(route);
    expect(target?.Type).toBe('AWS::Lambda::Function');
    expect(integration?.Properties).toMatchObject({ IntegrationType: 'AWS_PROXY', PayloadFormatVersion: '2.0' });
  }
});

test('the gateway may call every function that a route names', () => {
  const callable = new Set(
    synthesis
      .all('AWS::Lambda::Permission')
      .filter(({ Properties }) => Properties.Principal === 'apigateway.amazonaws.com')
      .map(({ Properties }) => (Properties.FunctionName as { 'Fn::GetAtt': [string] })['Fn::GetAtt'][0]),
  );
  for (const route of routes) expect(callable).toContain(functionOf(route).logicalId);
});

test('each path has the function that owns it', () => {
  const table = Object.fromEntries(
    routes.map((route) => [route.Properties.RouteKey, functionOf(route).logicalId.replace(/Function[0-9A-F]{8}$/, '')]),
  );
  expect(table).toEqual({
    'ANY /api/{tenant}/fhir/R4': 'RecordsRest',
    'ANY /api/{tenant}/fhir/R4/{proxy+}': 'RecordsRest',
    'POST /api/{tenant}/fhir/R4/$import': 'ImportsDesk',
    ...Object.fromEntries(
      [
        '$find',
        '$hold',
        '$book',
        ...['$move', '$cancel', '$confirm', '$check-in', '$no-show', '$undo'].map((name) => `{id}/${name}`),
      ].map((name) => [`POST /api/{tenant}/fhir/R4/Appointment/${name}`, 'SchedulingCalendar']),
    ),
    'ANY /api/{tenant}/charts/{proxy+}': 'ChartsRead',
    'ANY /api/{tenant}/billing/{proxy+}': 'BillingDesk',
    'ANY /api/{tenant}/charts/{id}/documents': 'ScansDesk',
    'ANY /api/{tenant}/documents/{proxy+}': 'ScansDesk',
    'ANY /api/{tenant}/uploads': 'ScansDesk',
    'ANY /api/{tenant}/uploads/{proxy+}': 'ScansDesk',
    'ANY /api/{tenant}/visits': 'VisitsDesk',
    'ANY /api/{tenant}/visits/{proxy+}': 'VisitsDesk',
    'ANY /api/{tenant}/notes/{proxy+}': 'VisitsDesk',
    'ANY /api/{tenant}/note-templates': 'VisitsDesk',
    'ANY /api/platform/signing-keys': 'VisitsDesk',
    'ANY /api/{tenant}/imports': 'ImportsDesk',
    'ANY /api/{tenant}/imports/{proxy+}': 'ImportsDesk',
    'ANY /api/platform/signup': 'PeopleDoor',
    'ANY /api/platform/signup/{proxy+}': 'PeopleDoor',
    'ANY /api/platform/links/{proxy+}': 'PeopleDoor',
    'POST /api/platform/webhooks/stripe': 'PaymentsDesk',
    'ANY /api/{tenant}/plan': 'PaymentsDesk',
    'ANY /api/{tenant}/plan/{proxy+}': 'PaymentsDesk',
    'GET /api/platform/plans': 'PaymentsDesk',
    'GET /api/platform/plans/{slug}': 'PaymentsDesk',
    'GET /api/platform/invoices': 'PaymentsDesk',
    'GET /api/platform/stripe-events': 'PaymentsDesk',
    'POST /api/platform/stripe-events/{id}/again': 'PaymentsDesk',
    'ANY /api/platform/operators': 'PeopleDesk',
    'ANY /api/platform/operators/{proxy+}': 'PeopleDesk',
    'ANY /api/{tenant}/staff': 'PeopleDesk',
    'ANY /api/{tenant}/staff/{proxy+}': 'PeopleDesk',
    'ANY /api/{tenant}/clinic': 'PeopleDesk',
    'POST /api/{tenant}/portal/visits': 'SchedulingCalendar',
    'ANY /api/{tenant}/portal/visits/{proxy+}': 'SchedulingCalendar',
    'ANY /api/{tenant}/portal/invites': 'PeopleDesk',
    'ANY /api/{tenant}/portal/invites/{proxy+}': 'PeopleDesk',
    'ANY /api/{tenant}/failed-work': 'EventsDesk',
    'ANY /api/{tenant}/failed-work/{proxy+}': 'EventsDesk',
    'ANY /api/{tenant}/visit-links/{proxy+}': 'RemindersDesk',
    'ANY /api/{tenant}/reminders': 'RemindersDesk',
    'ANY /api/{tenant}/patients/{id}/reminders': 'RemindersDesk',
    'ANY /api/{tenant}/settings/{name}': 'SettingsDesk',
    'ANY /api/{tenant}/tasks': 'TasksDesk',
    'ANY /api/{tenant}/tasks/{proxy+}': 'TasksDesk',
    'ANY /api/{tenant}/me': 'PlatformAnswer',
    'ANY /api/platform/cost': 'OperatorDesk',
    'ANY /api/platform/tenants': 'OperatorDesk',
    'ANY /api/platform/tenants/{proxy+}': 'OperatorDesk',
    'ANY /api/platform/reports': 'ReportsDesk',
    'ANY /api/platform/{proxy+}': 'PlatformAnswer',
    'ANY /api/openapi.json': 'PlatformAnswer',
    $default: 'NotFoundAnswer',
  });
});

test('routes and resources stay far below what AWS holds', () => {
  expect(routes.length).toBeLessThan(300);
  for (const template of Object.values(synthesis.templates)) expect(Object.keys(template.Resources).length).toBeLessThan(500);
});

test('a function answers before the gateway gives up (30 s), so that the answer is ours', () => {
  for (const route of routes) expect(functionOf(route).target?.Properties.Timeout).toBeLessThan(30);
});
