import { main } from '../src/cli/cli.ts';

// The very command `suivi rerun`, with the same options, questions and exit statuses: the two cannot differ.
process.exitCode = await main(['rerun', ...process.argv.slice(2)]);
