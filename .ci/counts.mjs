import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Adds up what the tiers wrote: Jest's own reports, and the crash suite's tally (each way to die is a test). */
const folder = process.argv[2];
const total = { passed: 0, failed: 0, skipped: 0 };
for (const name of readdirSync(folder)) {
  const report = JSON.parse(readFileSync(join(folder, name), 'utf8'));
  const crash = report.struck !== undefined;
  const passed = crash ? report.survived : report.numPassedTests;
  const failed = crash
    ? report.failures.length
    : report.numFailedTests + (report.numRuntimeErrorTestSuites ?? 0);
  const skipped = crash ? report.known - report.struck : report.numPendingTests + (report.numTodoTests ?? 0);
  console.log(
    `${name.replace(/\.json$/, '').padEnd(28)} ${passed} passed, ${failed} failed, ${skipped} ${crash ? 'left for a longer run' : 'skipped'}`,
  );
  total.passed += passed;
  total.failed += failed;
  // Points that did not fit into the time are not tests that were skipped: `make crash` without a bound does them.
  if (!crash) total.skipped += skipped;
}
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
