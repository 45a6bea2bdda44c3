import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { measureInChild } from './child.ts';
import { lookAtMachine, machineText } from './machine.ts';
import type { Command } from './command.ts';
import type { Options } from './options.ts';
import { tableText } from './table.ts';
import type { Table } from './table.ts';

/** Measures what was asked for, prints each table as soon as it is whole, and writes the JSON. False: something could not be measured. */
export async function report({ list, measurements, together }: Command, options: Options): Promise<boolean> {
  const machine = lookAtMachine(options.size === 'whole' ? 200 : 10);
  const began = new Date();
  print(`${machineText(machine)}\n${began.toISOString()}${options.size === 'quick' ? ', quick: the figures mean little' : ''}\n`);
  const tables: Table[] = [];
  const faults: string[] = [];
  const absent: string[] = [];
  const all: unknown[] = [];
  const show = (table: Table): void => {
    tables.push(table);
    print(`${tableText(table)}\n`);
  };
  for (const measurement of measurements(options.size)) {
    if (options.only !== null && !options.only.includes(measurement.name)) continue;
    const found: unknown[] = [];
    for (const [index, one] of measurement.cases.entries()) {
      const title = `${measurement.name}: ${measurement.titleOf(one)}`;
      say(title);
      const came = await measureInChild({ list, size: options.size, measurement: measurement.name, index }, measurement.limit, options.profile);
      if ('found' in came) found.push(came.found);
      else if ('absent' in came) absent.push(`${title}: ${came.absent}`);
      else faults.push(`${title}: ${came.fault}`);
    }
    if (found.length === 0) continue;
    all.push(...found);
    for (const table of measurement.tables(found)) show(table);
  }
  for (const table of together?.(all) ?? []) show(table);
  const seconds = (Date.now() - began.getTime()) / 1000;
  for (const fault of [...absent, ...faults]) print(`Not measured: ${fault}`);
  print(`${seconds.toFixed(0)} s in all; load ${(loadavg()[0] ?? 0).toFixed(1)} at the end.`);
  if (options.json !== null) writeFileSync(options.json, `${JSON.stringify({ at: began.toISOString(), seconds, size: options.size, machine, tables, absent, faults }, null, 2)}\n`);
  return faults.length === 0;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function say(line: string): void {
  process.stderr.write(`… ${line}\n`);
}
