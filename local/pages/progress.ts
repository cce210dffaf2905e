import type { IncomingMessage, ServerResponse } from 'node:http';

/** One thing that goes on after the front door is open: loading the demo clinic's charts. */
export interface Task {
  readonly title: string;
  readonly done: number;
  readonly total: number;
}

/** What is still going on behind the sign-in page, for whoever asks `GET /local/progress`, and for the terminal. */
export class Progress {
  #tasks: readonly Task[] = [];
  #tell: ((task: Task) => void) | undefined;
  #told = -1;

  /** Sets how far a task is. */
  report(task: Task): void {
    this.#tasks = [...this.#tasks.filter(({ title }) => title !== task.title), task];
    const tenth = Math.floor((10 * task.done) / Math.max(1, task.total));
    if (tenth > this.#told && task.done < task.total) {
      this.#told = tenth;
      this.#tell?.(task);
    }
  }

  /** Calls back for every further tenth of a task, the present one first. Answers what ends it. */
  onTenth(tell: (task: Task) => void): () => void {
    this.#tell = tell;
    for (const task of this.#tasks) if (task.done < task.total) tell(task);
    return () => {
      this.#tell = undefined;
    };
  }

  /** Whether there was anything left to do. */
  get reported(): boolean {
    return this.#told >= 0;
  }

  /** Answers the page; everything else is somebody else's. */
  readonly page = async (request: IncomingMessage, response: ServerResponse): Promise<boolean> => {
    if (request.url !== '/local/progress') return false;
    response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    response.end(JSON.stringify({ ready: this.#tasks.every(({ done, total }) => done >= total), tasks: this.#tasks }));
    return true;
  };
}
