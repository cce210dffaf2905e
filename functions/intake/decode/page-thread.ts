/** Runs inside a thread of its own: opens one file and hands over a page whenever it is asked for one. */
import { parentPort, workerData } from 'node:worker_threads';
import { Problem } from '../../../core/outcome.ts';
import { type FromPageThread, type PageThreadStart, pagesOf } from './pages-of.ts';

const { type, bytes } = workerData as PageThreadStart;
const port = parentPort;
if (!port) throw new Error('This module runs in a worker thread.');
const pages = pagesOf(type, bytes);

port.on('message', async () => {
  const answer = await nextPage();
  port.postMessage(answer, answer.kind === 'page' ? [answer.page.page.pixels.buffer as ArrayBuffer] : []);
});

async function nextPage(): Promise<FromPageThread> {
  try {
    const { done, value } = await pages.next();
    return done
      ? { kind: 'end' }
      : { kind: 'page', page: { ...value, page: { ...value.page, pixels: value.page.pixels.slice() } } };
  } catch (error) {
    if (error instanceof Problem) return { kind: 'refused', problem: error.kind, issues: error.issues };
    throw error;
  }
}
