import { exits } from '../../app/exits.ts';
import type { Command } from '../command.ts';
import { noticeLines, openAs } from '../open.ts';
import { programIn } from '../program-name.ts';
import { paragraph } from '../wrap.ts';
import { syncsTable } from './syncs.ts';

/** The daemon, the demonstration, and the schema alone. */
export const runningCommands: readonly Command[] = [
  {
    name: 'start',
    examples: ['start'],
    ownSignals: true,
    async run({ world, terminal, say, language }) {
      const { runDaemon } = await import('../../app/start.ts');
      return runDaemon(await openAs('serve', world, say, language), { firstAdmin: (link) => terminal.tell(say('firstAdmin', { link })), addressTaken: (address) => terminal.tell(`${terminal.styleError('red', say('error'))} ${say('addressTaken', { address })}`) });
    },
  },
  {
    name: 'demo',
    options: [{ flags: '--exit' }],
    examples: ['demo', 'demo --exit --lang en'],
    ownSignals: true,
    async run(call) {
      const { world, terminal, given, language } = call;
      const { runDemo } = await import('../../app/demo.ts');
      const heading = (text: string): void => terminal.print(`\n${terminal.style('bold', text)}`);
      return runDemo({ directory: world.directory, clock: world.clock, random: world.random, language, exit: given.flag('exit'), print: (line, lead) => terminal.print(lead === undefined ? line : paragraph(terminal, lead, line)), heading, closed: terminal.closed, program: programIn, table: (suivi, rows) => syncsTable(call, suivi, rows) });
    },
  },
  {
    name: 'migrate',
    examples: ['migrate'],
    async run({ world, terminal, say, language }) {
      const suivi = await openAs('upgrade', world, say, language);
      await suivi.close();
      for (const line of noticeLines(suivi.notices, say, language)) terminal.tell(line);
      terminal.print(say('migrated', { file: suivi.context.store.place }));
      return exits.done;
    },
  },
];
