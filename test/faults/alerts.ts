import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { closeLater } from './installation.ts';

/** The address that alerts are posted to. */
export interface AlertPost {
  readonly url: string;
  /** The kinds of alert that came, in their order. */
  kinds(): readonly string[];
}

export async function openAlertPost(): Promise<AlertPost> {
  const kinds: string[] = [];
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const posted = JSON.parse(Buffer.concat(chunks).toString()) as { readonly alerts?: readonly { readonly kind: string }[] };
      kinds.push(...(posted.alerts ?? []).map(({ kind }) => kind));
      outgoing.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closeLater(() => {
    server.closeAllConnections();
    return new Promise((resolve) => void server.close(() => resolve()));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/alerts`, kinds: () => [...kinds] };
}
