import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { connectionFromEnvironment } from '../../../src/services/cliConnection.ts';
import { environmentPassword } from '../../../src/services/password.ts';
import { findService, parseServices } from '../../../src/services/serviceFile.ts';

const text = `# ours
[shop]
host=db.example
port = 5433
dbname=sales
user=bob
password=a=b #c

[empty]
[shop]
host=second
`;

describe('the connection service file', () => {
  it('is read as libpq reads it: the first entry of a name counts, and a value may hold anything', () => {
    assert.deepEqual(Object.fromEntries(parseServices(text)), {
      shop: { host: 'db.example', port: '5433', dbname: 'sales', user: 'bob', password: 'a=b #c' },
      empty: {},
    });
  });

  it('is looked for where the variables say, and need not be there', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'datamorph-service-'));
    try {
      writeFileSync(join(folder, 'pg_service.conf'), text);
      const system = { PGSERVICEFILE: join(folder, 'none.conf'), PGSYSCONFDIR: folder };
      assert.equal(findService('shop', system)?.['host'], 'db.example');
      assert.equal(findService('gone', system), undefined);
      const environment = { PGSERVICEFILE: join(folder, 'pg_service.conf'), PGSERVICE: 'shop', PGHOST: 'ignored' };
      const before = process.env['PGSERVICEFILE'];
      process.env['PGSERVICEFILE'] = environment.PGSERVICEFILE;
      try {
        const { settings, password } = await connectionFromEnvironment(undefined, environment);
        assert.deepEqual(
          [settings.host, settings.port, settings.database, settings.user, password],
          ['db.example', 5433, 'sales', 'bob', 'a=b #c'],
        );
        assert.equal(await environmentPassword(settings), 'a=b #c');
      } finally {
        if (before === undefined) delete process.env['PGSERVICEFILE'];
        else process.env['PGSERVICEFILE'] = before;
      }
      const asked = { PGSERVICE: 'gone', PGSERVICEFILE: environment.PGSERVICEFILE };
      await assert.rejects(connectionFromEnvironment(undefined, asked), /No service "gone"/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
