import { glueEngine } from '../../src/services/glueEngine.ts';
import { openAccount } from '../support/glue/account.ts';
import { databaseSecret } from '../support/glue/databaseSecret.ts';
import { engineContract } from './contract.ts';

engineContract({
  name: 'AWS Glue',
  // The stand-in for CloudWatch sorts all events of a stream for every page, so that 100 MB would take minutes in it.
  allowed: { runMs: 60_000, cancelMs: 5_000, timeoutMinutes: 1, outputMegabytes: 20, endsSessions: false },
  async start(connections) {
    // A minute of six seconds, so that a timeout comes soon and the usual fifteen minutes do not.
    const account = await openAccount({ minute: 6_000 });
    const settings = account.settings({
      secrets: { default: await account.secret(databaseSecret(addressOf(connections))) },
    });
    const [engine, otherWindow] = [glueEngine(settings), glueEngine(settings)];
    return {
      engine,
      otherWindow,
      kill: () => account.glue.kill(),
      async stop() {
        engine.close();
        otherWindow.close();
        await account.close();
      },
    };
  },
});

/** What the contract would put into the environment, as the address that it was made of. */
function addressOf(connections: Readonly<Record<string, string>>): string {
  const { DATAMORPH_CONNECTION_DEFAULT: jdbc = '', ...rest } = connections;
  const url = new URL(jdbc.replace(/^jdbc:/, ''));
  url.username = rest['DATAMORPH_CONNECTION_DEFAULT_USER'] ?? '';
  url.password = rest['DATAMORPH_CONNECTION_DEFAULT_PASSWORD'] ?? '';
  return url.href;
}
