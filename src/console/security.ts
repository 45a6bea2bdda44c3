/** What a page may load and do: nothing that is not ours, nothing inline, nobody frames it. */
const policy = ["default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "connect-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"].join('; ');

/** On every answer of the console. */
export function securityHeaders(secure: boolean): Readonly<Record<string, string>> {
  return {
    'content-security-policy': policy,
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    ...(secure ? { 'strict-transport-security': 'max-age=31536000' } : {}),
  };
}

/** On a customer's page over and above: it runs nothing, is in no index, and does not tell where one came from. */
export const clientHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': policy.replace("script-src 'self'", "script-src 'none'").replace("connect-src 'self'", "connect-src 'none'").replace("form-action 'self'", "form-action 'none'"),
  'referrer-policy': 'no-referrer',
  'x-robots-tag': 'noindex, nofollow, noarchive',
};

/** A path of this console out of what an address or a form said; anything else leads to the overview. */
export function localPath(given: string | null): string {
  if (given === null || !/^\/(?![/\\])[^\s\\]*$/.test(given)) return '/';
  const url = new URL(given, 'http://here.invalid');
  const path = url.pathname + url.search + url.hash;
  // What is left once the dots are resolved may begin like another host.
  return url.origin === 'http://here.invalid' && !path.startsWith('//') ? path : '/';
}
