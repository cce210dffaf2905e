/** What a pool and its worker threads say to each other. */

/** Given to a thread when it starts. */
export interface WorkerStart {
  readonly module: string;
  readonly handler: string;
  readonly functionName: string;
  readonly functionArn: string;
  readonly memoryMb: number;
}

/** One event for the handler. `deadlineMs` is epoch milliseconds. */
export interface Invocation {
  readonly requestId: string;
  readonly event: unknown;
  readonly deadlineMs: number;
}

/** The thread's answer, or the news that it is ready. `payload` is JSON text, as on the wire of the Lambda service. */
export type FromWorker =
  | { readonly kind: 'ready'; readonly importMs: number }
  | { readonly kind: 'answer'; readonly requestId: string; readonly payload: string }
  | { readonly kind: 'error'; readonly requestId: string; readonly error: FunctionError };

/** The body of a failed invocation, as Lambda words it. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}
