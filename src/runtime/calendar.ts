import { createTask } from 'node-cron';

/** Work that is due at certain times of the day: heads of the audit to the log, retention, backups. */
export interface Calendar {
  /**
   * Puts an entry on the calendar.
   * @throws where the expression or the time zone is none: both are checked before they come here
   */
  schedule(entry: Entry): void;
  /** Starts nothing more, aborts what runs, and resolves once it has ended. */
  stopAll(): Promise<void>;
}

export interface Entry {
  readonly name: string;
  /**
   * Five fields (minute, hour, day of month, month, day of week), or six with the second first.
   * A time that the clock skips in spring (02:30 in Europe/Paris) does not come that day.
   */
  readonly expression: string;
  readonly timeZone: string;
  /** Never runs twice at once. */
  work(signal: AbortSignal): Promise<void>;
  /** Takes what `work` throws; its next time comes all the same. */
  onError(error: unknown): void;
  /** Its time came while it still ran: that time is left out. */
  onOverlap?(): void;
}

/** node-cron would write to the console; everything it has to say is an event here. */
const silent = { info: nothing, warn: nothing, error: nothing, debug: nothing };

function nothing(): void {
  // Said by onError and onOverlap.
}

/**
 * A calendar that lasts until `stop`. It goes by the machine's own clock. Where the process was held up or asleep, the
 * latest time that was missed is made up for, and those before it are left out.
 */
export function createCalendar(stop: AbortSignal): Calendar {
  const ended = new AbortController();
  const signal = AbortSignal.any([stop, ended.signal]);
  const tasks: ReturnType<typeof createTask>[] = [];
  const running = new Set<Promise<void>>();

  async function attempt(entry: Entry): Promise<void> {
    if (signal.aborted) return;
    const run = work(entry, signal);
    running.add(run);
    await run;
    running.delete(run);
  }

  function end(): void {
    for (const task of tasks.splice(0)) void task.destroy();
  }

  signal.addEventListener('abort', end, { once: true });

  return {
    schedule(entry) {
      assertTimeZone(entry.timeZone);
      const task = createTask(entry.expression, () => attempt(entry), { name: entry.name, timezone: entry.timeZone, noOverlap: true, missedExecutionTolerance: Infinity, suppressMissedWarning: true, logger: silent });
      task.on('execution:overlap', () => entry.onOverlap?.());
      if (signal.aborted) return void task.destroy();
      tasks.push(task);
      void task.start();
    },
    async stopAll() {
      ended.abort();
      await Promise.all(running);
    },
  };
}

/** node-cron would find out while it starts, with the task already among its own. */
function assertTimeZone(timeZone: string): void {
  void new Intl.DateTimeFormat('en', { timeZone });
}

/** Never rejects. */
async function work(entry: Entry, signal: AbortSignal): Promise<void> {
  try {
    await entry.work(signal);
  } catch (error) {
    entry.onError(error);
  }
}
