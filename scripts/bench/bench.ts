import { ours } from './catalogue.ts';
import { main } from './frame/main.ts';

const summary = `Measures Suivi's engine on a real SQLite file, its command line and its limits, each case in a process of its own.
It prints tables, with what is aimed at beside what was found, and asserts nothing.`;

process.exitCode = await main({ name: 'npm run bench', summary, list: 'ours', measurements: ours }, process.argv.slice(2));
