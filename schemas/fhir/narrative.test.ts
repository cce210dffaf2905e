import { describe, expect, test } from 'vitest';
import { narrativeFault } from './narrative.ts';

const XMLNS = 'xmlns="http://www.w3.org/1999/xhtml"';

describe('narrativeFault', () => {
  test.each([
    { div: `<div ${XMLNS}>text</div>`, because: 'text is enough' },
    { div: `<div ${XMLNS}><img src="#photo" alt=""/></div>`, because: 'an image is content too' },
    {
      div: `<div ${XMLNS}><p class="a" style='b'>a &lt; b &#160; &#xA0; &nbsp;</p><br/><!-- so - it is --></div>\n`,
      because: 'entities, both quotes, comments',
    },
    {
      div: `<div ${XMLNS}><table><tr><td colspan="2"><a href="http://example.org">x</a></td></tr></table></div>`,
      because: 'tables and links',
    },
  ])('accepts $div: $because', ({ div }) => expect(narrativeFault(div)).toBeUndefined());

  test.each([
    { div: '', because: 'nothing', text: 'as one <div' },
    { div: 'text', because: 'no element', text: 'as one <div' },
    { div: `<p>text</p>`, because: 'no div', text: 'as one <div' },
    { div: `<div>a</div><div>b</div>`, because: 'two elements', text: 'as one <div' },
    { div: `<div>a</div> and more`, because: 'text after it', text: 'as one <div' },
    { div: `<div> <p>\n</p></div>`, because: 'no content (txt-2)', text: 'txt-2' },
    { div: `<div>a`, because: 'not closed', text: 'well-formed' },
    { div: `<div><b>a</div></b>`, because: 'closed in the wrong order', text: 'well-formed' },
    { div: `<div><p class=a>x</p></div>`, because: 'an attribute without quotes', text: 'well-formed' },
    { div: `<div>Smith & Sons</div>`, because: 'a bare ampersand', text: 'well-formed' },
    { div: `<div>a < b</div>`, because: 'a bare less-than sign', text: 'well-formed' },
    { div: `<div><![CDATA[x]]></div>`, because: 'no plain text', text: 'well-formed' },
    { div: `<div><script>alert(1)</script></div>`, because: 'a script', text: 'formatting' },
    { div: `<div><p onclick="alert(1)">x</p></div>`, because: 'an event handler', text: 'formatting' },
    { div: `<div><a href=" javascript:alert(1)">x</a></div>`, because: 'a link that runs code', text: 'formatting' },
    { div: `<div><iframe src="x"/>y</div>`, because: 'a frame', text: 'formatting' },
    { div: `<div><input value="x"/>y</div>`, because: 'a form', text: 'formatting' },
  ])('refuses $div: $because', ({ div, text }) => expect(narrativeFault(div)?.text).toContain(text));

  test('a megabyte of white space in a tag takes no time', () => {
    const start = process.cpuUsage();
    expect(narrativeFault(`<div${' '.repeat(1_000_000)}`)?.text).toContain('well-formed');
    expect(narrativeFault(`<div>${'<b>'.repeat(300_000)}`)?.text).toContain('well-formed');
    expect(process.cpuUsage(start).user / 1000, 'ms').toBeLessThan(2_000);
  });
});
