import type { Variables } from './environment.ts';

/** What is wrong with a secret, or with what should have been one. `path` leads to it inside the account. */
export interface SecretFault {
  readonly path: readonly string[];
  readonly found: string;
  readonly expected: string;
  readonly example: string;
}

/** An account's fields with every `{"env": "NAME"}` replaced by the variable's value. */
export interface Resolved {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly faults: readonly SecretFault[];
  /** The values that came from the environment: what must never be shown. */
  readonly values: readonly string[];
}

/** Fields that hold a secret by their name, whatever the marketplace. */
const secretName = /secret|token|password|passphrase|cert_?id|private_?key|api_?key/i;

/** Amazon's refresh and access tokens, its client secrets, eBay's tokens and its Cert IDs. */
const secretShape = /^(?:Atz[ar]\||amzn1\.oa2-cs\.|v(?:\^|%5E)1\.1|(?:PRD|SBX)-[0-9a-f]{8,})/i;

/** Capitals only: what was put here by mistake is more often a secret than a name in lower case, and would be shown. */
const variableName = /^[A-Z_][A-Z0-9_]{0,99}$/;

/**
 * Replaces secrets by their values.
 * A secret written into the file itself is refused without being repeated, and so is a variable that is not set or empty.
 */
export function resolveSecrets(account: Readonly<Record<string, unknown>>, variables: Variables): Resolved {
  const faults: SecretFault[] = [];
  const values: string[] = [];
  const fields = Object.fromEntries(Object.entries(account).map(([name, value]) => [name, resolve(value, [name])]));
  return { fields, faults, values };

  function resolve(value: unknown, path: readonly string[]): unknown {
    if (isRecord(value) && 'env' in value) return fromEnvironment(value, path);
    if (isMisplaced(value, path)) {
      faults.push(misplaced(path));
      return undefined;
    }
    if (Array.isArray(value)) return value.map((item, index) => resolve(item, [...path, String(index)]));
    if (isRecord(value)) return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, resolve(inner, [...path, name])]));
    return value;
  }

  function fromEnvironment(reference: Readonly<Record<string, unknown>>, path: readonly string[]): string | undefined {
    const name = reference['env'];
    const fault = referenceFault(reference, name);
    const value = typeof name === 'string' && fault === null ? (variables[name]?.trim() ?? '') : '';
    const wrong = fault ?? valueFault(String(name), value, variables);
    if (wrong !== null) {
      faults.push({ path, example: exampleOf(path), ...wrong });
      return undefined;
    }
    values.push(value);
    return value;
  }
}

function referenceFault(reference: Readonly<Record<string, unknown>>, name: unknown): { readonly found: string; readonly expected: string } | null {
  const expected = 'the name of an environment variable and nothing else: capital letters, digits and _';
  if (Object.keys(reference).length > 1) return { found: '{"env": …} with other fields beside it', expected };
  if (typeof name !== 'string' || !variableName.test(name)) return { found: '{"env": …} with something that is no name of a variable (not shown: it may be the secret itself)', expected };
  if (name.startsWith('SUIVI_')) return { found: `the variable ${name}`, expected: 'a variable of the account: names that begin with SUIVI_ are settings of Suivi itself' };
  return null;
}

/** What is wrong with a value, as far as it shows without knowing what it is for. */
function valueFault(name: string, value: string, variables: Variables): { readonly found: string; readonly expected: string; readonly example: string } | null {
  if (value === '') {
    return { found: `the variable ${name}, which is ${variables[name] === undefined ? 'not set' : 'empty'}`, expected: `a value for ${name} in .env (or in the environment that the service is started with)`, example: `${name}=…` };
  }
  // Files for `docker run --env-file` keep the quotation marks that .env and systemd take off.
  if (/^["']|["']$/.test(value)) return { found: `the variable ${name}, with quotation marks around its value`, expected: 'the same without quotation marks', example: `${name}=…` };
  // In .env an unquoted # begins a comment, and every token of eBay has one behind its version.
  if (/^v\^1\.1$/.test(value)) return { found: `the variable ${name}, cut off at the # in its value`, expected: `the whole value in quotation marks: ${name}="v^1.1#…"`, example: `${name}="v^1.1#…"` };
  return null;
}

function misplaced(path: readonly string[]): SecretFault {
  return { path, found: 'a secret written into the file (not shown)', expected: 'the name of an environment variable; put the secret itself into .env', example: exampleOf(path) };
}

/** Under a secret's name stands nothing but a reference; a secret's shape is one anywhere. */
function isMisplaced(value: unknown, path: readonly string[]): boolean {
  if (typeof value === 'string' && secretShape.test(value.trim())) return true;
  // Below `limits` a name is an API call's, and some of those deal with tokens.
  return (typeof value === 'string' || typeof value === 'number') && path[0] !== 'limits' && path.some((name) => secretName.test(name));
}

/** `clientSecret` → `"clientSecret": {"env": "CLIENT_SECRET"}` */
function exampleOf(path: readonly string[]): string {
  const field = path.findLast((name) => !/^\d+$/.test(name)) ?? '';
  const words = field.replace(/([a-z0-9])([A-Z])/g, '$1_$2').replace(/[^A-Za-z0-9]+/g, '_');
  return `"${field}": {"env": "${words.toUpperCase()}"}`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
