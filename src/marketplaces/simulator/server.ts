import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../../runtime/clock.ts';
import type { HttpAnswer, HttpRequest } from '../../runtime/http.ts';
import type { SimulatedMarketplace } from './brain.ts';
import { control, controlPath } from './control.ts';
import { empty } from './reply.ts';
import type { Reply } from './reply.ts';

/** A simulated marketplace that can be reached. */
export interface Listening {
  /** `http://127.0.0.1:9101` */
  readonly endpoint: string;
  /** Ends every connection, also those under way, and waits until the port is free. Twice is safe. */
  close(): Promise<void>;
}

/** Longest request that is read (bytes). */
const longestRequest = 4 * 1024 * 1024;

/**
 * Lets `marketplace` be called on 127.0.0.1.
 * @param port 0 for any free one
 * @throws where the port is taken
 */
export async function listen(name: string, marketplace: SimulatedMarketplace, clock: Clock, port: number): Promise<Listening> {
  const server = createServer((incoming, outgoing) => {
    serve(incoming, outgoing).catch((error: unknown) => {
      // A mistake of the simulator's own must not pass for one of its misbehaviours.
      queueMicrotask(() => {
        throw error;
      });
    });
  });
  // A kept connection that the server closed just as the client uses it again would look like a misbehaviour.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address() as AddressInfo;

  async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await wholeBody(incoming);
    if (body === 'broken-off') return;
    if (body === 'too-long') return send(outgoing, empty(413));
    const request = asRequest(incoming, body);
    if (incoming.url?.startsWith(controlPath)) return send(outgoing, control(name, marketplace, request));
    return perform(marketplace.answer(request), outgoing, clock);
  }

  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function perform(reply: Reply, outgoing: ServerResponse, clock: Clock): Promise<void> {
  if (reply.ending === 'cut') {
    outgoing.socket?.resetAndDestroy();
    return;
  }
  // Until the caller leaves, or the server closes: both end the socket.
  if (reply.ending === 'never') return;
  if (reply.after > 0 && !(await stays(reply.after, outgoing, clock))) return;
  const answer = reply.answer();
  if (reply.ending === 'whole') send(outgoing, answer);
  else sendHalf(outgoing, answer);
}

/** Waits; false as soon as the caller has left, or was sent away because the server closes. */
async function stays(ms: number, outgoing: ServerResponse, clock: Clock): Promise<boolean> {
  if (outgoing.destroyed) return false;
  const left = new AbortController();
  const leave = (): void => left.abort();
  outgoing.once('close', leave);
  await clock.sleep(ms, left.signal);
  outgoing.off('close', leave);
  return !left.signal.aborted;
}

function send(outgoing: ServerResponse, answer: HttpAnswer): void {
  if (outgoing.destroyed) return;
  const length = answer.status === 204 ? {} : { 'content-length': String(answer.body.length) };
  outgoing.writeHead(answer.status, { ...answer.headers, ...length });
  outgoing.end(answer.body);
}

function sendHalf(outgoing: ServerResponse, answer: HttpAnswer): void {
  if (outgoing.destroyed) return;
  outgoing.writeHead(answer.status, { ...answer.headers, 'content-length': String(answer.body.length) });
  outgoing.write(answer.body.slice(0, Math.floor(answer.body.length / 2)), () => outgoing.socket?.destroy());
}

async function wholeBody(incoming: IncomingMessage): Promise<Uint8Array<ArrayBuffer> | 'broken-off' | 'too-long'> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of incoming as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length <= longestRequest) chunks.push(chunk);
    }
  } catch {
    return 'broken-off';
  }
  return length > longestRequest ? 'too-long' : new Uint8Array(Buffer.concat(chunks));
}

function asRequest(incoming: IncomingMessage, body: Uint8Array<ArrayBuffer>): HttpRequest {
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]): [string, string] => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  );
  // The caller's own word for us: links in answers must lead back the way he came.
  const named = `http://${headers['host']}`;
  const origin = URL.canParse(named) ? new URL(named).origin : `http://127.0.0.1:${incoming.socket.localPort}`;
  const url = origin + (incoming.url?.startsWith('/') ? incoming.url : '/');
  return { method: incoming.method ?? 'GET', url, headers, body };
}
