import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { archiving, classArchive } from '../../../src/services/localSpark/classArchive.ts';
import { placeOf } from '../../../src/services/localSpark/options.ts';

describe("the archive of the JVM's classes", () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'datamorph archive '))));
  afterEach(() => rm(folder, { recursive: true }));

  const jdbcJar = (): string => join(folder, 'driver.jar');
  const started = (javaOptions?: readonly string[]): string =>
    placeOf({
      ...{ python: 'python3', jdbcJar: jdbcJar(), runtime: '/runtime', environment: {} },
      connections: () => Promise.resolve({}),
      ...(javaOptions && { javaOptions }),
    }).environment['PYSPARK_SUBMIT_ARGS'] ?? '';

  it('is what the JVM starts from where it stands beside the driver, quoted for Spark where its path needs it', async () => {
    assert.doesNotMatch(started(), /SharedArchiveFile/);
    await writeFile(classArchive(jdbcJar()), '');
    assert.ok(started().includes(`"-XX:SharedArchiveFile=${classArchive(jdbcJar())}" -Xlog:cds=off`), started());
  });

  it('is not used while another one is made', async () => {
    await writeFile(classArchive(jdbcJar()), '');
    const text = started(archiving('/made.jsa'));
    assert.ok(text.includes('-XX:ArchiveClassesAtExit=/made.jsa') && !text.includes('SharedArchiveFile'), text);
  });
});
