import assert from 'node:assert/strict';
import { classify, describeFailure, SetupError } from '../../../scripts/setup/failure.mjs';

/** What tools really printed, and the sentence that a person gets. */
const PRINTED: readonly (readonly [string, RegExp])[] = [
  ['npm error code ENOTFOUND\nnpm error network request to /esbuild failed', /^No network/],
  ["WARNING: Retrying … NewConnectionError('Failed to establish a new connection')", /^No network/],
  ['ERROR: No matching distribution found for pyspark==3.5.4', /^No network/],
  [':: UNRESOLVED DEPENDENCIES ::\n:: org.postgresql#postgresql;42.7.4: not found', /^No network/],
  ['E: Failed to fetch …  Temporary failure resolving the name', /^No network/],
  ['npm error code ENOSPC\nnpm error syscall write', /^The disk is full/],
  ["OSError: [Errno 28] No space left on device: '/venv/lib'", /^The disk is full/],
  ['FATAL:  could not write lock file "postmaster.pid": No space left on device', /^The disk is full/],
  ['LOG:  could not bind IPv4 address "127.0.0.1": Address already in use', /^The port is taken/],
  ['Error: listen EADDRINUSE: address already in use 127.0.0.1:8080', /^The port is taken/],
  ['npm error code EBADENGINE\nnpm error engine Unsupported engine', /Node 20\.19 or newer/],
  [
    'ERROR: Ignored the following versions that require a different Python: requires a different Python',
    /Python 3\.11/,
  ],
  ['The virtual environment was not created successfully because ensurepip is not available.', /Python 3\.11/],
  ['java.lang.UnsupportedClassVersionError: org/apache/spark/launcher/Main', /needs Java 17/],
  ['ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.', /not the file that was pinned/],
  ['npm error code EINTEGRITY', /not the file that was pinned/],
  ["SSLError(SSLCertVerificationError(1, 'certificate verify failed: self-signed certificate'))", /certificate/],
  [
    'Server access error (javax.net.ssl.SSLHandshakeException: PKIX path building failed)\n:: UNRESOLVED DEPENDENCIES ::',
    /certificate/,
  ],
  ['npm error code EACCES\nnpm error errno -13', /may not be written or run/],
  ['FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory', /too little free memory/],
  ['spawn git ENOENT', /not installed/],
];

describe('saying in one sentence what went wrong', () => {
  for (const [text, sentence] of PRINTED) {
    it(`knows: ${text.split('\n')[0]}`, () => {
      assert.match(String(classify(text)), sentence);
    });
  }

  it('invents nothing for what it does not know', () => {
    assert.equal(classify('TypeError: x is not a function'), undefined);
    assert.equal(describeFailure(new TypeError('x is not a function')), 'x is not a function');
  });

  it('prefers the cause to its consequences: a full disk also breaks downloads', () => {
    assert.match(String(classify('ECONNRESET while writing: ENOSPC')), /^The disk is full/);
  });

  it('says where the details are', () => {
    const error = new SetupError('Installing failed: no network.', { log: 'setup.log' });
    assert.equal(describeFailure(error), 'Installing failed: no network. Details: setup.log');
  });

  it('knows an error by its code when its message says nothing', () => {
    assert.match(describeFailure(Object.assign(new Error('write failed'), { code: 'ENOSPC' })), /^The disk is full/);
  });
});
