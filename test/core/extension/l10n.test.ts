import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import ts from 'typescript';
import { failureTemplates } from '../../../src/services/databaseFailure.ts';

const root = join(import.meta.dirname, '../../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const readTexts = (file: string): Readonly<Record<string, string>> => JSON.parse(read(file)) as Record<string, string>;

/** What the program says at run time: the first argument of each `l10n.t`, and the sentences of the failures. */
function runtimeTexts(): ReadonlySet<string> {
  const files = ['src/extension.ts', 'src/commands.ts', 'src/config.ts', ...sources('src/views')];
  const texts = new Set<string>(Object.values(failureTemplates));
  for (const file of files) {
    const visit = (node: ts.Node): void => {
      const [first] = ts.isCallExpression(node) && node.expression.getText().endsWith('l10n.t') ? node.arguments : [];
      if (first && ts.isStringLiteralLike(first)) texts.add(first.text);
      else if (first) assert.match(first.getText(), /template$/, `${file}: ${first.getText()} cannot be collected`);
      ts.forEachChild(node, visit);
    };
    visit(ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest, true));
  }
  return texts;
}

const sources = (folder: string): readonly string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(folder, file));

const placesIn = (text: string): readonly string[] => [...text.matchAll(/\{\w+\}/g)].map(([place]) => place).sort();
const linksIn = (text: string): readonly string[] => [...text.matchAll(/\]\((\S+)\)/g)].map(([, link]) => link ?? '');
const manifestKeys = (): readonly string[] =>
  [...read('package.json').matchAll(/"%([\w.]+)%"/g)].map(([, key]) => key ?? '');

const bundles = readdirSync(join(root, 'l10n')).filter((file) => /^bundle\.l10n\.\w+\.json$/.test(file));
const manifests = readdirSync(root).filter((file) => /^package\.nls\.\w+\.json$/.test(file));

describe('translations', () => {
  it('name every text of the program, and no other', () => {
    assert.deepEqual(Object.keys(readTexts('l10n/bundle.l10n.json')).sort(), [...runtimeTexts()].sort());
  });

  it('name every text of the manifest, and no other', () => {
    assert.deepEqual(Object.keys(readTexts('package.nls.json')).sort(), [...new Set(manifestKeys())].sort());
  });

  it('exist in German for both', () => {
    assert.deepEqual([bundles, manifests], [['bundle.l10n.de.json'], ['package.nls.de.json']]);
  });

  for (const file of bundles) {
    it(`are complete in ${file}, with the same places`, () => {
      const [english, translated] = [readTexts('l10n/bundle.l10n.json'), readTexts(`l10n/${file}`)];
      assert.deepEqual(Object.keys(translated).sort(), Object.keys(english).sort());
      for (const [key, text] of Object.entries(translated)) {
        assert.notEqual(text.trim(), '', key);
        assert.deepEqual(placesIn(text), placesIn(key), key);
      }
    });
  }

  for (const file of manifests) {
    it(`are complete in ${file}, with the same links`, () => {
      const [english, translated] = [readTexts('package.nls.json'), readTexts(file)];
      assert.deepEqual(Object.keys(translated).sort(), Object.keys(english).sort());
      for (const [key, text] of Object.entries(translated)) {
        assert.notEqual(text.trim(), '', key);
        assert.deepEqual(linksIn(text), linksIn(english[key] ?? ''), key);
      }
    });
  }
});
