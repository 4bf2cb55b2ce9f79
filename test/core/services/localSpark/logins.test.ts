import assert from 'node:assert/strict';
import { namedConnections } from '../../../../src/services/localSpark/logins.ts';

describe('the connections of a run', () => {
  it('carry its name, so that its sessions can be ended', () => {
    const { variables, logins } = namedConnections(
      {
        DATAMORPH_CONNECTION_DEFAULT: 'jdbc:postgresql://h:1/d?sslmode=disable&ApplicationName=other',
        DATAMORPH_CONNECTION_DEFAULT_USER: 'ada',
        DATAMORPH_CONNECTION_DEFAULT_PASSWORD: 'secret',
        DATAMORPH_CONNECTION_PLAIN: 'jdbc:postgresql://h/d',
        DATAMORPH_CONNECTION_AWS: 'arn:aws:secretsmanager:eu-central-1:1:secret:x',
      },
      'run 1',
    );
    const url = 'jdbc:postgresql://h:1/d?sslmode=disable&ApplicationName=datamorph%20run%201';
    const plain = 'jdbc:postgresql://h/d?ApplicationName=datamorph%20run%201';
    assert.deepEqual(variables, {
      DATAMORPH_APPLICATION_NAME: 'datamorph run 1',
      DATAMORPH_CONNECTION_DEFAULT: url,
      DATAMORPH_CONNECTION_DEFAULT_USER: 'ada',
      DATAMORPH_CONNECTION_DEFAULT_PASSWORD: 'secret',
      DATAMORPH_CONNECTION_PLAIN: plain,
      DATAMORPH_CONNECTION_AWS: 'arn:aws:secretsmanager:eu-central-1:1:secret:x',
    });
    assert.deepEqual(logins, [
      { url, user: 'ada', password: 'secret' },
      { url: plain, user: '', password: '' },
    ]);
  });

  it('keep the name within what PostgreSQL keeps of it', () => {
    const { variables } = namedConnections({}, 'x'.repeat(100));
    assert.equal(variables['DATAMORPH_APPLICATION_NAME']?.length, 63);
  });
});
