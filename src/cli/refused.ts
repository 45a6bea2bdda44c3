/**
 * Ends a command with a word on standard error and an exit status. It is thrown wherever a command finds that it cannot
 * go on, and caught in one place (cli.ts).
 */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly status: number;
  /** The first says what is wrong, the others what to do. */
  readonly lines: readonly string[];

  constructor(status: number, ...lines: readonly string[]) {
    super(lines[0] ?? '');
    this.status = status;
    this.lines = lines;
  }
}

/** Somebody pressed Ctrl-C: what was done is whole, the rest was left. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}
