/**
 * npm run -s token -- <e-mail>
 *
 * Prints an access token of a demo user, fetched over HTTP as a browser would. It knows passwords only from the demo.json of
 * the stack that runs on this machine, so there is nothing it could do to a deployed one.
 */
import { pathToFileURL } from 'node:url';
import { type DemoFile, type DemoUser, dataFolder, readDemo } from './identity/demo-file.ts';
import { signIn } from './identity/sign-in.ts';

export { signIn };

/** A sentence for the person at the keyboard; anything else is a bug and keeps its stack. */
class Complaint extends Error {}

async function main(email: string | undefined): Promise<void> {
  if (email === undefined) throw new Complaint('Say whose token: npm run -s token -- <e-mail>');
  const demo = findDemo();
  const user = usersOf(demo).find((known) => known.email === email.toLowerCase());
  if (!user) {
    throw new Complaint(
      `There is no demo user ${email}: choose one of ${usersOf(demo)
        .map((known) => known.email)
        .join(', ')}.`,
    );
  }
  const { accessToken } = await signIn({ url: demo.url, user }).catch((error: unknown) => {
    throw new Complaint(
      isRefusedConnection(error) ? `Nothing answers at ${demo.url}: run npm start first.` : String((error as Error).message),
    );
  });
  process.stdout.write(`${accessToken}\n`);
}

function findDemo(): DemoFile {
  try {
    return readDemo(dataFolder());
  } catch {
    throw new Complaint(`There is no demo in ${dataFolder()}: run npm start first.`);
  }
}

/** A person of several tenants is listed under each. */
const usersOf = (demo: DemoFile): DemoUser[] => [
  ...new Map([...demo.operators, ...demo.tenants.flatMap(({ users }) => users)].map((user) => [user.email, user])).values(),
];

const isRefusedConnection = (error: unknown): boolean => (error as { cause?: { code?: string } }).cause?.code === 'ECONNREFUSED';

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    await main(process.argv[2]);
  } catch (error) {
    if (!(error instanceof Complaint)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
