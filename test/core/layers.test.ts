import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, posix } from 'node:path';
import { describe, it } from 'mocha';
import ts from 'typescript';

interface Layers {
  readonly folders: Readonly<
    Record<
      string,
      {
        readonly allow: { readonly own: readonly string[]; readonly packages: readonly string[] };
        readonly reason: string;
      }
    >
  >;
  readonly vscodeOnlyIn: readonly string[];
  readonly oneAdapterPerSdk: Readonly<Record<string, string>>;
}

interface Import {
  readonly from: string;
  /** A path of ours from the root, or the name of a package. */
  readonly to: string;
  readonly own: boolean;
  /** Types vanish before anything runs. */
  readonly typeOnly: boolean;
}

const root = join(import.meta.dirname, '../..');
const layers = JSON.parse(readFileSync(join(root, 'layers.json'), 'utf8')) as Layers;

function sourcesIn(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => posix.join(folder, file.replaceAll('\\', '/')));
}

/** Every import of a file, whatever its form: static, type, re-export, `import()`, `import type(…)`, `require`. */
function importsOf(file: string, text: string): readonly Import[] {
  const found: Import[] = [];
  const add = (specifier: ts.Node | undefined, typeOnly: boolean): void => {
    if (!specifier || !ts.isStringLiteralLike(specifier)) return;
    const own = specifier.text.startsWith('.');
    const to = own ? posix.join(posix.dirname(file), specifier.text) : packageOf(specifier.text);
    found.push({ from: file, to, own, typeOnly });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      add(node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword);
    } else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, true);
    else if (ts.isCallExpression(node) && isLoader(node.expression)) add(node.arguments[0], false);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
  return found;
}

const isLoader = (node: ts.Node): boolean =>
  node.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(node) && node.text === 'require');

