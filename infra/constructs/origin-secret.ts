import { CfnParameter, type Stack } from 'aws-cdk-lib';

/**
 * What the distribution tells the gateway in `x-origin-secret`, so that nobody goes round the firewall by the gateway's own address.
 * `npm run deploy` makes it, keeps it as an SSM SecureString and passes it to the two stacks that need it.
 */
export const originSecret = (stack: Stack): CfnParameter =>
  new CfnParameter(stack, 'OriginSecret', {
    noEcho: true,
    minLength: 32,
    maxLength: 128,
    allowedPattern: '[A-Za-z0-9_-]+',
    description: 'At least 32 random characters.',
  });
