// Turns what a failed tool printed into one plain sentence. The table is the knowledge; test/core/scripts checks it.

/** What went wrong in words for a person; `log` is the file that has the tool's own words. */
export class SetupError extends Error {
  /** @param {string} message @param {{ log?: string, cause?: unknown }} [details] */
  constructor(message, details = {}) {
    super(message, { cause: details.cause });
    this.name = 'SetupError';
    this.log = details.log;
  }
}

/** @type {ReadonlyArray<readonly [RegExp, string]>} The first that matches wins, so the narrow ones stand first. */
const SENTENCES = [
  [
    /ENOSPC|no space left on device|not enough space on the disk|Disk quota exceeded/i,
    'The disk is full: free some space and run it again.',
  ],
  [
    /EADDRINUSE|address already in use|port .*(is|already) (in use|taken)/i,
    'The port is taken by another program: choose another one or stop that program.',
  ],
  [
    /EBADENGINE|Unsupported engine|requires Node/i,
    'This Node.js is the wrong version: DataMorph needs Node 20.19 or newer.',
  ],
  [
    /Requires-Python|requires a different Python|No module named (venv|ensurepip)|ensurepip is not available/i,
    'This Python cannot be used: DataMorph needs Python 3.11 with its venv module.',
  ],
  [
    /UnsupportedClassVersionError|JAVA_HOME is not set|Unable to locate a Java|getSubject is not supported/i,
    'This Java cannot run Spark 3.5: it needs Java 17.',
  ],
  [
    /THESE PACKAGES DO NOT MATCH THE HASHES|EINTEGRITY|integrity checksum failed|sha256 mismatch/i,
    'A download is not the file that was pinned: it was refused, and nothing was installed.',
  ],
  [
    /CERT_|PKIX path building failed|SSLHandshakeException|certificate verify failed|self[- ]signed certificate|unable to get local issuer/i,
    'The network answers with a certificate that this machine does not trust: check the proxy or its certificate.',
  ],
  [
    /EACCES|EPERM|Permission denied|Operation not permitted/i,
    'A file or folder may not be written or run by this user: check its owner and rights.',
  ],
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|Temporary failure in name resolution|Name or service not known|Could not resolve host|NewConnectionError|Max retries exceeded|Read timed out|network is unreachable|UNRESOLVED DEPENDENCIES|Temporary failure resolving|No matching distribution found/i,
    'No network: what is missing could not be downloaded. Connect and run it again.',
  ],
  [
    /ENOMEM|Cannot allocate memory|OutOfMemoryError|heap out of memory/i,
    'The machine has too little free memory for this step.',
  ],
  [
    /ENOENT.*spawn|spawn .*ENOENT|command not found|is not recognized as an internal/i,
    'A program that this step needs is not installed.',
  ],
];

/**
 * The sentence for a failure, or undefined when the table does not know it.
 * @param {string} output what the tool printed, or an error's message
 * @returns {string | undefined}
 */
export function classify(output) {
  return SENTENCES.find(([pattern]) => pattern.test(output))?.[1];
}

/**
 * Any error as the words that end a command: one sentence, then where the details are.
 * @param {unknown} error
 * @returns {string}
 */
export function describeFailure(error) {
  if (error instanceof SetupError) return error.log ? `${error.message} Details: ${error.log}` : error.message;
  const message = error instanceof Error ? error.message : String(error);
  const code = /** @type {NodeJS.ErrnoException} */ (error)?.code ?? '';
  return classify(`${code} ${message}`) ?? message;
}