function packageOf(specifier: string): string {
  if (specifier.startsWith('node:') || builtinModules.includes(specifier)) return 'node:';
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

const isIn = (file: string, place: string): boolean => file === place || file.startsWith(`${place}/`);
const show = ({ from, to }: Import): string => `${from} → ${to}`;

/** Whether a layer forbids Node's own modules: its lint pattern says so. */
const forbidsNode = (folder: string): boolean => ['src/spec', 'src/compiler', 'webview'].includes(folder);

function breaches(all: readonly Import[]): readonly string[] {
  return Object.entries(layers.folders).flatMap(([folder, { allow, reason }]) =>
    all
      .filter(({ from }) => isIn(from, folder))
      .filter(({ to, own }) => {
        if (own) return !allow.own.some((place) => isIn(to, place));
        if (to === 'node:') return forbidsNode(folder);
        return !allow.packages.includes('*') && !allow.packages.includes(to);
      })
      .map((each) => `${show(each)}: ${reason}`),
  );
}

const strayEditor = (all: readonly Import[]): readonly string[] =>
  all.filter(({ from, to }) => to === 'vscode' && !layers.vscodeOnlyIn.some((place) => isIn(from, place))).map(show);

/** Each SDK is known to its layer only, and there one file uses it; a part of an adapter may know its types. */
function straySdks(all: readonly Import[]): readonly string[] {
  return Object.entries(layers.oneAdapterPerSdk).flatMap(([sdk, folder]) => {
    const users = all.filter(({ to, own }) => !own && to === sdk);
    const files = [...new Set(users.filter(({ typeOnly }) => !typeOnly).map(({ from }) => from))];
    const outside = users.filter(({ from }) => !isIn(from, folder)).map((each) => `${show(each)}: only in ${folder}`);
    return files.length > 1 ? [...outside, `${sdk} has ${files.length} adapters: ${files.join(', ')}`] : outside;
  });
}

/** The first circle found from each file, types included: a circle of types is as hard to read. */
function cycles(all: readonly Import[]): readonly string[] {
  const targets = new Map<string, string[]>();
  for (const { from, to, own } of all) if (own) targets.set(from, [...(targets.get(from) ?? []), to]);
  const found = new Set<string>();
  const done = new Set<string>();
  const walk = (file: string, path: readonly string[]): void => {
    const start = path.indexOf(file);
    if (start >= 0) found.add([...path.slice(start), file].join(' → '));
    if (start >= 0 || done.has(file)) return;
    for (const next of targets.get(file) ?? []) walk(next, [...path, file]);
    done.add(file);
  };
  for (const file of targets.keys()) walk(file, []);
  return [...found];
}

const files = ['src', 'webview'].flatMap(sourcesIn);
const imports = files.flatMap((file) => importsOf(file, readFileSync(join(root, file), 'utf8')));

describe('the layers', () => {
  it('import only what layers.json allows', () => {
    assert.deepEqual(breaches(imports), []);
  });

  it('know the editor only where it belongs', () => {
    assert.deepEqual(strayEditor(imports), []);
  });

  it('reach each SDK through one adapter', () => {
    assert.deepEqual(straySdks(imports), []);
  });

  it('have no import cycle', () => {
    assert.deepEqual(cycles(imports), []);
  });

  it('import files that exist, by their whole name', () => {
    const known = new Set(files);
    assert.deepEqual(imports.filter(({ own, to }) => own && !known.has(to) && !to.endsWith('.json')).map(show), []);
  });

  it('cover every folder of the source', () => {
    const homes = [
      ...Object.keys(layers.folders),
      'src/extension.ts',
      'src/commands.ts',
      'src/config.ts',
      'src/protocol.ts',
      'src/cli.ts',
    ];
    assert.deepEqual(
      files.filter((file) => !homes.some((home) => isIn(file, home))),
      [],
    );
  });
});

describe('the layers test', () => {
  const read = (file: string, text: string): readonly Import[] => importsOf(file, text);

  it('sees every form of import', () => {
    const text = [
      "import a from 'pg';",
      "import type { B } from './b.ts';",
      "export * from '../c.ts';",
      "const d = import('node:fs');",
      "type E = import('vscode').Uri;",
      "const f = require('@aws-sdk/client-s3/x');",
    ].join('\n');
    assert.deepEqual(read('src/views/x.ts', text).map(show), [
      'src/views/x.ts → pg',
      'src/views/x.ts → src/views/b.ts',
      'src/views/x.ts → src/c.ts',
      'src/views/x.ts → node:',
      'src/views/x.ts → vscode',
      'src/views/x.ts → @aws-sdk/client-s3',
    ]);
  });

  it('fails a layer that reaches too far', () => {
    const bad = [
      ...read('src/spec/x.ts', "import '../compiler/y.ts'; import 'node:fs';"),
      ...read('src/views/x.ts', "import '../services/log.ts';"),
      ...read('webview/x.ts', "import '../src/config.ts';"),
      ...read('src/agents/x.ts', "import 'pg';"),
    ];
    assert.deepEqual(
      breaches(bad).map((each) => each.split(':')[0]),
      [
        'src/spec/x.ts → src/compiler/y.ts',
        'src/spec/x.ts → node',
        'src/agents/x.ts → pg',
        'src/views/x.ts → src/services/log.ts',
        'webview/x.ts → src/config.ts',
      ],
    );
  });

  it('fails the editor in the core, a second adapter, and a cycle', () => {
    assert.deepEqual(strayEditor(read('src/services/x.ts', "import 'vscode';")), ['src/services/x.ts → vscode']);
    const two = [...read('src/services/a.ts', "import 'pg';"), ...read('src/services/b.ts', "import 'pg';")];
    assert.deepEqual(straySdks(two), ['pg has 2 adapters: src/services/a.ts, src/services/b.ts']);
    const circle = [...read('src/a.ts', "import './b.ts';"), ...read('src/b.ts', "import type { A } from './a.ts';")];
    assert.deepEqual(cycles(circle), ['src/a.ts → src/b.ts → src/a.ts']);
  });
});
