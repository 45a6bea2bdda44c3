import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';

/** Who asks, as far as the connection shows it. */
export interface Caller {
  /** Of the machine at the other end; empty where there is no connection. */
  readonly address: string;
  readonly authorization: string | undefined;
  /** On this machine, and not on somebody else's behalf. */
  readonly local: boolean;
}

/** What proxies put on a request that they hand on: its caller is not here, wherever they are. */
const handedOn = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip', 'via'] as const;

export function callerOf(c: Context): Caller {
  // Without a server around it, as when another app asks it in the same process, there is no connection.
  const address = (c.env as Partial<HttpBindings> | undefined)?.incoming?.socket.remoteAddress ?? '';
  return { address, authorization: c.req.header('authorization'), local: isLoopback(address) && namesThisMachine(c.req.header('host')) && handedOn.every((header) => c.req.header(header) === undefined) };
}

function isLoopback(address: string): boolean {
  return /^(?:::ffff:)?127\.\d+\.\d+\.\d+$/.test(address) || address === '::1';
}

/** A page of another site that was led to this address by its name server is no caller of this machine. */
function namesThisMachine(host: string | undefined): boolean {
  return /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?$/i.test(host ?? '');
}
