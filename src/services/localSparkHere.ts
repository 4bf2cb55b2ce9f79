import { homedir } from 'node:os';
import { environmentFolder, localEnvironment, type LocalEnvironment } from './localEnvironment.ts';

/** This machine's local Spark, which editor and terminal share. */
export const localSparkHere = (runtime: string, environment: NodeJS.ProcessEnv = process.env): LocalEnvironment =>
  localEnvironment({
    folder: environmentFolder(environment, { platform: process.platform, home: homedir() }),
    runtime,
    environment,
  });
