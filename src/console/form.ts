import { createHash } from 'node:crypto';

/** What a form was filled in with. */
export interface Form {
  /** The first value of a field, without spaces around it; empty where there is none. */
  text(name: string): string;
  /** As it was typed: passwords. */
  exact(name: string): string;
  /** All values of a field that was ticked or filled several times. */
  all(name: string): readonly string[];
  has(name: string): boolean;
  file(name: string): UploadedFile | null;
  /** Stands for the whole: the page it was shown on (by its token), what was filled in, and files. */
  readonly digest: string;
  /** Every field with its values, files left out: what was typed is shown again after a fault. */
  readonly fields: ReadonlyMap<string, readonly string[]>;
}

export interface UploadedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The most that is taken (bytes): from a form of whoever comes along; from one of somebody who was let in; of a file; and from the form that carries one, where it may come back in base64. */
const limits = { open: 64 * 1024, form: 2 * 1024 * 1024, file: 12 * 1024 * 1024, upload: 17 * 1024 * 1024 } as const;

/** The most fields of a form: five hundred orders of a hundred lines each; and the most parts of one with a file. */
const most = { fields: 60_000, parts: 200 } as const;

export type FormFault = { readonly fault: 'too-large'; readonly limit: number } | { readonly fault: 'unreadable' };

export const noForm: Form = formOf(new Map(), new Map());

/** Reads what a form sent, within bounds. @param open nobody was let in: what is sent may be anybody's */
export async function readForm(request: Request, open: boolean): Promise<Form | FormFault> {
  const type = request.headers.get('content-type') ?? '';
  const inParts = /^multipart\/form-data\b/i.test(type);
  const limit = open ? limits.open : inParts ? limits.upload : limits.form;
  if (type !== '' && !/^(multipart\/form-data|application\/x-www-form-urlencoded)\b/i.test(type)) return { fault: 'unreadable' };
  const bytes = await readBytes(request, limit);
  if (bytes === null) return { fault: 'too-large', limit };
  if (bytes.length === 0) return noForm;
  // Reading them takes long enough to hold up the whole process: they are counted before.
  if (inParts ? occurs(bytes, `--${boundaryOf(type)}`, most.parts) : occurs(bytes, '&', most.fields)) return { fault: 'unreadable' };
  try {
    const data = await new Response(bytes, { headers: { 'content-type': type } }).formData();
    const fields = new Map<string, string[]>();
    const files = new Map<string, UploadedFile>();
    for (const [name, value] of data) {
      if (typeof value === 'string') {
        const text = value.toWellFormed().replaceAll('\0', '');
        const same = fields.get(name);
        if (same === undefined) fields.set(name, [text]);
        else same.push(text);
      } else if (value.size > limits.file) return { fault: 'too-large', limit: limits.file };
      else if (value.name !== '' || value.size > 0) files.set(name, { name: value.name, bytes: new Uint8Array(await value.arrayBuffer()) });
    }
    return formOf(fields, files);
  } catch {
    return { fault: 'unreadable' };
  }
}

/** Whether a text stands in it more often than may be. */
function occurs(bytes: Uint8Array<ArrayBuffer>, text: string, often: number): boolean {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  let n = 0;
  for (let at = all.indexOf(text); at >= 0 && n <= often; at = all.indexOf(text, at + text.length)) n += 1;
  return n > often;
}

function boundaryOf(type: string): string {
  return /;\s*boundary=(?:"([^"]*)"|([^;\s]*))/i.exec(type)?.slice(1).find((one) => one !== undefined) ?? '';
}

/** Null: there is more than may be. */
async function readBytes(request: Request, limit: number): Promise<Uint8Array<ArrayBuffer> | null> {
  if (Number(request.headers.get('content-length') ?? 0) > limit) return null;
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of request.body ?? []) {
    length += part.length;
    if (length > limit) return null;
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
}

function formOf(fields: ReadonlyMap<string, readonly string[]>, files: ReadonlyMap<string, UploadedFile>): Form {
  return {
    fields,
    text: (name) => fields.get(name)?.[0]?.trim() ?? '',
    exact: (name) => fields.get(name)?.[0] ?? '',
    all: (name) => fields.get(name) ?? [],
    has: (name) => fields.has(name),
    file: (name) => files.get(name) ?? null,
    digest: digestOf(fields, files),
  };
}

function digestOf(fields: ReadonlyMap<string, readonly string[]>, files: ReadonlyMap<string, UploadedFile>): string {
  const digest = createHash('sha256').update(JSON.stringify([...fields]));
  for (const [name, { name: fileName, bytes }] of files) digest.update(JSON.stringify([name, fileName, bytes.length])).update(bytes);
  return digest.digest('base64url');
}
