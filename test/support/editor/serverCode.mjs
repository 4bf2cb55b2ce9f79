#!/usr/bin/env node
// Looks like VS Code's own executable to @vscode/test-electron, and runs the same tests in the packaged server build.
import 'tsx';

await import('./serverWindow.ts');
