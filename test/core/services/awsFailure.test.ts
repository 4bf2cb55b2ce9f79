import assert from 'node:assert/strict';
import { answered, AwsFailure, type AwsFailureKind } from '../../../src/services/aws/failure.ts';

const request = { action: 's3:PutObject', resource: 'arn:aws:s3:::lake/x', access: { profile: 'work' } };

async function failureOf(error: Error): Promise<unknown> {
  try {
    return await answered(request, Promise.reject(error));
  } catch (failure) {
    return failure;
  }
}

const named = (name: string, message: string, rest: object = {}): Error =>
  Object.assign(new Error(message), { name, ...rest });

describe('what AWS says', () => {
  const cases: readonly (readonly [string, Error, AwsFailureKind, RegExp])[] = [
    ['no credentials', named('CredentialsProviderError', 'Could not load credentials from any providers'), 'credentials', /^No AWS credentials were found.*--profile work/],
    ['an SSO session that is over', named('CredentialsProviderError', 'The SSO session associated with this profile has expired. To refresh this SSO session run aws sso login'), 'credentials', /^The AWS sign-in has expired.*aws sso login --profile work/],
    ['keys that nobody knows', named('InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.'), 'credentials', /does not accept these credentials/],
    ['a wrong clock', named('RequestTimeTooSkewed', 'skewed'), 'credentials', /clock is wrong/],
    ['no region', new Error('Region is missing'), 'region', /AWS_REGION/],
    ['a refusal that says what', named('AccessDeniedException', 'User: arn:aws:iam::1:user/ada is not authorized to perform: iam:PassRole on resource: arn:aws:iam::1:role/job because no identity-based policy allows it'), 'denied', /ada to iam:PassRole on arn:aws:iam::1:role\/job.*hand the role/],
    ['a refusal without a word', named('UnknownError', 'UnknownError', { $metadata: { httpStatusCode: 403 } }), 'denied', /to s3:PutObject on arn:aws:s3:::lake\/x/],
    ['a cut line', named('Error', 'read ECONNRESET', { code: 'ECONNRESET' }), 'unanswered', /did not answer s3:PutObject.*proxy/],
    ['a proxy’s page', named('SyntaxError', 'Unexpected token < in JSON\n  Deserialization error: to see the raw response', { $metadata: { httpStatusCode: 502 } }), 'unanswered', /did not answer/],
    ['too many requests', named('SlowDown', 'Please reduce your request rate.'), 'throttled', /try again in a minute/],
    ['a wrong request', named('InvalidInputException', 'Timeout is invalid', { $metadata: { httpStatusCode: 400 } }), 'refused', /Timeout is invalid/],
  ]; // prettier-ignore
  for (const [what, error, kind, words] of cases) {
    it(`about ${what} becomes words with a way out`, async () => {
      const failure = await failureOf(error);
      assert.ok(failure instanceof AwsFailure, String(failure));
      assert.equal(failure.kind, kind);
      assert.match(failure.message, words);
      assert.equal(failure.isRetryable, kind === 'throttled' || kind === 'unanswered');
    });
  }

  it('leaves an abort and a bug what they are', async () => {
    for (const error of [named('AbortError', 'Request aborted'), new TypeError('x is not a function')])
      assert.equal(await failureOf(error), error);
  });
});
