import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

const LIST = /^((?:export )?var [\w$]+ = )(\[(?:.*|[\s\S]*?\n)\]);$/gm;

/**
 * Lets esbuild leave out the shapes of AWS operations that nobody calls. An SDK client lists all of its shapes in one file, as array
 * literals with computed keys, which could have side effects for all that a bundler knows. They are names and numbers: saying so
 * takes 60 KB out of every bundle that uses S3.
 */
export const unusedSchemas: Plugin = {
  name: 'unused-schemas',
  setup({ onLoad }) {
    onLoad({ filter: /@aws-sdk[\\/][^\\/]+[\\/]dist-es[\\/]schemas[\\/]\w+\.js$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      return { contents: source.replaceAll(LIST, '$1/* @__PURE__ */ (() => $2)();'), loader: 'js' };
    });
  },
};
