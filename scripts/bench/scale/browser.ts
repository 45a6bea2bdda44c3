import { Agent, request } from 'node:http';

/** What came of one request. */
export interface Loaded {
  readonly status: number;
  readonly body: string;
  /** Of the body as it came over the wire. */
  readonly bytes: number;
}

/** Somebody who is signed in, over one kept connection. */
export interface Browser {
  /** As browsers ask: compressed, so that `body` is unreadable. */
  get(path: string): Promise<Loaded>;
  /** As it is. */
  read(path: string): Promise<Loaded>;
}

/** Becomes the first admin by the link that the daemon told of. */
export async function openBrowser(address: string, joinPath: string): Promise<Browser> {
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  const cookies = new Map<string, string>();

  async function send(method: string, path: string, form: Readonly<Record<string, string>> | null, encoding: string): Promise<Loaded> {
    const body = form === null ? null : new URLSearchParams(form).toString();
    const headers = { 'cookie': [...cookies].map((pair) => pair.join('=')).join('; '), 'accept-encoding': encoding, 'accept-language': 'fr', ...(body === null ? {} : { 'content-type': 'application/x-www-form-urlencoded' }) };
    return new Promise((resolve, reject) => {
      const asked = request(new URL(path, address), { method, headers, agent }, (answer) => {
        for (const line of answer.headers['set-cookie'] ?? []) {
          const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
          cookies.set(name, value);
        }
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => void parts.push(part));
        answer.on('end', () => {
          const whole = Buffer.concat(parts);
          resolve({ status: answer.statusCode ?? 0, body: whole.toString('utf8'), bytes: whole.length });
        });
        answer.on('error', reject);
      });
      asked.on('error', reject);
      asked.end(body ?? undefined);
    });
  }

  const form = await send('GET', joinPath, null, 'identity');
  const csrf = /name="csrf" value="([^"]+)"/.exec(form.body)?.[1] ?? '';
  const joined = await send('POST', joinPath, { csrf, name: 'Hélène', password: 'une phrase assez longue' }, 'identity');
  if (joined.status !== 303) throw new Error(`the first admin was not let in: ${joined.status}`);
  return { get: (path) => send('GET', path, null, 'br, gzip'), read: (path) => send('GET', path, null, 'identity') };
}
