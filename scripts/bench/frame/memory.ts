import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';

/** What a process holds, in bytes. */
export interface Memory {
  /** All pages that it has in memory, those that it shares with others too. */
  readonly resident: number;
  /** Its own pages, and its part of those that it shares; null where the system does not tell. */
  readonly proportional: number | null;
}

export function memoryOf(pid: number): Memory {
  if (process.platform !== 'linux') return { resident: Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) * 1024, proportional: null };
  const resident = kilobytes(readFileSync(`/proc/${pid}/status`, 'utf8'), 'VmRSS');
  try {
    return { resident, proportional: kilobytes(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'), 'Pss') };
  } catch {
    return { resident, proportional: null };
  }
}

/** A server that works in several processes: what all of them hold together, shared pages counted once. Null where the system does not tell. */
export function memoryOfFamily(pid: number): number | null {
  return sumOfFamily(pid, (one) => memoryOf(one).proportional);
}

/** Processor time that a server of several processes has used, ms; null where the system does not tell. */
export function processorTimeOfFamily(pid: number): number | null {
  return sumOfFamily(pid, processorTimeOf);
}

function sumOfFamily(pid: number, of: (pid: number) => number | null): number | null {
  if (process.platform !== 'linux') return null;
  const children = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && parentOf(name) === pid);
  let sum = 0;
  for (const one of [pid, ...children.map(Number)]) {
    try {
      sum += of(one) ?? Number.NaN;
    } catch {
      // It has ended meanwhile.
    }
  }
  return Number.isNaN(sum) ? null : sum;
}

/** Processor time that a process has used since its start, ms; null where the system does not tell. */
export function processorTimeOf(pid: number): number | null {
  if (process.platform !== 'linux') return null;
  const fields = afterName(String(pid));
  // Fields 14 and 15 of proc(5), in ticks of 10 ms.
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

function parentOf(pid: string): number {
  try {
    return Number(afterName(pid)[1]);
  } catch {
    return -1;
  }
}

/** The fields of /proc/PID/stat that come after the name in brackets, which may hold anything. */
function afterName(pid: string): readonly string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function kilobytes(text: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? Number.NaN) * 1024;
}
