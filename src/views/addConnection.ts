import * as vscode from 'vscode';
import type { ShownFailure } from './connectionPort.ts';
import { askChoice, askText, type Answer, type StepFrame } from './quickSteps.ts';

/** A connection as it is being made. */
export interface ConnectionDraft {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly auth: 'password' | 'environment' | 'secret' | 'iam';
  readonly secret?: string;
  readonly ssl: 'disable' | 'require' | 'verify-full';
  readonly sslRootCert?: string;
}

export interface AddConnectionPorts {
  readonly parseUrl: (
    text: string,
  ) => { readonly settings: Omit<ConnectionDraft, 'name'>; readonly password?: string } | undefined;
  readonly defaultSsl: (host: string) => ConnectionDraft['ssl'];
  readonly takenNames: readonly string[];
  /** Opens and closes the connection; undefined where all is well. */
  readonly test: (
    draft: ConnectionDraft,
    password: string | undefined,
    signal: AbortSignal,
  ) => Promise<ShownFailure | undefined>;
  readonly save: (draft: ConnectionDraft, password: string | undefined, target: 'user' | 'workspace') => Promise<void>;
}

interface Answers {
  readonly host: string;
  readonly port: string;
  readonly database: string;
  readonly user: string;
  readonly auth: ConnectionDraft['auth'];
  readonly secret?: string;
  readonly ssl?: ConnectionDraft['ssl'];
  readonly sslRootCert?: string;
  readonly password?: string;
  readonly name: string;
  readonly target: 'user' | 'workspace';
  /** Everything but the password and the name came from a pasted address. */
  readonly pasted: boolean;
}

const empty: Answers = {
  host: '',
  port: '5432',
  database: '',
  user: '',
  auth: 'password',
  name: '',
  target: 'user',
  pasted: false,
};

/** Asks, tries, and only then saves. A failed try leads back to the answers. */
export async function addConnection(ports: AddConnectionPorts): Promise<string | undefined> {
  let answers: Answers | undefined = empty;
  for (;;) {
    answers = await ask(answers, ports);
    if (!answers) return undefined;
    const draft = toDraft(answers, ports);
    const password = draft.auth === 'password' ? answers.password : undefined;
    const failure = await tried(draft, password, ports);
    if (!failure) {
      await ports.save(draft, password, answers.target);
      return draft.name;
    }
    const change = vscode.l10n.t('Change…');
    const words = vscode.l10n.t(failure.template, failure.values);
    const next = await vscode.window.showErrorMessage(vscode.l10n.t('Not saved. {0}', words), change);
    if (next !== change) return undefined;
    answers = { ...answers, pasted: false };
  }
}

interface Question {
  readonly applies: (answers: Answers) => boolean;
  readonly ask: (frame: StepFrame, answers: Answers, ports: AddConnectionPorts) => Promise<Answer<Partial<Answers>>>;
}

/** The questions in their order; which of them apply follows from the answers so far. */
const questions: readonly Question[] = [
  { applies: () => true, ask: askAddress },
  { applies: byHand, ask: askPort },
  { applies: byHand, ask: text('database', () => vscode.l10n.t('Database')) },
  { applies: byHand, ask: text('user', () => vscode.l10n.t('User (role)')) },
  { applies: byHand, ask: askAuth },
  { applies: (answers) => answers.auth === 'password', ask: askPassword },
  { applies: (answers) => answers.auth === 'secret', ask: askSecret },
  { applies: byHand, ask: askSsl },
  { applies: () => true, ask: askName },
  { applies: () => (vscode.workspace.workspaceFolders?.length ?? 0) > 0, ask: askTarget },
];

function byHand(answers: Answers): boolean {
  return !answers.pasted;
}

async function ask(start: Answers, ports: AddConnectionPorts): Promise<Answers | undefined> {
  const title = vscode.l10n.t('Add Connection');
  let answers = start;
  let position = 0;
  while (position < questions.length) {
    const applying = questions.filter((question) => question.applies(answers));
    const question = questions[position];
    if (!question || !applying.includes(question)) {
      position++;
      continue;
    }
    const frame = { title, step: applying.indexOf(question) + 1, total: applying.length };
    const answer = await question.ask(frame, answers, ports);
    if (answer.kind === 'cancel') return undefined;
    if (answer.kind === 'back') {
      position = questions.indexOf(applying[applying.indexOf(question) - 1] ?? question);
    } else {
      answers = { ...answers, ...answer.value };
      position++;
    }
  }
  return answers;
}

async function askAddress(
  frame: StepFrame,
  answers: Answers,
  ports: AddConnectionPorts,
): Promise<Answer<Partial<Answers>>> {
  const prompt = vscode.l10n.t('Paste an address (postgres://…), or type the name of the host');
  const answer = await askText(frame, {
    prompt,
    value: answers.host,
    placeholder: 'postgres://user:password@host:5432/database',
    validate: (value) => {
      if (value === '') return vscode.l10n.t('A host or an address is needed.');
      const isUrl = value.includes('://');
      return isUrl && !ports.parseUrl(value) ? vscode.l10n.t('This is not an address of PostgreSQL.') : undefined;
    },
  });
  return mapAnswer(answer, (value): Partial<Answers> => {
    const parsed = ports.parseUrl(value);
    if (!parsed) return { host: value, pasted: false };
    const { settings, password } = parsed;
    return {
      ...settings,
      port: `${settings.port}`,
      pasted: true,
      ...(password === undefined ? {} : { password }),
    };
  });
}

