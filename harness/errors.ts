/**
 * An error that the workbook explains by itself: bad usage, a missing file, a broker that does not answer.
 * It is printed as message and hint, never with a stack trace, and ends the command with exit code 2.
 */
export class WorkbookError extends Error {
  override name = 'WorkbookError'
  /** What to do next, as one or more lines. */
  readonly hint: string

  constructor(message: string, hint: string) {
    super(message)
    this.hint = hint
  }
}
