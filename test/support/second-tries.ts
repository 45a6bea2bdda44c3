import type { Reporter, TestCase } from 'vitest/node';

/** Names what came about only at a second try, after the run: it passed, and is to be looked into. */
export default class SecondTries implements Reporter {
  readonly #found: TestCase[] = [];

  onTestCaseResult(test: TestCase): void {
    if (test.diagnostic()?.flaky === true) this.#found.push(test);
  }

  onTestRunEnd(): void {
    if (this.#found.length === 0) return;
    const lines = this.#found.map((test) => {
      const [why = ''] = (test.result().errors?.[0]?.message ?? '').split('\n');
      return `  ${test.module.relativeModuleId} > ${test.fullName}\n    ${why}`;
    });
    process.stdout.write(`\npassed at the second try, to be looked into:\n${lines.join('\n')}\n`);
  }
}
