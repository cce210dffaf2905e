import type { Plugin } from 'vite';

/** A constant at the top of a module, to the end of its statement. */
const CONSTANT = /^((?:export )?const \w+(?:: [^=\n]+)? = )([\s\S]*?);\n(?=\S|\n|$)/gm;
const SCHEMA = /\bz\s*\.|^[A-Z]\w+\s*\./;

/**
 * Lets the bundler leave out the schemas that a screen does not use. A schema is made by calling functions of zod, which could have side
 * effects for all that a bundler knows; without this, whoever imports one name from a file of schemas/ loads zod and every schema of it.
 */
export const pureSchemas = (folder: string): Plugin => ({
  name: 'pure-schemas',
  enforce: 'pre',
  transform(code, id) {
    if (!id.startsWith(folder) || !id.endsWith('.ts')) return undefined;
    const pure = code.replaceAll(CONSTANT, (statement, head: string, value: string) =>
      SCHEMA.test(value) ? `${head}/* @__PURE__ */ (() => (${value}))();\n` : statement,
    );
    return { code: pure, map: null };
  },
});
