import { RequestError, getRequestListener } from '@hono/node-server';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pickLanguage } from '../language/pick-language.ts';
import type { Clock, Duration } from '../runtime/clock.ts';
import { minute, second, systemClock } from '../runtime/clock.ts';
import { Problem, problemReply } from './problem.ts';
import { responseOf } from './reply.ts';

/** A server that takes requests. */
export interface Listening {
  readonly address: string;
  readonly port: number;
  /** Takes nothing more, lets what is under way end, and cuts what has not ended within {@link Patience.closing}. */
  close(): Promise<void>;
}

/** How long the other side may take. */
export interface Patience {
  /** For the headers of a request. */
  readonly headers: Duration;
  /** For a whole request, its body included. */
  readonly request: Duration;
  /** Between two requests of one connection. */
  readonly idle: Duration;
  /** Without a byte in either direction while a request is answered; what streams sends a sign of life more often. */
  readonly silence: Duration;
  /** For what is under way when the server closes. */
  readonly closing: Duration;
}

const usual: Patience = { headers: 10 * second, request: minute, idle: 5 * second, silence: 2 * minute, closing: 0.8 * second };

/** Enough for every worker of a shop and a browser or two; far from using up the process's files. */
const mostConnections = 1_000;
const longestHeaders = 16 * 1024;

/** What is served: an app, or several together. */
interface Answers {
  fetch(request: Request, env?: unknown): Response | Promise<Response>;
}

/**
 * Serves an app over HTTP.
 * @param port 0: any that is free
 * @throws where the address cannot be listened to (in use, not of this machine, not allowed)
 */
export async function listen(app: Answers, host: string, port: number, options: { readonly clock?: Clock; readonly patience?: Partial<Patience> } = {}): Promise<Listening> {
  const clock = options.clock ?? systemClock;
  const patience = { ...usual, ...options.patience };
  // Node's own fetch and its Response stay as they are: marketplaces are called from this process.
  const listener = getRequestListener((request, env) => app.fetch(request, env), { overrideGlobalObjects: false, errorHandler: unreadable });
  let closing: Promise<void> | null = null;
  const server = createServer(
    {
      headersTimeout: patience.headers,
      requestTimeout: patience.request,
      keepAliveTimeout: patience.idle,
      connectionsCheckingInterval: Math.min(second, patience.headers / 4),
      maxHeaderSize: longestHeaders,
    },
    (incoming, outgoing) => {
      // A connection whose last answer was given while the server closes is not kept for another.
      outgoing.once('close', () => {
        if (closing !== null) server.closeIdleConnections();
      });
      void listener(incoming, outgoing);
    },
  );
  server.maxConnections = mostConnections;
  server.timeout = patience.silence;
  await begin(server, host, port);
  const bound = server.address() as AddressInfo;
  return { address: bound.address, port: bound.port, close: () => (closing ??= end(server, clock, patience.closing)) };
}

/** What cannot be made a request of (a host or an address that is none) is the caller's fault; an app answers its own. */
function unreadable(error: unknown): Response {
  if (!(error instanceof RequestError)) return new Response(null, { status: 500 });
  const language = pickLanguage(null);
  return responseOf(problemReply(new Problem('bad-request'), language), language);
}

function begin(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

async function end(server: Server, clock: Clock, patience: Duration): Promise<void> {
  const ended = new AbortController();
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  server.closeIdleConnections();
  void closed.then(() => ended.abort());
  await clock.sleep(patience, ended.signal);
  server.closeAllConnections();
  await closed;
}
