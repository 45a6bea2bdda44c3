import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** A server on loopback that does what the test says, and counts. */
export class Loopback {
  readonly requests: { method: string; path: string; token: string | null; body: string }[] = [];
  readonly sockets = new Set<Socket>();
  readonly server: Server;
  private constructor(server: Server) {
    this.server = server;
  }

  static async open(serve: (request: IncomingMessage, response: ServerResponse, path: string) => void | Promise<void>): Promise<Loopback> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const path = (request.url ?? '').split('?')[0] ?? '';
        const token = request.headers['x-amz-access-token'];
        opened.requests.push({ method: request.method ?? '', path, token: typeof token === 'string' ? token : null, body: Buffer.concat(chunks).toString() });
        void serve(request, response, path);
      });
      request.on('error', () => {});
    });
    const opened = new Loopback(server);
    server.on('connection', (socket) => {
      opened.sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => opened.sockets.delete(socket));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return opened;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  posts(path: string): number {
    return this.requests.filter((r) => r.method === 'POST' && r.path === path).length;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

export function json(response: ServerResponse, status: number, value: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(value));
}
