import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { runtimeFolder } from '../support/glue/account.ts';

const program = `import json, sys
from datamorph.arguments import read_arguments
found = read_arguments(sys.argv[1:])
print(json.dumps([found.secrets, found.addresses, found.marks]))`;

const read = (...given: readonly string[]) =>
  spawnSync(process.env['DATAMORPH_TEST_PYTHON'] ?? '', ['-c', program, ...given], {
    encoding: 'utf8',
    env: { ...process.env, PYTHONPATH: runtimeFolder },
  });

describe('the arguments of a job, where each may stand once only', () => {
  const arn = (name: string): string => `arn:aws:secretsmanager:eu-central-1:123456789012:secret:${name}=x/y-AbCdEf`;

  it('name several secrets, addresses and marks', () => {
    const { stdout, stderr } = read(
      ...['--connection', `SHOP=${arn('shop')},CRM=${arn('crm')}`],
      ...['--address', String(new URLSearchParams({ SHOP: 'jdbc:postgresql://h:5432/d?a=1&b=2' }))],
      ...['--marks', String(new URLSearchParams({ orders: '2026-01-01 00:00', items: 'a&b=c' }))],
      ...['--mark', 'items=later', '--JOB_NAME', 'x', '--extra-py-files', 's3://x'],
    );
    assert.deepEqual(
      JSON.parse(stdout),
      [
        { SHOP: arn('shop'), CRM: arn('crm') },
        { SHOP: 'jdbc:postgresql://h:5432/d?a=1&b=2' },
        { orders: '2026-01-01 00:00', items: 'later' },
      ],
      stderr,
    );
  });

  it('name secrets only: what is none is refused, and not repeated in the log', () => {
    const { status, stderr } = read('--connection', 'SHOP=hunter2');
    assert.equal(status, 2);
    assert.match(stderr, /NAME=ARN, with the ARN of its secret/);
    assert.ok(!stderr.includes('hunter2'));
  });
});
