import assert from 'node:assert/strict';
import { once } from 'node:events';
import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { endGroup, isAlive, isRunning, startGroup } from '../../../scripts/setup/processes.mjs';

const PARENT = fileURLToPath(new URL('fixtures/parent.mjs', import.meta.url));

describe('programs that must not outlive us', function () {
  this.timeout(30_000);

  before(function () {
    // Windows knows no signals that a program could refuse.
    if (process.platform === 'win32') this.skip();
  });

  for (const signal of ['SIGKILL', 'SIGTERM', 'SIGINT'] as const) {
    it(`end, with what they started, when we are ended by ${signal}`, async () => {
      const parent = spawn(process.execPath, [PARENT], { stdio: ['ignore', 'pipe', 'inherit'] });
      const pids = await printedPids(parent);
      assert.deepEqual(pids.map(isAlive), [true, true]);
      parent.kill(signal);
      await untilGone(pids);
    });
  }

  it('end when they are asked to, by the signal that they want', async () => {
    const program = `process.on('SIGINT', () => { console.log('bye'); process.exit(0); }); console.log('up'); setInterval(() => {}, 60000)`;
    const group = startGroup(process.execPath, ['-e', program], { signal: 'SIGINT' });
    const said: string[] = [];
    group.child.stdout?.setEncoding('utf8').on('data', (text: string) => said.push(text.trim()));
    await once(group.child.stdout ?? group.child, 'data');
    await endGroup(group);
    assert.deepEqual({ said, running: isRunning(group.child) }, { said: ['up', 'bye'], running: false });
  });

  it('hand their exit code on', async () => {
    const { child } = startGroup(process.execPath, ['-e', 'process.exit(7)']);
    child.ref();
    assert.deepEqual(await once(child, 'exit'), [7, null]);
  });
});

async function printedPids(parent: ChildProcess): Promise<number[]> {
  const [text] = (await once(parent.stdout ?? parent, 'data')) as [Buffer];
  return text.toString().trim().split(' ').map(Number);
}

/** Polls, because the end of a process that is not our child is announced to nobody; mocha's limit ends the wait. */
async function untilGone(pids: readonly number[]): Promise<void> {
  while (pids.some(isAlive)) await new Promise((resolve) => setImmediate(resolve));
}
