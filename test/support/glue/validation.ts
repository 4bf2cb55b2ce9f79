/** What the real service refuses, as far as it concerns our requests. */

/** An error as the service answers it. */
export class GlueError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

export const invalid = (message: string): GlueError => new GlueError('InvalidInputException', message);

export type Fields = Readonly<Record<string, unknown>>;

const definition = [
  'Description', 'Role', 'ExecutionProperty', 'Command', 'DefaultArguments', 'Connections', 'MaxRetries', 'Timeout',
  'SecurityConfiguration', 'GlueVersion', 'NumberOfWorkers', 'WorkerType', 'ExecutionClass', 'JobRunQueuingEnabled',
] as const; // prettier-ignore

const known: Readonly<Record<string, readonly string[]>> = {
  GetJob: ['JobName'],
  CreateJob: ['Name', 'Tags', ...definition],
  UpdateJob: ['JobName', 'JobUpdate'],
  JobUpdate: definition,
  StartJobRun: [
    'JobName', 'Arguments', 'Timeout', 'WorkerType', 'NumberOfWorkers', 'SecurityConfiguration', 'JobRunQueuingEnabled',
    'ExecutionRoleSessionPolicy',
  ],
  GetJobRun: ['JobName', 'RunId'],
  GetJobRuns: ['JobName', 'NextToken', 'MaxResults'],
  BatchStopJobRun: ['JobName', 'JobRunIds'],
}; // prettier-ignore

export function requireKnown(shape: string, fields: Fields): void {
  const unknown = Object.keys(fields).filter((field) => !known[shape]?.includes(field));
  if (unknown.length > 0) throw new GlueError('ValidationException', `${shape}: unknown ${unknown.join(', ')}`);
}

export function requireDefinition(fields: Fields): void {
  const { Role, Command, GlueVersion, MaxRetries = 0, JobRunQueuingEnabled, Timeout } = fields;
  if (typeof Role !== 'string' || Role === '') throw invalid('Role should not be null or empty.');
  const { Name, ScriptLocation, PythonVersion } = (Command ?? {}) as Fields;
  if (Name !== 'glueetl' || PythonVersion !== '3') throw invalid('Command is not that of a Spark job in Python 3.');
  if (typeof ScriptLocation !== 'string' || !ScriptLocation.startsWith('s3://'))
    throw invalid('ScriptLocation is no address in S3.');
  if (GlueVersion !== '5.0') throw invalid(`GlueVersion ${String(GlueVersion)} is not supported here.`);
  if (JobRunQueuingEnabled === true && MaxRetries !== 0) throw invalid('Job run queuing needs MaxRetries 0.');
  requireTimeout(Timeout);
  requireArguments(fields['DefaultArguments']);
  requireWorkers(fields);
}

export function requireRun(fields: Fields): void {
  requireTimeout(fields['Timeout']);
  requireArguments(fields['Arguments']);
  requireWorkers(fields);
  const policy = fields['ExecutionRoleSessionPolicy'];
  if (policy === undefined) return;
  if (typeof policy !== 'string' || policy.length > 2048)
    throw invalid('ExecutionRoleSessionPolicy is longer than 2048.');
  const { Version, Statement } = JSON.parse(policy) as Fields;
  if (Version !== '2012-10-17' || !Array.isArray(Statement)) throw invalid('ExecutionRoleSessionPolicy is no policy.');
}

function requireTimeout(timeout: unknown): void {
  if (timeout !== undefined && !(Number.isInteger(timeout) && Number(timeout) >= 1))
    throw invalid('Timeout must be a whole number of minutes.');
}

/** Arguments that Glue gives itself. */
const reserved = ['--JOB_NAME', '--JOB_ID', '--JOB_RUN_ID', '--mode', '--debug'];

function requireArguments(given: unknown = {}): void {
  for (const [name, value] of Object.entries(given as Fields)) {
    if (!name.startsWith('--') || reserved.includes(name)) throw invalid(`The argument ${name} is not allowed.`);
    if (typeof value !== 'string') throw invalid(`The argument ${name} is no text.`);
  }
}

export const dpusOf: Readonly<Record<string, number>> = { 'G.1X': 1, 'G.2X': 2, 'G.4X': 4, 'G.8X': 8 };

function requireWorkers({ WorkerType, NumberOfWorkers, MaxCapacity }: Fields): void {
  if (MaxCapacity !== undefined) throw invalid('MaxCapacity is not for this version.');
  if (typeof WorkerType !== 'string' || !(WorkerType in dpusOf))
    throw invalid(`There is no worker type ${String(WorkerType)}.`);
  if (typeof NumberOfWorkers !== 'number' || NumberOfWorkers < 2)
    throw invalid('A Spark job needs two workers at least.');
}
