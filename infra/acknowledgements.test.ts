import { CfnResource, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { describe, expect, test } from 'vitest';
import { Synthesis } from '../test/support/templates.ts';
import { acknowledge, acknowledgements } from './constructs/acknowledge.ts';

const { app } = new Synthesis(); // fails by itself on a finding that nobody has accepted
const accepted = acknowledgements(app);
const resources = new Set(
  app.node
    .findAll()
    .filter((construct) => CfnResource.isCfnResource(construct))
    .map(({ node }) => node.path),
);

test('each accepted finding stands on one resource and has a reason one can argue with', () => {
  expect(accepted.length).toBeGreaterThan(0);
  for (const { path, reason } of accepted) {
    expect(resources.has(path)).toBe(true);
    expect(reason.length).toBeGreaterThan(40);
  }
});

describe('acknowledge', () => {
  test('refuses a stack, and a construct of several resources', () => {
    const stack = new Stack();
    expect(() => acknowledge(stack, { X: 'because' })).toThrow(/one by one/);
    expect(() => acknowledge(new Construct(stack, 'Several'), { X: 'because' })).toThrow(/one by one/);
  });
});

test('a finding that nobody has accepted fails the synthesis', () => {
  const careless = () => new Synthesis({ firewall: 'false' }, (app) => new Bucket(new Stack(app, 'Careless'), 'Open'));
  expect(careless).toThrow(/HIPAA.Security-S3BucketLoggingEnabled/);
});
