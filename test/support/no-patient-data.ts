import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Patient } from 'fhir/r4';
import { readAssembly } from '../../local/template/assembly.ts';

/** Something of a person that must stand in no event, queue, name or log. */
export interface Secret {
  readonly what: 'name' | 'birth date' | 'phone or e-mail';
  readonly text: string;
}
/** A text that the runtime keeps outside the charts, and where. */
export interface Kept {
  readonly where: string;
  readonly text: string;
}

/** Shorter words stand in any text by chance: "Li" in "List". */
const SHORTEST = 5;

/** What is sought of these patients: family names and whole names, birth dates, telephone numbers and addresses of mail. */
export function secretsOf(patients: readonly Patient[]): Secret[] {
  const found = patients.flatMap((patient): Secret[] => [
    ...(patient.name ?? []).flatMap(({ family, given = [], text }): Secret[] =>
      [family, text, given.length > 0 && family ? `${given.join(' ')} ${family}` : undefined].flatMap((name): Secret[] =>
        name ? [{ what: 'name', text: name }] : [],
      ),
    ),
    ...(patient.birthDate && patient.birthDate.length === 10 ? [{ what: 'birth date', text: patient.birthDate } as const] : []),
    ...(patient.telecom ?? []).flatMap(({ value }): Secret[] => (value ? [{ what: 'phone or e-mail', text: value }] : [])),
  ]);
  const long = found.filter(({ text }) => text.length >= SHORTEST);
  return [...new Map(long.map((secret) => [secret.text, secret])).values()];
}

/**
 * Everything that the local runtime in a data folder keeps beside the charts: the bus's archive, queues, logs, places in streams, mail and
 * text messages, and what the template calls its buses, rules, schedules and queues.
 */
export function keptOutsideCharts(dataDir: string): Kept[] {
  return [
    ...filesIn(join(dataDir, 'logs')),
    ...filesIn(join(dataDir, 'streams')),
    ...queuedIn(dataDir),
    ...sentFrom(dataDir),
    ...namesIn(join(dataDir, 'template')),
  ];
}

const NAMED = ['AWS::Events::EventBus', 'AWS::Events::Rule', 'AWS::Scheduler::Schedule', 'AWS::SQS::Queue'];
/** Names, patterns, inputs and descriptions. */
const namesIn = (template: string): Kept[] =>
  readAssembly(template).stacks.flatMap((stack) =>
    [...stack.resources]
      .filter(([, { Type }]) => NAMED.includes(Type))
      .map(([id, { Properties }]) => ({ where: `${stack.name}/${id}`, text: `${id}\n${JSON.stringify(Properties)}` })),
  );

/** What mails and text messages say. To whom they go is an address, and must be one. */
const sentFrom = (dataDir: string): Kept[] =>
  rowsOf(join(dataDir, 'messages.db'), 'SELECT kind, subject, text, html FROM message').map(({ kind, subject, text, html }) => ({
    where: `the inbox's ${kind}`,
    text: `${subject}\n${text}\n${html ?? ''}`,
  }));

const filesIn = (folder: string): Kept[] =>
  existsSync(folder)
    ? readdirSync(folder).map((name) => ({
        where: `${folder}/${name}`,
        text: `${name}\n${readFileSync(join(folder, name), 'utf8')}`,
      }))
    : [];

const queuedIn = (dataDir: string): Kept[] =>
  rowsOf(join(dataDir, 'queues', 'messages.db'), 'SELECT queue, body, attributes FROM message').map(
    ({ queue, body, attributes }) => ({ where: `queue ${queue}`, text: `${queue}\n${body}\n${attributes}` }),
  );

function rowsOf(file: string, query: string): Record<string, string | null>[] {
  if (!existsSync(file)) return [];
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    return database.prepare(query).all() as Record<string, string | null>[];
  } finally {
    database.close();
  }
}

/** Where a secret stands that must not: whose it is is not said again, for this is printed. */
export function leaks(kept: readonly Kept[], secrets: readonly Secret[]): string[] {
  return kept.flatMap(({ where, text }) =>
    secrets.filter((secret) => contains(text, secret.text)).map(({ what }) => `${what} in ${where}`),
  );
}

/** As a word of its own: no letter or digit on either side. */
function contains(text: string, wanted: string): boolean {
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
    const [before, after] = [text[at - 1] ?? ' ', text[at + wanted.length] ?? ' '];
    if (!/[\p{L}\p{N}]/u.test(before) && !/[\p{L}\p{N}]/u.test(after)) return true;
  }
  return false;
}
