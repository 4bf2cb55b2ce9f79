import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { createCodeGate } from '../../../../src/agents/codeGate.ts';
import { pythonParser } from '../../../../src/services/pythonParser.ts';
import { createRedactor } from '../../../../src/services/redact.ts';
import { harmless, honest, hostile, withSnippet } from '../../../support/hostileScripts.ts';

const { redact } = createRedactor();
const gate = createCodeGate({ parser: pythonParser, hidesSecret: (text) => redact(text) !== text });
const example = honest.replace('HERE', '');
const firstLine = honest.slice(0, honest.indexOf('HERE')).split('\n').length;

describe('the gate of generated scripts', () => {
  it('lets the compiled script through', () => {
    assert.deepEqual(gate.script(example, example), []);
  });

  for (const [code, snippet] of hostile) {
    it(`refuses ${JSON.stringify(snippet)} as ${code}`, () => {
      const problems = gate.script(withSnippet(snippet), example);
      const found = problems.find((problem) => problem.code === code);
      assert.ok(found, JSON.stringify(problems));
      const last = firstLine + snippet.split(/[\n\r]/).length - 1;
      const isWhole = ['characters', 'syntax', 'import'].includes(code) || snippet === 'F = 1';
      assert.ok(
        (found.line >= firstLine && found.line <= last) || isWhole,
        `line ${found.line} of ${firstLine} to ${last}`,
      );
      assert.match(found.message, /\.$/);
    });
  }

  for (const snippet of harmless) {
    it(`lets ${JSON.stringify(snippet.slice(0, 90))} through`, () => {
      assert.deepEqual(gate.script(withSnippet(snippet), example), []);
    });
  }

  it('says in words what is wrong, and where', () => {
    const script = withSnippet('import os\nrows = orders.rdd\nx = orders.where(orders.first()["note"])');
    assert.deepEqual(gate.script(script, example), [
      { code: 'import', message: 'The module "os" may not be imported.', line: 12, text: 'import os' },
      {
        code: 'attribute',
        message: '".rdd" may not be used: stay with data frames, and with F.udf where Python is needed.',
        line: 13,
        text: 'rdd',
      },
      {
        code: 'sql',
        message: 'A condition is a text that is written out, or made with F: F.col("name") == 1.',
        line: 14,
        text: 'orders.first()["note"]',
      },
    ]);
  });

  it('refuses a script that writes nothing', () => {
    const script = example.slice(0, example.indexOf('job.write'));
    assert.deepEqual(
      gate.script(script, example).map(({ message }) => message),
      ['The script writes nothing: it ends with job.write(...).'],
    );
  });

  it('refuses a script that writes twice', () => {
    const script = example + example.slice(example.indexOf('job.write'));
    assert.deepEqual(
      gate.script(script, example).map(({ message, line }) => [message, line]),
      [['The target is written once.', 14]],
    );
  });

  it('refuses what is nested so deeply that reading it takes a stack of its own', () => {
    const deep = `x = ${'('.repeat(5000)}1${')'.repeat(5000)}`;
    assert.deepEqual(
      gate.script(deep, example).map(({ code }) => code),
      ['syntax'],
    );
  });

  it('answers at once, however a script tries to keep it busy', () => {
    const doubling = Array.from({ length: 60 }, (_, at) => `a${at + 1} = a${at} + a${at}`).join('\n');
    const conditions = Array.from({ length: 60 }, (_, at) => `c${at + 1} = c${at}\nc${at + 1} = c${at}`).join('\n');
    const tuples = Array.from({ length: 60 }, (_, at) => `t${at + 1} = (t${at}, t${at})`).join('\n');
    const circle = 'x = y + "a"\ny = x + "b"\nF.expr(x)';
    const snippets = [
      `a0 = "x"\n${doubling}\nF.expr(a60)`,
      `c0 = F.col("a") == 1\n${conditions}\norders.where(c60)`,
      `t0 = ("x",)\n${tuples}\njob.read(table=t60, columns={})`,
      circle,
      `F.expr("${'transform '.repeat(15_000)}")`,
      'eval(1)\n'.repeat(20_000),
    ];
    for (const snippet of snippets) {
      const started = performance.now();
      assert.notDeepEqual(gate.script(withSnippet(snippet), example), [], snippet.slice(0, 40));
      assert.ok(performance.now() - started < 3000, snippet.slice(0, 40));
    }
  });

  it('refuses a script in another encoding, which Python would read otherwise', () => {
    const problems = gate.script(`# -*- coding: utf-7 -*-\n${example}`, example);
    assert.deepEqual(
      problems.map(({ code, line }) => [code, line]),
      [['characters', 1]],
    );
  });

  it('lets every golden script through', () => {
    const folder = join(import.meta.dirname, '../../../golden');
    const names = readdirSync(folder).filter((name) => name.endsWith('.py'));
    assert.ok(names.length > 60);
    for (const name of names) {
      const script = readFileSync(join(folder, name), 'utf8');
      assert.deepEqual(gate.script(script, script), [], name);
    }
  });
});

describe('the gate of a python step', () => {
  it('lets one function through, with F that stands above it', () => {
    const code =
      'def twice(orders):\n    """Every order twice."""\n    return orders.union(orders.withColumn("a", -F.col("a")))';
    assert.deepEqual(gate.step(code), []);
  });

  it('lets the steps of the golden specs through', () => {
    const folder = join(import.meta.dirname, '../../../golden');
    const steps = readdirSync(folder)
      .filter((name) => name.endsWith('.datamorph.json'))
      .flatMap((name) => (JSON.parse(readFileSync(join(folder, name), 'utf8')) as { steps: { code?: string }[] }).steps)
      .flatMap(({ code }) => code ?? []);
    assert.ok(steps.length > 0);
    for (const code of steps) assert.deepEqual(gate.step(code), []);
  });

  it('refuses what would run beside the function, and the run’s own job', () => {
    assert.deepEqual(
      gate
        .step('x = 1\ndef f(orders):\n    return job.read(table="a", columns={})')
        .map(({ code, line }) => [code, line]),
      [
        ['statement', 1],
        ['name', 3],
        ['input-output', 3],
      ],
    );
  });
});
