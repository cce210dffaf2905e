/** The sign-in pages' style sheet: light and dark from the same names, one column, usable at 320 px and at 200 % text. */
export const STYLE = `:root {
  color-scheme: light dark;
  --ground: light-dark(#f4f4f4, #131313);
  --card: light-dark(#ffffff, #1c1c1c);
  --edge: light-dark(#8c8c8c, #7a7a7a);
  --line: light-dark(#e0e0e0, #363636);
  --text: light-dark(#1a1a1a, #ededed);
  --soft: light-dark(#595959, #ababab);
  /* The tokens of web/theme.ts: the app and its sign-in are one thing to whoever uses them. */
  --accent: light-dark(#3563e0, #90adff);
  --on-accent: light-dark(#ffffff, #0b1533);
  --wrong: light-dark(#b42318, #ff9b8f);
  --wrong-ground: light-dark(#fdecea, #3d1c19);
}
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: start center; padding: 10vh 16px 32px; background: var(--ground); color: var(--text);
  font: 16px/1.5 'Inter Variable', Inter, system-ui, -apple-system, 'Segoe UI', sans-serif; }
main { width: 100%; max-width: 400px; padding: 32px; background: var(--card); border: 1px solid var(--line); border-radius: 6px; }
.brand { display: flex; align-items: center; gap: 8px; margin: 0 0 24px; font-weight: 600; font-size: 18px; }
h1 { margin: 0 0 4px; font-size: 24px; line-height: 1.25; }
p { margin: 0 0 16px; }
.soft { color: var(--soft); }
label { display: block; margin: 16px 0 4px; font-weight: 600; }
input { width: 100%; min-height: 44px; padding: 8px 12px; font: inherit; color: inherit; background: var(--card); border: 1px solid var(--edge); border-radius: 6px; }
input[aria-invalid=true] { border-color: var(--wrong); }
input.code { font-size: 22px; letter-spacing: .3em; font-variant-numeric: tabular-nums; }
button { width: 100%; min-height: 44px; margin-top: 24px; padding: 8px 16px; font: inherit; font-weight: 600; color: var(--on-accent); background: var(--accent); border: 0; border-radius: 6px; cursor: pointer; }
button.plain { margin-top: 8px; color: var(--accent); background: none; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.wrong { margin: 16px 0 0; padding: 12px; color: var(--wrong); background: var(--wrong-ground); border-radius: 6px; }
.wrong ul, .rules { margin: 4px 0 0; padding-left: 20px; }
.qr { display: block; width: 200px; max-width: 100%; height: auto; margin: 16px auto; padding: 12px; background: #fff; border-radius: 6px; }
.key { display: block; padding: 8px 12px; font: 16px/1.5 ui-monospace, 'Cascadia Mono', Consolas, monospace; letter-spacing: .05em; overflow-wrap: anywhere; background: var(--ground); border-radius: 6px; }
@media (max-width: 480px) { body { padding: 0; background: var(--card); } main { max-width: none; padding: 24px 16px; border: 0; } }
`;

/** Sends the one form of a page that only asks the browser to go on. */
export const SUBMIT_SCRIPT = `document.forms[0].requestSubmit();\n`;
