/** The cookies of a request, by name. */
export function readCookies(header: string | undefined): ReadonlyMap<string, string> {
  const cookies = new Map<string, string>();
  for (const part of (header ?? '').slice(0, 8_000).split(';')) {
    const [, name = '', value = ''] = /^\s*([^=\s]+)=([^;]*)$/.exec(part) ?? [];
    if (name !== '' && !cookies.has(name)) cookies.set(name, value.trim());
  }
  return cookies;
}

/** A cookie that scripts cannot read and other sites do not send. `seconds` 0: away with it; null: until the browser is closed. */
export function writeCookie(name: string, value: string, secure: boolean, seconds: number | null): string {
  return `${name}=${value}; Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}${seconds === null ? '' : `; Max-Age=${seconds}`}`;
}