async function askPort(frame: StepFrame, answers: Answers): Promise<Answer<Partial<Answers>>> {
  const validate = (value: string): string | undefined =>
    /^\d+$/.test(value) && Number(value) >= 1 && Number(value) <= 65_535
      ? undefined
      : vscode.l10n.t('A whole number from 1 to 65535 is needed.');
  const answer = await askText(frame, { prompt: vscode.l10n.t('Port'), value: answers.port, validate });
  return mapAnswer(answer, (port) => ({ port }));
}

function text(key: 'database' | 'user', prompt: () => string): Question['ask'] {
  return async (frame, answers) => {
    const answer = await askText(frame, { prompt: prompt(), value: answers[key], validate: needed });
    return mapAnswer(answer, (value) => ({ [key]: value }));
  };
}

const needed = (value: string): string | undefined => (value === '' ? vscode.l10n.t('This is needed.') : undefined);

async function askAuth(frame: StepFrame, answers: Answers): Promise<Answer<Partial<Answers>>> {
  const choices = [
    {
      value: 'password',
      label: vscode.l10n.t('Password'),
      detail: vscode.l10n.t("Kept in the editor's secret storage."),
    },
    {
      value: 'environment',
      label: vscode.l10n.t('Environment'),
      detail: vscode.l10n.t('PGPASSWORD, the password file (~/.pgpass) or the service file.'),
    },
    {
      value: 'secret',
      label: vscode.l10n.t('Secret in AWS Secrets Manager'),
      detail: vscode.l10n.t('Read anew when it has been rotated.'),
    },
    {
      value: 'iam',
      label: vscode.l10n.t('RDS IAM authentication'),
      detail: vscode.l10n.t('A token, signed with your AWS credentials.'),
    },
  ] as const;
  const answer = await askChoice(frame, vscode.l10n.t('Where does the password come from?'), choices, answers.auth);
  return mapAnswer(answer, (auth) => ({ auth }));
}

async function askPassword(frame: StepFrame, answers: Answers): Promise<Answer<Partial<Answers>>> {
  const prompt = vscode.l10n.t('Password of {0}', answers.user);
  const answer = await askText(frame, { prompt, value: answers.password ?? '', secret: true });
  return mapAnswer(answer, (password) => ({ password }));
}

async function askSecret(frame: StepFrame, answers: Answers): Promise<Answer<Partial<Answers>>> {
  const prompt = vscode.l10n.t('ARN or name of the secret');
  const answer = await askText(frame, { prompt, value: answers.secret ?? '', validate: needed });
  return mapAnswer(answer, (secret) => ({ secret }));
}

async function askSsl(
  frame: StepFrame,
  answers: Answers,
  ports: AddConnectionPorts,
): Promise<Answer<Partial<Answers>>> {
  const choices = [
    { value: 'verify-full', label: vscode.l10n.t('Encrypted, certificate checked'), detail: 'verify-full' },
    { value: 'require', label: vscode.l10n.t('Encrypted'), detail: 'require' },
    { value: 'disable', label: vscode.l10n.t('Not encrypted'), detail: 'disable' },
  ] as const;
  const active = answers.ssl ?? ports.defaultSsl(answers.host);
  const answer = await askChoice(frame, vscode.l10n.t('Encryption'), choices, active);
  return mapAnswer(answer, (ssl) => ({ ssl }));
}

async function askName(
  frame: StepFrame,
  answers: Answers,
  ports: AddConnectionPorts,
): Promise<Answer<Partial<Answers>>> {
  const answer = await askText(frame, {
    prompt: vscode.l10n.t('Name, by which specs speak of this connection'),
    value: answers.name === '' ? answers.database : answers.name,
    validate: (value) =>
      ports.takenNames.includes(value) ? vscode.l10n.t('A connection of this name exists already.') : needed(value),
  });
  return mapAnswer(answer, (name) => ({ name }));
}

async function askTarget(frame: StepFrame, answers: Answers): Promise<Answer<Partial<Answers>>> {
  const choices = [
    { value: 'user', label: vscode.l10n.t('My settings'), detail: vscode.l10n.t('In every workspace, for you.') },
    {
      value: 'workspace',
      label: vscode.l10n.t("This workspace's settings"),
      detail: vscode.l10n.t('Shared with the folder; the password is not.'),
    },
  ] as const;
  const answer = await askChoice(frame, vscode.l10n.t('Save in'), choices, answers.target);
  return mapAnswer(answer, (target) => ({ target }));
}

const mapAnswer = <From, To>(answer: Answer<From>, map: (value: From) => To): Answer<To> =>
  answer.kind === 'answer' ? { kind: 'answer', value: map(answer.value) } : answer;

function toDraft(answers: Answers, ports: AddConnectionPorts): ConnectionDraft {
  const { name, host, database, user, auth, secret, sslRootCert } = answers;
  return {
    name,
    host,
    port: Number(answers.port),
    database,
    user,
    auth,
    ssl: answers.ssl ?? ports.defaultSsl(host),
    ...(auth === 'secret' && secret !== undefined ? { secret } : {}),
    ...(sslRootCert === undefined ? {} : { sslRootCert }),
  };
}

/** The editor's token becomes a signal here, once. */
const tried = (
  draft: ConnectionDraft,
  password: string | undefined,
  ports: AddConnectionPorts,
): Thenable<ShownFailure | undefined> =>
  vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t('Connecting to {0}…', draft.host),
      cancellable: true,
    },
    async (_progress, token) => {
      const abort = new AbortController();
      const listener = token.onCancellationRequested(() => {
        abort.abort();
      });
      try {
        return await ports.test(draft, password, abort.signal);
      } finally {
        listener.dispose();
      }
    },
  );
