/** Runs inside a worker thread: one function's code, one event at a time, as a Lambda execution environment does. */
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import type { FromWorker, FunctionError, Invocation, WorkerStart } from './protocol.ts';

type Handler = (event: unknown, context: Record<string, unknown>) => unknown;

const start = workerData as WorkerStart;
const port = parentPort;
if (!port) throw new Error('This module runs in a worker thread.');
const send = (message: FromWorker): void => port.postMessage(message);

const startedMs = performance.now();
const loaded = (await import(pathToFileURL(start.module).href)) as Record<string, unknown>;
const handler = loaded[start.handler];
if (typeof handler !== 'function') throw new Error(`${start.functionName}: its module exports no function ${start.handler}.`);
send({ kind: 'ready', importMs: performance.now() - startedMs });

port.on('message', async ({ requestId, event, deadlineMs }: Invocation) => {
  try {
    const answer = await (handler as Handler)(event, contextOf(requestId, deadlineMs));
    send({ kind: 'answer', requestId, payload: JSON.stringify(answer ?? null) });
  } catch (error) {
    send({ kind: 'error', requestId, error: toFunctionError(error) });
  }
});

function contextOf(requestId: string, deadlineMs: number): Record<string, unknown> {
  return {
    functionName: start.functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: start.functionArn,
    memoryLimitInMB: String(start.memoryMb),
    awsRequestId: requestId,
    logGroupName: `/aws/lambda/${start.functionName}`,
    logStreamName: 'local',
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: () => Math.max(0, deadlineMs - Date.now()),
  };
}

function toFunctionError(error: unknown): FunctionError {
  if (!(error instanceof Error)) return { errorType: 'Error', errorMessage: String(error) };
  return { errorType: error.name, errorMessage: error.message, trace: error.stack?.split('\n') ?? [] };
}
