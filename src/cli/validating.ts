/** The validator of the terminal: the same for a run and for `validate`. */
import type { IntentWriter } from '../agents/intentPort.ts';
import type { Validator } from '../agents/ports.ts';
import { testIntent } from '../agents/validation/intentTests.ts';
import { validatorOn } from '../agents/validator.ts';
import type { ConnectionSettings } from '../services/connectionSettings.ts';
import type { Postgres } from '../services/postgres.ts';
import { sharedRulesIn } from '../services/sharedRules.ts';
import { snapshotsOf } from '../services/snapshot.ts';
import { loadSqlParser } from '../services/sqlParser.ts';
import { compareRowsOf } from './arguments.ts';
import { workspaceOf, type Terminal } from './terminal.ts';

export interface ValidatingParts {
  readonly terminal: Terminal;
  readonly postgres: Postgres;
  readonly settings: Pick<ConnectionSettings, 'queryRole'>;
  readonly intentWriter?: IntentWriter;
}

export async function validatorFor({
  terminal,
  postgres,
  settings,
  intentWriter,
}: ValidatingParts): Promise<Validator> {
  const compareRows = compareRowsOf(terminal.values);
  return validatorOn(snapshotsOf(postgres, await loadSqlParser(), settings), {
    testIntent,
    sharedRules: sharedRulesIn(workspaceOf(terminal)),
    ...(intentWriter && { intentWriter }),
    ...(compareRows !== undefined && { compareRows }),
  });
}
