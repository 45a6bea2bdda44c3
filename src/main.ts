import { runDaemon } from './app/start.ts';

process.exitCode = await runDaemon(process.env, process.cwd(), (line) => process.stderr.write(`${line}\n`));
