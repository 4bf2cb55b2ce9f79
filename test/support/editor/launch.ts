import { runTests } from '@vscode/test-electron';

/** One run of one test path in one VS Code; the orders come as JSON, so that the caller can end it as a process group. */
const orders = JSON.parse(process.argv[2] ?? '{}') as Parameters<typeof runTests>[0];

void runTests(orders)
  .catch((error: unknown) =>
    error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : 1,
  )
  .then((code) => {
    process.exitCode = code;
  });
