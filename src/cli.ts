/** The composition root of the terminal: the same core without an editor. */
import { readArguments, type Arguments } from './cli/arguments.ts';
import { exitCodes, UsageError } from './cli/exitCodes.ts';
import { cancel, logs, runs } from './cli/keptRuns.ts';
import { plan, resume, run } from './cli/runCommands.ts';
import { setup } from './cli/setup.ts';
import { check, compile, schema, validate } from './cli/specCommands.ts';
import type { Output, Terminal } from './cli/terminal.ts';
import { usage } from './cli/usage.ts';
import { createLog, type Log } from './services/log.ts';
import { createRedactor, type Redactor } from './services/redact.ts';
import { redactValue } from './services/redactValue.ts';

type Command = (terminal: Terminal, argument?: string) => Promise<number>;

const commands: Readonly<Record<string, Command>> = {
  schema,
  plan,
  check,
  compile,
  run,
  validate,
  runs,
  logs,
  resume,
  cancel,
  setup,
};

async function main(): Promise<number> {
  const redactor = createRedactor();
  const log = logOn(process.stderr, redactor);
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => {
      stop.abort();
    });
  }
  let out: Output | undefined;
  try {
    const { command: name, rest, values } = readArguments(process.argv.slice(2));
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (values.help || !command) {
      (values.help ? process.stdout : process.stderr).write(usage);
      return values.help ? exitCodes.done : exitCodes.usage;
    }
    const terminal = terminalOf(values, { redactor, log, stop });
    ({ out } = terminal);
    if (rest.length > 1) throw new UsageError(`Put a prompt of several words in quotes: ${rest.join(' ')}`);
    return await command(terminal, rest[0]);
  } catch (error) {
    if (stop.signal.aborted) return exitCodes.cancelled;
    const message = error instanceof Error ? error.message : String(error);
    log.error(message);
    out?.event({ event: 'error', message });
    return error instanceof UsageError ? exitCodes.usage : exitCodes.outside;
  }
}

interface Parts {
  readonly redactor: Redactor;
  readonly log: Log;
  readonly stop: AbortController;
}

const terminalOf = (values: Arguments['values'], { redactor, log, stop }: Parts): Terminal => ({
  values,
  signal: stop.signal,
  stop,
  log,
  redactor,
  out: outputOn(process.stdout, { isJson: values.json === true, redactor }),
  environment: process.env,
  isInteractive: process.stdin.isTTY && process.stderr.isTTY && values.json !== true,
});

function logOn(stream: NodeJS.WriteStream, redactor: Redactor): Log {
  // A line that stays takes the place of the progress on a terminal.
  const say = (line: string): void => void stream.write(`${stream.isTTY ? '\r\u001b[2K' : ''}${line}\n`);
  return createLog({ trace: () => undefined, debug: () => undefined, info: say, warn: say, error: say }, redactor);
}

function outputOn(
  stream: NodeJS.WritableStream,
  { isJson, redactor }: { readonly isJson: boolean; readonly redactor: Redactor },
): Output {
  return {
    text: (text) => {
      if (!isJson) stream.write(`${text}\n`);
    },
    event: (event) => {
      if (isJson) stream.write(`${JSON.stringify(redactValue(event, redactor.redact))}\n`);
    },
  };
}

void main().then((code) => {
  process.exitCode = code;
});
