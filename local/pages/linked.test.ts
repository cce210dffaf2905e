import { describe, expect, test } from 'vitest';
import { linked } from './linked.ts';

const markup = (text: string): string =>
  linked(text)
    .map((part) => part.text)
    .join('');
const link = (address: string): string => `<a href="${address}" rel="noreferrer noopener">${address}</a>`;

describe('linked', () => {
  test.each([
    {
      text: 'Open http://localhost:3000/join?k=abc_1-2',
      expected: `Open ${link('http://localhost:3000/join?k=abc_1-2')}`,
      because: 'the address ends the text',
    },
    {
      text: 'See https://a.example/b.',
      expected: `See ${link('https://a.example/b')}.`,
      because: 'the full stop is the sentence’s',
    },
    { text: '(https://a.example/b)', expected: `(${link('https://a.example/b')})`, because: 'so is the bracket' },
    {
      text: 'no address: mailto:a@b.example',
      expected: 'no address: mailto:a@b.example',
      because: 'only web addresses are links',
    },
    { text: 'javascript:alert(1)//http:', expected: 'javascript:alert(1)//http:', because: 'another scheme is never a link' },
    {
      text: '<b>http://x.example/"on</b>',
      expected: `&#60;b&#62;${link('http://x.example/')}&#34;on&#60;/b&#62;`,
      because: 'markup stays text',
    },
  ])('$text: $because', ({ text, expected }) => {
    expect(markup(text)).toBe(expected);
  });
});
