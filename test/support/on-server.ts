import type { TestProject } from 'vitest/node';
import { makeTemplate } from './databases.ts';
import { startServer } from './server.ts';

/** One server for the whole run. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const server = await startServer();
  await makeTemplate(server.url('postgres'));
  provide('server', server.url('postgres'));
  return () => server.stop();
}
