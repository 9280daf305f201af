import type { CodegenConfig } from '@graphql-codegen/cli';

/** Typed documents for the API tests: operations written with `graphql(…)` know their results and variables. */
const config: CodegenConfig = {
  schema: 'schema.graphql',
  documents: ['test/api/**/*.ts', 'test/transport/**/*.ts', 'test/support/**/*.ts'],
  ignoreNoDocuments: true,
  silent: true,
  // Imports with extensions, as Node wants them.
  emitLegacyCommonJSImports: false,
  generates: {
    'test/support/generated/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false, gqlTagName: 'graphql' },
      config: {
        useTypeImports: true,
        enumsAsTypes: true,
        scalars: { DateTime: 'string', JSON: 'unknown' },
      },
    },
  },
};

export default config;
