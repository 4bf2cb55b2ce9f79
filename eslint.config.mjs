import globals from 'globals';
import tseslint from 'typescript-eslint';

/** What a folder may import, as sketched in ARCHITECTURE.md; `test/core/layers.test.ts` reads the same table. */
export const layers = JSON.parse(
  await import('node:fs').then((fs) => fs.readFileSync(new URL('./layers.json', import.meta.url), 'utf8')),
);

/** One ESLint block a layer: whatever the layer's table does not allow is a lint error with the reason. */
const layerRules = Object.entries(layers.folders).map(([folder, { patterns, forbid, reason }]) => ({
  files: patterns,
  rules: {
    'no-restricted-imports': ['error', { patterns: [{ regex: forbid, message: `${folder}: ${reason}` }] }],
  },
}));

export default tseslint.config(
  { ignores: ['dist/', 'out/', 'node_modules/', 'test/golden/', '.vscode-test/'] },
  ...tseslint.configs.strictTypeChecked.map((config) => ({ ...config, files: ['**/*.ts'] })),
  {
    files: ['**/*.ts'],
    languageOptions: {
      parserOptions: { project: ['./tsconfig.json', './webview/tsconfig.json'], tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unnecessary-condition': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      eqeqeq: 'error',
      'no-console': 'error',
      'max-lines': ['error', { max: 500, skipBlankLines: true, skipComments: true }],
      'max-params': ['error', 4],
    },
  },
  { files: ['src/cli.ts', 'bench/**/*.ts', 'test/**/*.ts'], rules: { 'no-console': 'off' } },
  { files: ['test/**/*.ts'], rules: { '@typescript-eslint/no-unused-expressions': 'off' } },
  { files: ['scripts/**/*.mjs', '*.mjs'], languageOptions: { globals: globals.node } },
  ...layerRules,
);
