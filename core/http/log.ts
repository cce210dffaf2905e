/** One line of the structured log: names, numbers and opaque ids. Invariant: never a path, a query, a body or an error's message. */
export type LogLine = Readonly<Record<string, string | number | boolean | undefined | readonly string[]>>;
export type Log = (line: LogLine) => void;

/** To the function's log stream, one JSON object a line. */
export const writeLog: Log = (line) => {
  process.stdout.write(`${JSON.stringify(line)}\n`);
};

const MAX_CAUSES = 4;

/**
 * What a log may know of an error: names, machine codes and code positions of it and its causes.
 * Messages stay out, for a database's or a parser's may quote the patient data that it choked on.
 */
export function errorLines(error: unknown): LogLine {
  const chain: Error[] = [];
  for (let next = error; next instanceof Error && chain.length < MAX_CAUSES; next = next.cause) chain.push(next);
  return {
    errors: chain.map((one) => ('code' in one && typeof one.code === 'string' ? `${one.name} ${one.code}` : one.name)),
    stack: chain
      .flatMap(({ stack }) => (stack ?? '').split('\n').filter((line) => /^\s+at /.test(line)))
      .map((line) => line.trim()),
  };
}
