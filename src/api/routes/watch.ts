import { z } from 'zod';
import type { ApiPorts } from '../ports.ts';
import { Reply } from '../reply.ts';
import { route } from '../route.ts';

/** What a supervisor, a container and Prometheus look at. */
export const watchRoutes = [
  route({
    method: 'get',
    path: '/healthz',
    scope: 'open',
    operation: 'healthz',
    summary: 'Whether the process answers',
    answer: z.object({ alive: z.literal(true) }),
    async handle() {
      return { alive: true } as const;
    },
  }),
  route({
    method: 'get',
    path: '/readyz',
    scope: 'open',
    operation: 'readyz',
    summary: 'Whether the database is writable and the engine runs; 503 where not',
    description: 'It never depends on the accounts. What is wrong is told to callers on this machine only.',
    answer: z.object({ ready: z.boolean(), reasons: z.array(z.string()).exactOptional() }),
    alsoWith: [503],
    async handle({ ports, trusted }) {
      const { ok, reasons } = await readyOrNot(ports);
      return new Reply(ok ? 200 : 503, 'application/json', JSON.stringify({ ready: ok, ...(trusted && !ok ? { reasons } : {}) }));
    },
  }),
  route({
    method: 'get',
    path: '/metrics',
    scope: 'local',
    operation: 'metrics',
    summary: 'Figures for Prometheus',
    description: 'Open to callers on this machine; from elsewhere, or through a proxy, with a token that may read.',
    answer: null,
    async handle({ ports }) {
      const { contentType, text } = await ports.metrics();
      return new Reply(200, contentType, text);
    },
  }),
];

/** A look that fails is an answer too: not ready. */
async function readyOrNot({ ready, log }: ApiPorts): Promise<{ readonly ok: boolean; readonly reasons: readonly string[] }> {
  try {
    return await ready();
  } catch (error) {
    log.warn('whether the daemon is ready could not be found out', { error });
    return { ok: false, reasons: ['it could not be found out'] };
  }
}
