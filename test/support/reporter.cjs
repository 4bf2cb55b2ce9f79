'use strict';
// Mocha's spec output, plus the result as a file that scripts/test.mjs adds up.
const { renameSync, writeFileSync } = require('node:fs');
const Mocha = require('mocha');

const { EVENT_RUN_END, EVENT_TEST_FAIL } = Mocha.Runner.constants;

module.exports = class ResultReporter extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const failures = [];
    runner.on(EVENT_TEST_FAIL, (test, error) => {
      failures.push({ title: test.fullTitle(), file: test.file, message: error.message, stack: error.stack });
    });
    runner.once(EVENT_RUN_END, () => {
      const file = process.env.DATAMORPH_TEST_RESULTS;
      if (!file) return;
      const { passes, pending, duration } = runner.stats;
      // A failing hook is a failure that mocha does not count as a test, so the list is counted.
      const result = { passed: passes, failed: failures.length, skipped: pending, durationMs: duration, failures };
      // Renamed into place: a reader sees the whole result or none.
      writeFileSync(`${file}.part`, JSON.stringify(result, null, 2));
      renameSync(`${file}.part`, file);
    });
  }
};
