import { openLoop, oneByOne } from '../frame/arrivals.ts';
import { noteCalls } from '../frame/calls.ts';
import { perSecond, spreadOf } from '../frame/figures.ts';
import type { Spread } from '../frame/figures.ts';
import { memoryOf, memoryOfFamily, processorTimeOf, processorTimeOfFamily } from '../frame/memory.ts';
import type { Place } from '../frame/measurement.ts';
import { sleep, within } from '../frame/wait.ts';

/** An engine, ready to be given jobs that do nothing. A job is its number. */
export interface Peer {
  /** Hands over jobs `from` to `from + count - 1` in as few goes as it is made for. */
  addMany(from: number, count: number): Promise<void>;
  add(job: number): Promise<unknown>;
  /** Begins to work; `onJob` is called as each job's own work begins. Resolves with how to end. */
  work(onJob: (job: number) => void): Promise<() => Promise<unknown>>;
  /** The database server that belongs to it; null where it works within this process. */
  readonly server: number | null;
  /** Other processes that work beside this one. */
  readonly others?: readonly number[];
  close(): Promise<unknown>;
}

export interface Amounts {
  /** Handed over at once, then worked off. */
  readonly bulk: number;
  /** One by one, while nothing else is to be done. */
  readonly idle: number;
  /** A hundred a second. */
  readonly open: number;
}

/** What one engine came to. Times in ms, memory in bytes. */
export interface Standing {
  readonly addedPerSecond: number;
  readonly workedPerSecond: number;
  /** Both one after the other. */
  readonly wholePerSecond: number;
  /** Processor time for each job of the bulk, its server's included, µs; null where the system does not tell. */
  readonly microseconds: number | null;
  readonly idle: Spread;
  readonly open: Spread;
  readonly resident: number;
  readonly serverMemory: number | null;
}

/** How long a bulk may take to be worked off. */
const longest = 90_000;

/** The one protocol. Latency is from just before a job is handed over to the beginning of its work. */
export async function measurePeer(peer: Peer, { bulk, idle, open }: Amounts, { say }: Pick<Place, 'say'>): Promise<Standing> {
  const used = (): number | null => {
    const server = peer.server === null ? 0 : processorTimeOfFamily(peer.server);
    const others = (peer.others ?? []).reduce((sum, pid) => sum + (processorTimeOf(pid) ?? Number.NaN), 0);
    const { user, system } = process.cpuUsage();
    return server === null || Number.isNaN(others) ? null : (user + system) / 1000 + server + others;
  };
  const calls = noteCalls();
  let worked = 0;
  let finished: (at: number) => void = () => undefined;
  const allWorked = new Promise<number>((resolve) => (finished = resolve));

  say(`${bulk} jobs at once`);
  const [usedBefore, began] = [used(), performance.now()];
  await peer.addMany(0, bulk);
  const added = performance.now();
  const end = await peer.work((job) => {
    const at = performance.now();
    if (job >= bulk) return calls.begin(String(job), at);
    worked += 1;
    if (worked === bulk) finished(at);
  });
  const ended = await within(allWorked, longest, `all ${bulk} jobs were worked off`);
  const usedAfter = used();
  // What is done after the last job began is let come to its end.
  await sleep(1_000);

  const measure = async (job: number, due?: number): Promise<number> => {
    const before = due ?? performance.now();
    const [at] = await Promise.all([calls.began(String(job)), peer.add(job)]);
    return at - before;
  };
  say('one by one');
  const idleTimes = await oneByOne(idle, () => 2 + Math.random() * 6, (n) => measure(bulk + n));
  say('a hundred a second');
  const openTimes = await openLoop(open, 100, (n, due) => measure(bulk + idle + n, due));
  const [resident, serverMemory] = [[process.pid, ...(peer.others ?? [])].reduce((sum, pid) => sum + memoryOf(pid).resident, 0), peer.server === null ? 0 : memoryOfFamily(peer.server)];
  await end();
  await peer.close();
  return {
    addedPerSecond: perSecond(bulk, added - began),
    workedPerSecond: perSecond(bulk, ended - added),
    wholePerSecond: perSecond(bulk, ended - began),
    microseconds: usedBefore === null || usedAfter === null ? null : ((usedAfter - usedBefore) * 1000) / bulk,
    idle: spreadOf(idleTimes),
    open: spreadOf(openTimes),
    resident,
    serverMemory,
  };
}
