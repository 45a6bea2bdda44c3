import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { closeLater } from './installation.ts';

/** The address that alerts are posted to. */
export interface AlertPost {
  readonly url: string;
  /** The kinds of alert that came, in their order. */
  kinds(): readonly string[];
  /** As they came, with what signs them. */
  posts(): readonly { readonly body: string; readonly signature: string }[];
}

export async function openAlertPost(): Promise<AlertPost> {
  const kinds: string[] = [];
  const posts: { readonly body: string; readonly signature: string }[] = [];
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      posts.push({ body, signature: String(incoming.headers['suivi-signature']) });
      const posted = JSON.parse(body) as { readonly alerts?: readonly { readonly kind: string }[] };
      kinds.push(...(posted.alerts ?? []).map(({ kind }) => kind));
      outgoing.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closeLater(() => {
    server.closeAllConnections();
    return new Promise((resolve) => void server.close(() => resolve()));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/alerts`, kinds: () => [...kinds], posts: () => [...posts] };
}
