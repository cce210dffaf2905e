import { readFileSync, writeFileSync } from 'node:fs';
import { openBrowser } from './browser.ts';

/** Draws the icons of the installed app from web/public/favicon.svg: node test/support/make-icons.ts */
const FOLDER = 'web/public';
const mark = readFileSync(`${FOLDER}/favicon.svg`, 'utf8');
/** A maskable icon is cut to any shape: what matters stays inside the middle circle of 80 % (W3C Web App Manifest, "icon masks"). */
const maskable = mark
  .replace('rx="7" fill="#3563e0"', 'fill="#3563e0"')
  .replace('<g fill="#fff">', '<g fill="#fff" transform="translate(3.2 3.2) scale(.8)">');

const browser = await openBrowser();
for (const { name, size, drawing } of [
  { name: 'icon-192', size: 192, drawing: mark },
  { name: 'icon-512', size: 512, drawing: mark },
  { name: 'icon-maskable-512', size: 512, drawing: maskable },
  { name: 'apple-touch-icon', size: 180, drawing: maskable },
]) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(`<style>body{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${drawing}`);
  writeFileSync(`${FOLDER}/${name}.png`, await page.screenshot({ omitBackground: true }));
  await page.close();
}
await browser.close();
