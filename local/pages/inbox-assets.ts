/** The inbox's style sheet, by the names of the sign-in pages' one. Usable at 320 px and at 200 % text. */
export const INBOX_STYLE = `:root {
  color-scheme: light dark;
  --ground: light-dark(#f4f4f4, #131313);
  --card: light-dark(#ffffff, #1c1c1c);
  --edge: light-dark(#8c8c8c, #7a7a7a);
  --line: light-dark(#e0e0e0, #363636);
  --text: light-dark(#1a1a1a, #ededed);
  --soft: light-dark(#595959, #ababab);
  --accent: light-dark(#3563e0, #90adff);
  --on-accent: light-dark(#ffffff, #0b1533);
}
* { box-sizing: border-box; }
body { margin: 0; padding: 32px 16px; background: var(--ground); color: var(--text);
  font: 16px/1.5 'Inter Variable', Inter, system-ui, -apple-system, 'Segoe UI', sans-serif; font-variant-numeric: tabular-nums; }
main { max-width: 800px; margin: 0 auto; }
h1 { margin: 0 0 8px; font-size: 24px; line-height: 1.25; overflow-wrap: anywhere; }
p { margin: 0 0 16px; }
a { color: var(--accent); }
.soft, dt, time { color: var(--soft); }
form { display: flex; flex-wrap: wrap; align-items: center; gap: 8px 12px; margin: 0 0 16px; }
label { font-weight: 600; }
input { flex: 1 1 200px; min-width: 0; min-height: 44px; padding: 8px 12px; font: inherit; color: inherit; background: var(--card); border: 1px solid var(--edge); border-radius: 6px; }
button { min-height: 44px; padding: 8px 16px; font: inherit; font-weight: 600; color: var(--on-accent); background: var(--accent); border: 0; border-radius: 6px; cursor: pointer; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.list { margin: 0; padding: 0; list-style: none; background: var(--card); border: 1px solid var(--line); border-radius: 6px; }
.list li + li { border-top: 1px solid var(--line); }
.list a { display: grid; grid-template-columns: 1fr auto; gap: 0 16px; padding: 12px 16px; color: inherit; text-decoration: none; }
.list a:hover .subject { text-decoration: underline; }
.to { font-weight: 600; overflow-wrap: anywhere; }
.subject { grid-column: 1 / -1; color: var(--accent); overflow-wrap: anywhere; }
.kind { font-weight: 600; color: var(--soft); }
.empty, .text { padding: 24px; background: var(--card); border: 1px solid var(--line); border-radius: 6px; }
dl { display: grid; grid-template-columns: auto 1fr; gap: 4px 16px; margin: 0 0 16px; }
dd { margin: 0; overflow-wrap: anywhere; }
.text { white-space: pre-wrap; overflow-wrap: anywhere; }
@media (max-width: 480px) { body { padding: 16px; } label { flex-basis: 100%; } .list a { grid-template-columns: 1fr; } .text { padding: 16px; } }
`;

/** Shows the list anew when there is something new, unless somebody is typing. It asks for the list and follows no link in it. */
export const INBOX_SCRIPT = `const { newest, to } = document.body.dataset;
setInterval(async () => {
  if (document.hidden || document.activeElement?.id === 'to') return;
  const answer = await fetch('/local/inbox.json?to=' + encodeURIComponent(to)).catch(() => undefined);
  const [latest] = answer?.ok ? await answer.json() : [];
  if (latest && latest.id !== newest) location.reload();
}, 2000);
`;
