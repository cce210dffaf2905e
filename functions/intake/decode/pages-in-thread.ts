import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { Problem } from '../../../core/outcome.ts';
import type { UploadType } from '../../../schemas/uploads.ts';
import type { DecodedPage } from './decode-tiff.ts';
import { damaged } from './limits.ts';
import type { FromPageThread, PageThreadStart } from './pages-of.ts';

/**
 * How long one page may take (ms) and how much a decoder may heap up (MB, beside the pictures themselves). A page of 40 megapixels takes
 * five seconds on a slow machine; it says nothing for that long only when it is meant to, or when the machine is in trouble.
 */
const LIMITS = { pageMs: 30_000, heapMb: 512 };

/** Beside the bundle in a function, in the source elsewhere. */
function thread(): URL {
  const beside = new URL('./page-thread.mjs', import.meta.url);
  return existsSync(beside) ? beside : new URL('./page-thread.ts', import.meta.url);
}

/**
 * The pages of a file, one at a time, opened in a thread that is ended afterwards: what hangs there, heaps up memory or brings its library
 * down, harms no other file. @throws Problem when it cannot be opened or is more than we open; Error when it took too long, to be tried again
 */
export async function* pagesInThread(type: UploadType, bytes: Uint8Array, limits = LIMITS): AsyncGenerator<DecodedPage> {
  const worker = new Worker(thread(), {
    workerData: { type, bytes } satisfies PageThreadStart,
    resourceLimits: { maxOldGenerationSizeMb: limits.heapMb },
    // What a decoder prints may be words of the page.
    stdout: true,
    stderr: true,
  });
  // It can still fill its memory while it is being ended: of that nobody need hear, but an error that nobody listens to ends the process.
  worker.on('error', () => undefined);
  try {
    for (;;) {
      const answer = await asked(worker, limits.pageMs);
      if (answer.kind === 'end') return;
      if (answer.kind === 'refused') throw new Problem(answer.problem, answer.issues);
      yield answer.page;
    }
  } finally {
    await worker.terminate();
  }
}

function asked(worker: Worker, waitMs: number): Promise<FromPageThread> {
  const { promise, resolve, reject } = Promise.withResolvers<FromPageThread>();
  const fail = (cause: NodeJS.ErrnoException) => reject(cause.code === 'ERR_WORKER_OUT_OF_MEMORY' ? damaged(cause) : cause);
  const onExit = () => reject(new Error('The thread that opens a file has ended.'));
  const timer = setTimeout(() => reject(new Error('A page took too long.')), waitMs);
  worker.once('message', resolve).once('error', fail).once('exit', onExit);
  worker.postMessage('next');
  return promise.finally(() => {
    clearTimeout(timer);
    worker.off('message', resolve).off('error', fail).off('exit', onExit);
  });
}
