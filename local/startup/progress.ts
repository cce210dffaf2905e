import type { IncomingMessage, ServerResponse } from 'node:http';

/** One thing that goes on after the front door is open: loading the demo clinic's charts. */
export interface Task {
  readonly title: string;
  readonly done: number;
  readonly total: number;
}

/** What is still going on behind the sign-in page, for whoever asks `GET /local/progress`. */
export class Progress {
  #tasks: readonly Task[] = [];

  /** Sets how far a task is. */
  report(task: Task): void {
    this.#tasks = [...this.#tasks.filter(({ title }) => title !== task.title), task];
  }

  /** Answers the page; everything else is somebody else's. */
  readonly page = async (request: IncomingMessage, response: ServerResponse): Promise<boolean> => {
    if (request.url !== '/local/progress') return false;
    response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    response.end(JSON.stringify({ ready: this.#tasks.every(({ done, total }) => done >= total), tasks: this.#tasks }));
    return true;
  };
}
