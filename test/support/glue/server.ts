/** AWS Glue as far as jobs go, on the loopback: it speaks JSON 1.1 and really runs the scripts, with Spark on this machine. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { S3Client } from '@aws-sdk/client-s3';
import { awsUrl, TEST_AWS } from '../aws.ts';
import { Clusters } from './cluster.ts';
import { Faults, type Fault } from './faults.ts';
import { JobRuns } from './jobRuns.ts';
import { GlueError, type Fields } from './validation.ts';

export interface GlueStandIn {
  readonly url: string;
  readonly faults: Faults;
  /** The actions that were asked for, as they came. */
  readonly asked: { readonly action: string; readonly fields: Fields }[];
  /** Kills the machines that run scripts now. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

export async function startGlue({ minute = 60_000 } = {}): Promise<GlueStandIn> {
  const config = { ...TEST_AWS, endpoint: awsUrl() };
  const clients = { s3: new S3Client({ ...config, forcePathStyle: true }), logs: new CloudWatchLogsClient(config) };
  const clusters = new Clusters({
    python: required('DATAMORPH_TEST_PYTHON'),
    jdbcJar: required('DATAMORPH_TEST_JDBC_JAR'),
    pythonFolder: fileURLToPath(new URL('../../../python', import.meta.url)),
    environment: awsVariables(),
  });
  const faults = new Faults();
  const jobs = new JobRuns({ ...clients, clusters, minute }, faults);
  const asked: GlueStandIn['asked'] = [];
  const server = createServer((request, response) => {
    void serve(request, response);
  });
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const action = String(request.headers['x-amz-target']).replace(/^AWSGlue\./, '');
    const fields = JSON.parse(Buffer.concat(await request.toArray()).toString() || '{}') as Fields;
    asked.push({ action, fields });
    const fault = faults.take(action);
    if (fault === 'cut') request.socket.destroy();
    else if (typeof fault === 'object') refuse(response, fault);
    else answer(response, () => jobs.answer(action, fields), fault);
  };
  return {
    url: await listen(server),
    faults,
    asked,
    kill: () => clusters.killBusy(),
    async stop() {
      await jobs.stop();
      await clusters.end();
      server.closeAllConnections();
      server.close();
      for (const client of Object.values(clients)) client.destroy();
    },
  };
}

/** What the SDKs need to find the stand-ins, in JavaScript and in Python. */
export function awsVariables(glueUrl?: string): Readonly<Record<string, string>> {
  return {
    AWS_ACCESS_KEY_ID: TEST_AWS.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: TEST_AWS.credentials.secretAccessKey,
    AWS_REGION: TEST_AWS.region,
    AWS_ENDPOINT_URL: awsUrl(),
    AWS_EC2_METADATA_DISABLED: 'true',
    ...(glueUrl === undefined ? {} : { AWS_ENDPOINT_URL_GLUE: glueUrl }),
  };
}

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function answer(response: ServerResponse, carryOut: () => object, fault: Fault | undefined): void {
  try {
    const body = JSON.stringify(carryOut());
    if (fault === 'lost') response.destroy();
    else response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end(body);
  } catch (error) {
    if (!(error instanceof GlueError)) throw error;
    refuse(response, { error: error.code, message: error.message, status: error.status });
  }
}

function refuse(response: ServerResponse, { error, message, status = 400 }: Exclude<Fault, string>): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-errortype': error });
  response.end(JSON.stringify({ __type: error, Message: message ?? error, message: message ?? error }));
}

function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: this suite is run by npm test.`);
  return value;
}
