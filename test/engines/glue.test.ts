import { glueEngine } from '../../src/services/glueEngine.ts';
import { openAccount, type Account } from '../support/glue/account.ts';
import { engineContract } from './contract.ts';

engineContract({
  name: 'AWS Glue',
  // The stand-in for CloudWatch sorts all events of a stream for every page, so that 100 MB would take minutes in it.
  allowed: { runMs: 60_000, cancelMs: 5_000, timeoutMinutes: 1, outputMegabytes: 20, endsSessions: false },
  async start(connections) {
    // A minute of six seconds, so that a timeout comes soon and the usual fifteen minutes do not.
    const account = await openAccount({ minute: 6_000 });
    const settings = account.settings({ secrets: { default: await secretOf(account, connections) } });
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

/** What the contract would put into the environment, as the secret that RDS would keep. */
function secretOf(account: Account, connections: Readonly<Record<string, string>>): Promise<string> {
  const { DATAMORPH_CONNECTION_DEFAULT: jdbc = '', ...rest } = connections;
  const { hostname, port, pathname } = new URL(jdbc.replace(/^jdbc:/, ''));
  return account.secret({
    host: hostname,
    port: Number(port),
    dbname: pathname.slice(1),
    username: rest['DATAMORPH_CONNECTION_DEFAULT_USER'],
    password: rest['DATAMORPH_CONNECTION_DEFAULT_PASSWORD'],
    sslmode: 'disable',
  });
}
