import { expect, test } from 'vitest';
import type { Say } from '../i18n/index.ts';
import { ApiError, type Issue } from '../lib/api.ts';
import { errorWords } from './states.tsx';

const say = { t: (key: string) => key, fault: ({ text }: Issue) => text } as unknown as Say;
const refused = (name?: string) => new ApiError(403, [{ text: 'Choose a plan.', expression: [], ...(name && { name }) }]);

test.each([
  { name: 'role-forbids', next: 'errors.forbiddenNext', because: 'an administrator can give the role' },
  { name: undefined, next: 'errors.forbiddenNext', because: 'nothing says that it is anything else' },
  { name: 'add-on-missing', next: 'Choose a plan.', because: 'no role would help' },
])('a refusal named $name is told as $next: $because', ({ name, next }) => {
  expect(errorWords(refused(name), say).next).toBe(next);
});
