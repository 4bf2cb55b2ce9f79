import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { freePort, requireFree } from '../../../scripts/setup/ports.mjs';

describe('ports', () => {
  it('that are free can be listened on, and a taken one is refused by its number', async () => {
    const port = await freePort();
    await requireFree(port);
    const server = createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    try {
      await assert.rejects(requireFree(port), {
        name: 'SetupError',
        message: new RegExp(`^Port ${port} cannot be used`),
      });
    } finally {
      server.close();
    }
  });
});
