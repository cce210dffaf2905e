import type { Fault } from './issue.ts';

const NOT_A_DIV: Fault = {
  code: 'value',
  text: 'Write the narrative as one <div xmlns="http://www.w3.org/1999/xhtml"> element.',
};

/** What is wrong with a narrative's XHTML, if anything. */
export const narrativeFault = (xhtml: string): Fault | undefined => (/^\s*<div[\s>/]/.test(xhtml) ? undefined : NOT_A_DIV);
