import { join } from 'node:path';
import { CelEngine, TemplateFile } from '@aws/cloudformation-validate';
import { acknowledgements } from '../../infra/constructs/acknowledge.ts';
import { Synthesis } from './templates.ts';

/** Rules whose warnings are the CDK's own way of writing, with the reason why they do no harm. */
const NOT_OURS: Readonly<Record<string, string>> = {
  W3005: 'The CDK names a dependency that a reference already enforces: said twice, it is still true.',
};

/** What the template checks say: cdk-nag (HIPAA Security, AWS Solutions) throws, CloudFormation's own rules are counted. */
export function checkTemplates(): { readonly summary: string; readonly findings: readonly string[] } {
  const { app, directory, templates } = new Synthesis();
  const engine = new CelEngine();
  try {
    const names = Object.keys(templates);
    const findings = names.flatMap((name) =>
      engine
        .validateStandard(new TemplateFile(join(directory, `${name}.template.json`)), {
          severityLevel: 'WARN',
          exclude: { ids: Object.keys(NOT_OURS) },
        })
        .diagnostics.map(
          ({ severity, ruleId, message, entity }) => `${severity} ${ruleId} ${name}/${entity?.logicalId ?? ''}: ${message}`,
        ),
    );
    const accepted = acknowledgements(app).length;
    return { summary: `${names.length} templates, ${accepted} suppressions, each on one resource with its reason`, findings };
  } finally {
    engine.free();
  }
}
