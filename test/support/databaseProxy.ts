/** A loopback proxy before the test's PostgreSQL: it can encrypt, cut what passes, or take nobody. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Certificate } from './certificates.ts';

export interface DatabaseProxy {
  readonly port: number;
  /** Destroys every socket that is open now. */
  cut(): void;
  /** Refuses what comes next, or takes it again. */
  accept(accepting: boolean): void;
  close(): Promise<void>;
}

export async function startProxy(
  target: { readonly host: string; readonly port: number },
  certificate?: Certificate,
): Promise<DatabaseProxy> {
  const sockets = new Set<Socket>();
  let accepting = true;
  const server = createServer((socket) => {
    if (!accepting) {
      socket.destroy();
      return;
    }
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // A client that gives up, or a test that cuts, is no trouble of the proxy's.
    socket.on('error', () => socket.destroy());
    if (certificate) encrypt(socket, certificate, target);
    else join(socket, target);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    cut: () => {
      for (const socket of sockets) socket.destroy();
    },
    accept: (value) => {
      accepting = value;
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) =>
        server.close(() => {
          resolve();
        }),
      );
    },
  };
}

/** The client asks for encryption by eight bytes; after the answer `S` it begins the handshake. */
function encrypt(
  socket: Socket,
  { key, cert }: Certificate,
  target: { readonly host: string; readonly port: number },
): void {
  socket.once('data', () => {
    socket.write('S');
    const secure = new TLSSocket(socket, { isServer: true, key, cert });
    secure.on('error', () => socket.destroy());
    join(secure, target);
  });
}

function join(client: Socket, { host, port }: { readonly host: string; readonly port: number }): void {
  const database = connect(port, host);
  client.pipe(database).pipe(client);
  database.on('error', () => client.destroy());
  client.on('close', () => database.destroy());
  database.on('close', () => client.destroy());
}
