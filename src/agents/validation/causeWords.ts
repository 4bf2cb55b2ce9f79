import type { FaultLayer } from '../verdict.ts';

/** Where a fault lies, in words behind `of`. */
export const causeWords: Readonly<Record<FaultLayer, string>> = {
  spec: 'the spec',
  script: 'the script',
  data: 'the data',
  environment: 'what changed outside',
  test: 'the test',
  prompt: 'a prompt that can be read in two ways',
};
