import type { Reporter, TestCase, TestModule } from 'vitest/node'
import type { CheckResult } from '../result.ts'

/** A vitest reporter that keeps what the checks found. It prints nothing. */
export class CheckCollector implements Reporter {
  private checks: CheckResult[] = []
  private problems: string[] = []
  private readonly onCheck: (check: CheckResult) => void

  constructor(onCheck: (check: CheckResult) => void) {
    this.onCheck = onCheck
  }

  onTestCaseResult(test: TestCase): void {
    const check = test.meta().workbook
    if (!check) {
      this.problems.push(`The test "${test.name}" was not declared with check().`)
      return
    }
    // A body that passed although vitest says no (an unhandled rejection inside it) must not count.
    const state = test.result().state
    if (check.verdict === 'passed' && state !== 'passed') check.verdict = 'error'
    this.checks.push(check)
    this.onCheck(check)
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly { message: string; stack?: string }[]): void {
    for (const module of modules) this.problems.push(...module.errors().map((error) => error.message))
    this.problems.push(...errors.map((error) => error.stack ?? error.message))
  }

  /** Hands over what was collected since the last call. */
  take(): { checks: CheckResult[]; problems: string[] } {
    const taken = { checks: this.checks, problems: this.problems }
    this.checks = []
    this.problems = []
    return taken
  }
}
