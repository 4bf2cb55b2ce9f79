/** A stand-in of a database that takes tokens of RDS IAM only: it speaks as much of PostgreSQL's protocol as a login needs. */
import { createHash, createHmac } from 'node:crypto';
import { createServer, type AddressInfo, type Socket } from 'node:net';

export interface IamDatabase {
  readonly port: number;
  /** Every password that came. */
  readonly tokens: readonly string[];
  cut(): void;
  close(): Promise<void>;
}

export interface IamAccount {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly region: string;
  readonly user: string;
}

export async function startIamDatabase(account: IamAccount): Promise<IamDatabase> {
  const tokens: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    const { port } = server.address() as AddressInfo;
    serve(socket, (token) => {
      tokens.push(token);
      return accepts(token, `127.0.0.1:${port}`, account);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    tokens,
    cut,
    close: () => {
      cut();
      return new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
      });
    },
  };
}

/** What RDS checks of a token: who, where, until when, and that the holder of the key signed exactly that. */
export function accepts(token: string, address: string, account: IamAccount): boolean {
  const url = new URL(`https://${token}`);
  const parameters = url.searchParams;
  const signed = parameters.get('X-Amz-Date') ?? '';
  const begun = Date.parse(signed.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  const age = (Date.now() - begun) / 1000;
  return (
    url.host === address &&
    parameters.get('Action') === 'connect' &&
    parameters.get('DBUser') === account.user &&
    age < Math.min(900, Number(parameters.get('X-Amz-Expires'))) &&
    parameters.get('X-Amz-Signature') === signature(url, signed, account)
  );
}

/** Signature version 4 of a presigned GET, as AWS documents it. */
function signature(url: URL, signed: string, { secretAccessKey, region }: IamAccount): string {
  const query = [...url.searchParams]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .sort()
    .join('&');
  const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
  const request = ['GET', '/', query, `host:${url.host}`, '', 'host', hash('')].join('\n');
  const day = signed.slice(0, 8);
  const scope = `${day}/${region}/rds-db/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', signed, scope, hash(request)].join('\n');
  let key: Buffer = Buffer.from(`AWS4${secretAccessKey}`);
  for (const part of [day, region, 'rds-db', 'aws4_request', toSign])
    key = createHmac('sha256', key).update(part).digest();
  return key.toString('hex');
}

/** Start-up, password in clear text, then the same empty answer to every simple query. */
function serve(socket: Socket, accept: (password: string) => boolean): void {
  let waiting: Buffer = Buffer.alloc(0);
  let begun = false;
  socket.on('data', (bytes) => {
    waiting = Buffer.concat([waiting, Buffer.from(bytes)]);
    for (;;) {
      const head = begun ? 1 : 0;
      if (waiting.length < head + 4) return;
      const length = head + waiting.readInt32BE(head);
      if (waiting.length < length) return;
      const type = begun ? String.fromCharCode(waiting[0] ?? 0) : 'start';
      const body = waiting.subarray(head + 4, length);
      waiting = waiting.subarray(length);
      begun = true;
      answer(socket, { type, body }, accept);
    }
  });
}

function answer(
  socket: Socket,
  { type, body }: { readonly type: string; readonly body: Buffer },
  accept: (password: string) => boolean,
): void {
  const ready = message('Z', Buffer.from('I'));
  switch (type) {
    case 'start':
      socket.write(message('R', Buffer.from([0, 0, 0, 3])));
      return;
    case 'p':
      if (accept(body.subarray(0, -1).toString())) socket.write(Buffer.concat([message('R', Buffer.alloc(4)), ready]));
      else
        socket.end(message('E', Buffer.from('SFATAL\0VFATAL\0C28000\0MPAM authentication failed for user "ann"\0\0')));
      return;
    case 'Q':
      socket.write(Buffer.concat([message('C', Buffer.from('SELECT 0\0')), ready]));
  }
}

function message(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}
