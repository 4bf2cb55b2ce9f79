'use strict';
// Loaded by mocha before any test: outside the editor, `vscode` is the hand-written fake.
const Module = require('node:module');
const { join } = require('node:path');

const resolve = Module._resolveFilename;
Module._resolveFilename = function (request, ...rest) {
  return request === 'vscode' ? join(__dirname, 'fakeVscode.ts') : resolve.call(this, request, ...rest);
};
