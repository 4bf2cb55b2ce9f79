import type { AwsAccess } from './access.ts';

export type AwsFailureKind =
  /** Absent, expired or unknown. */
  | 'credentials'
  | 'region'
  | 'denied'
  /** What was asked for does not exist. */
  | 'missing'
  /** It exists already, or somebody else is changing it. */
  | 'conflict'
  /** Too many runs at once. */
  | 'busy'
  /** Too many requests: this one was not carried out. */
  | 'throttled'
  /** No answer, or one that says that the service is in trouble: whether it was carried out is not known. */
  | 'unanswered'
  /** The service says that the request is wrong. */
  | 'refused';

/** A request to AWS that failed, in words that name the way out. Never holds a secret. */
export class AwsFailure extends Error {
  readonly kind: AwsFailureKind;

  constructor(kind: AwsFailureKind, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'AwsFailure';
    this.kind = kind;
  }

  /** Whether the same request may well succeed later. */
  get isRetryable(): boolean {
    return this.kind === 'throttled' || this.kind === 'unanswered';
  }
}

/** What was asked, so that the words can say what is missing where AWS does not. */
export interface AwsRequest {
  /** As policies name it, such as `glue:StartJobRun`. */
  readonly action: string;
  readonly resource: string;
  readonly access: AwsAccess;
}

/** Waits for the answer; a failure becomes an AwsFailure. */
export async function answered<T>(request: AwsRequest, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw asFailure(error, request);
  }
}

/** An abort and a bug stay what they are. */
export function asFailure(error: unknown, request: AwsRequest): unknown {
  if (!(error instanceof Error) || error instanceof AwsFailure || error.name === 'AbortError') return error;
  const kind = kindOf(error);
  return kind === undefined ? error : new AwsFailure(kind, words[kind](error, request), error);
}

/** By the error's name, as the services write it; each has several spellings. */
const names: readonly (readonly [AwsFailureKind, RegExp])[] = [
  [
    'credentials',
    /^(CredentialsProviderError|TokenProviderError|ExpiredToken(Exception)?|RequestExpired|TokenRefreshRequired|UnrecognizedClientException|InvalidClientTokenId|InvalidAccessKeyId|SignatureDoesNotMatch|InvalidSignatureException|IncompleteSignature|MissingAuthenticationToken(Exception)?|AuthFailure|InvalidToken|UnauthorizedSSOTokenError|UnauthorizedException|RequestTimeTooSkewed)$/,
  ],
  ['denied', /^(AccessDenied(Exception)?|Forbidden|UnauthorizedOperation|KMSAccessDeniedException|403)$/],
  ['missing', /^(EntityNotFoundException|NoSuch\w+|NotFound|ResourceNotFoundException|404)$/],
  ['busy', /^(ConcurrentRunsExceededException)$/],
  [
    'conflict',
    /^(AlreadyExistsException|IdempotentParameterMismatchException|ConcurrentModificationException|PreconditionFailed|ConditionalRequestConflict|412)$/,
  ],
  [
    'throttled',
    /^(Throttling(Exception)?|ThrottledException|TooManyRequestsException|RequestLimitExceeded|SlowDown|RequestThrottled(Exception)?|LimitExceededException|ProvisionedThroughputExceededException)$/,
  ],
  ['unanswered', /^(TimeoutError|OperationTimeoutException|Internal\w*|ServiceUnavailable\w*|503|500)$/],
];

const networkCodes =
  /^(ECONN\w+|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EPIPE|EHOSTUNREACH|ENETUNREACH|ERR_SSL\w*|UND_ERR\w*|CERT\w*|\w*SELF_SIGNED\w*)$/;

function kindOf(error: Error): AwsFailureKind | undefined {
  if (/Region is missing/i.test(error.message)) return 'region';
  const named = names.find(([, pattern]) => pattern.test(error.name));
  if (named) return named[0];
  const { code, $metadata } = error as { readonly code?: unknown; readonly $metadata?: { httpStatusCode?: number } };
  if (typeof code === 'string' && networkCodes.test(code)) return 'unanswered';
  // A cut connection or an answer that is no answer, such as the page of a proxy.
  if (/socket hang up|Deserialization error|Expected .* JSON/i.test(error.message)) return 'unanswered';
  const status = $metadata?.httpStatusCode;
  if (status === undefined) return undefined;
  return kindsOfStatus[status] ?? (status >= 500 ? 'unanswered' : 'refused');
}

/** Answers to HEAD have no name, only a status. */
const kindsOfStatus: Readonly<Record<number, AwsFailureKind>> = {
  401: 'credentials',
  403: 'denied',
  404: 'missing',
  412: 'conflict',
  429: 'throttled',
};

const words: Readonly<Record<AwsFailureKind, (error: Error, request: AwsRequest) => string>> = {
  credentials: (error, { access }) => `${credentialsTrouble(error)} ${signIn(access)}`,
  region: () => 'No AWS region is set: name one in the settings, in AWS_REGION, or in the profile.',
  denied: (error, request) => deniedText(error, request),
  missing: (error, { resource }) => `${resource} does not exist. ${brief(error)}`.trim(),
  conflict: (error, { resource }) => `${resource} is there already, or is being changed. ${brief(error)}`.trim(),
  busy: (_, { resource }) => `${resource} has as many runs going on as it may have: wait for one of them to end.`,
  throttled: (_, { action }) => `AWS takes no more requests for the moment (${action}): try again in a minute.`,
  unanswered: (error, { action }) =>
    `AWS did not answer ${action}: ${brief(error) || 'no reason was given'}. Check the network, a proxy, and the AWS status page.`,
  refused: (error, { action }) => `AWS refused ${action}: ${brief(error)}`,
};

function credentialsTrouble(error: Error): string {
  if (error.name === 'RequestTimeTooSkewed')
    return "This machine's clock is wrong, so AWS refuses its signatures: set it.";
  if (/expired/i.test(error.name) || /expired/i.test(error.message)) return 'The AWS sign-in has expired.';
  if (/could not load|could not be found|not find|no credentials/i.test(error.message))
    return 'No AWS credentials were found.';
  if (error.name.endsWith('ProviderError')) return `The AWS credentials cannot be used: ${brief(error)}`;
  return 'AWS does not accept these credentials.';
}

const signIn = ({ profile }: AwsAccess): string =>
  profile === undefined
    ? 'Sign in with `aws sso login`, or name a profile or AWS_PROFILE that has credentials, and try again.'
    : `Sign in with \`aws sso login --profile ${profile}\`, or give the profile ${profile} credentials, and try again.`;

/** AWS says in most cases who may not do what to which resource; S3 often says nothing. */
function deniedText(error: Error, { action, resource }: AwsRequest): string {
  const said = /is not authorized to perform: (\S+)(?: on resource: (\S+))?/.exec(error.message);
  const who = /(?:User|Principal): (\S+)/.exec(error.message)?.[1];
  const [what, where] = [said?.[1] ?? action, said?.[2] ?? resource];
  const hint = what === 'iam:PassRole' ? ' Whoever starts the job must be allowed to hand the role to Glue.' : '';
  return `AWS does not allow ${who ?? 'this sign-in'} to ${what} on ${where}: add it to its policy (docs/aws.md lists all that is needed).${hint}`;
}

const longest = 300;

/** One line of the service's own words. */
function brief({ message }: Error): string {
  const [line = ''] = message.split('\n');
  const text = line.replace(/ *Encoded authorization failure message.*/, '').trim();
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
