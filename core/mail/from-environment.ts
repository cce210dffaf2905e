import { optionalEnvironment } from '../environment.ts';
import { Problem } from '../outcome.ts';
import type { Mailer } from './mailer.ts';
import { sesMailer } from './ses-mailer.ts';

/** The mailer of this deployment. Without a sender (`mailFrom` of the CDK app) one that says so. */
export function mailerFromEnvironment(): Mailer {
  const { MAIL_FROM, MAIL_CONFIGURATION_SET } = optionalEnvironment('MAIL_FROM', 'MAIL_CONFIGURATION_SET');
  return MAIL_FROM ? sesMailer({ from: MAIL_FROM, configurationSet: MAIL_CONFIGURATION_SET }) : noMailer;
}

const noMailer: Mailer = {
  async send() {
    throw new Problem(
      'unavailable',
      'This installation cannot send mail yet. Whoever runs it has to set mailFrom and deploy again (docs/operations.md, “Mail”).',
    );
  },
};
