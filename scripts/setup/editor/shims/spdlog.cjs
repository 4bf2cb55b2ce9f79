// @ts-nocheck
// Stands in for @vscode/spdlog, whose compiled part is not built here: appends to the file at once, without rotation.
// Written as `exports.x = …` because VS Code loads it by import(), which finds named exports only in that form.
const fs = require('node:fs');
const path = require('node:path');

const NAMES = ['trace', 'debug', 'info', 'warning', 'error', 'critical'];

class Logger {
  constructor(_type, _name, filename) {
    fs.mkdirSync(path.dirname(filename), { recursive: true });
    this.file = fs.openSync(filename, 'a');
    this.level = 2;
    this.raw = false;
  }

  write(level, message) {
    if (level < this.level || this.file === undefined) return;
    const prefix = this.raw ? '' : `${stamp()} [${NAMES[level]}] `;
    fs.writeSync(this.file, `${prefix}${message}${this.raw ? '' : '\n'}`);
  }

  trace(message) {
    this.write(0, message);
  }
  debug(message) {
    this.write(1, message);
  }
  info(message) {
    this.write(2, message);
  }
  warn(message) {
    this.write(3, message);
  }
  error(message) {
    this.write(4, message);
  }
  critical(message) {
    this.write(5, message);
  }

  getLevel() {
    return this.level;
  }
  setLevel(level) {
    this.level = level;
  }
  setPattern() {
    this.raw = false;
  }
  clearFormatters() {
    this.raw = true;
  }
  flush() {}
  drop() {
    if (this.file !== undefined) fs.closeSync(this.file);
    this.file = undefined;
  }
}

function stamp() {
  const now = new Date();
  const local = new Date(now.getTime() - now.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, -1).replace('T', ' ');
}

async function createLogger(name, filename) {
  return new Logger('rotating', name, filename);
}

exports.version = 0;
exports.Logger = Logger;
exports.setLevel = function setLevel() {};
exports.setFlushOn = function setFlushOn() {};
exports.createRotatingLogger = createLogger;
exports.createAsyncRotatingLogger = createLogger;
