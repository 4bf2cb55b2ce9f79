// The sample through the whole pipeline in the terminal, as far as there is one.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError } from '../setup/failure.mjs';
import { execute } from '../setup/run.mjs';

const PROMPT = 'Join customers and orders on customer_id, calculate total order amount per customer';
const SPEC = 'customer_totals.datamorph.json';

/**
 * @param {{ log: import('../setup/log.mjs').Log, cli: string, workspace: string, connection: import('./sample.mjs').Connection,
 *           env: NodeJS.ProcessEnv }} options
 */
export async function runSample({ log, cli, workspace, connection, env }) {
  const spec = join(workspace, SPEC);
  if (!existsSync(cli) || !existsSync(spec)) {
    log.info('There is nothing to run in the terminal yet.');
    return;
  }
  log.info(`\n> ${PROMPT}\n`);
  const { user, host, port, database } = connection;
  const args = [
    'run',
    spec,
    '--connection',
    `postgres://${user}@${host}:${port}/${database}`,
    '--workspace',
    workspace,
  ];
  const { code, error } = await execute(process.execPath, [cli, ...args], { cwd: workspace, env, onOutput: log.print });
  if (code !== 0) throw new SetupError(`The sample run ended with ${error ?? `exit code ${code}`}.`, { log: log.file });
}
