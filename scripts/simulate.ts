import { main } from '../test/simulation/command.ts';

// Everything is in test/simulation; what it simulates and what it does not stands in the README there.
process.exitCode = await main(process.argv.slice(2), (line) => process.stdout.write(`${line}\n`));
