/** Certificates for tests, made by openssl. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

export interface Authority extends Certificate {
  /** A certificate of this authority, for one host name or address, over a span of `YYYYMMDDHHMMSSZ`. */
  issue(name: string, validity?: { readonly from: string; readonly to: string }): Promise<Certificate>;
}

export async function createAuthority(): Promise<Authority> {
  const own = await inFolder(async (folder) => {
    const key = join(folder, 'key.pem');
    const cert = join(folder, 'cert.pem');
    const subject = ['-subj', '/CN=DataMorph test authority'];
    await run('openssl', ['req', '-x509', ...newKey, '-keyout', key, '-out', cert, '-days', '2', ...subject]);
    return read({ key, cert });
  });
  return { ...own, issue: (name, validity) => inFolder((folder) => issue(own, { name, folder, validity })) };
}

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

interface Request {
  readonly name: string;
  readonly folder: string;
  readonly validity: { readonly from: string; readonly to: string } | undefined;
}

/** By `openssl ca`, which is the one subcommand that lets a certificate have expired already. */
async function issue(authority: Certificate, { name, folder, validity }: Request): Promise<Certificate> {
  const at = (file: string): string => join(folder, file);
  const alternative = /^[\d.]+$/.test(name) ? `IP:${name}` : `DNS:${name}`;
  await Promise.all([
    writeFile(at('ca.key'), authority.key),
    writeFile(at('ca.pem'), authority.cert),
    writeFile(at('index.txt'), ''),
    writeFile(at('ca.cnf'), configuration(alternative)),
  ]);
  await run('openssl', ['req', ...newKey, '-keyout', at('key.pem'), '-out', at('request.pem'), '-subj', `/CN=${name}`]);
  const span = validity ? ['-startdate', validity.from, '-enddate', validity.to] : ['-days', '1'];
  const files = ['-in', at('request.pem'), '-out', at('cert.pem')];
  await run('openssl', ['ca', '-batch', '-notext', '-config', at('ca.cnf'), ...files, ...span], { cwd: folder });
  return read({ key: at('key.pem'), cert: at('cert.pem') });
}

const configuration = (alternative: string): string => `[ca]
default_ca = own
[own]
private_key = ca.key
certificate = ca.pem
database = index.txt
new_certs_dir = .
rand_serial = yes
default_md = sha256
policy = any
x509_extensions = names
[any]
commonName = supplied
[names]
subjectAltName = ${alternative}
`;

async function read(files: Certificate): Promise<Certificate> {
  const [key, cert] = await Promise.all([readFile(files.key, 'utf8'), readFile(files.cert, 'utf8')]);
  return { key, cert };
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'datamorph-certificates-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}
