import { join } from 'node:path';
import { array, assert, constantFrom, jsonValue, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readJsonFile } from '../../src/settings/json-file.ts';
import { readJson } from '../../src/settings/json.ts';
import { folder } from './folder.ts';

describe('a text that is no JSON', () => {
  it.each([
    ['{"a": 1,}', 1, 9, 'the comma before this } is one too many'],
    ['[1, 2,\n]', 2, 1, 'the comma before this ] is one too many'],
    ['{"a": 1\n "b": 2}', 2, 2, 'a comma or the closing }'],
    ['["a" "b"]', 1, 6, 'a comma or the closing ]'],
    ['{"a" 1}', 1, 6, 'a colon is missing'],
    ['{a: 1}', 1, 2, 'a field name in "quotation marks"'],
    ["{'a': 1}", 1, 2, 'straight double quotation marks'],
    ['{"a": “b”}', 1, 7, 'straight double quotation marks'],
    ['{\n  // a note\n  "a": 1}', 2, 3, 'JSON has no comments'],
    ['{"a": True}', 1, 7, 'a value is missing'],
    ['{"a": }', 1, 7, 'a value is missing'],
    ['{"a": 01}', 1, 8, 'a comma or the closing }'],
    ['{"a": "b\nc"}', 1, 9, 'on the line where it begins'],
    ['{"a": "b\tc"}', 1, 9, 'a tab'],
    ['{"a": "b', 1, 7, 'no closing quotation mark'],
    ['{"path": "C:\\users"}', 1, 13, 'a backslash'],
    ['{"a": 1', 1, 8, 'the text ends here'],
    ['', 1, 1, 'the text ends here'],
    ['{"a": 1} x', 1, 10, 'after the end'],
    ['{\u00A0"a": 1}', 1, 2, 'an invisible character stands here (U+00A0)'],
    ['{"mode": "observe",\r\n "mode": "live"}', 2, 2, 'written twice'],
    ['['.repeat(100), 1, 66, 'nested more than 64 deep'],
  ])('%j is told line %i, column %i', (text, line, column, why) => {
    const read = readJson(text);
    expect(read).toEqual({ line, column, why: expect.stringContaining(why) });
  });

  it('is not repeated in the fault: it may hold a secret', () => {
    expect(JSON.stringify(readJson('{"clientSecret": hunter2hunter2}'))).not.toContain('hunter2');
  });
});

describe('a text that is JSON', () => {
  it('is read as JSON.parse reads it', () => {
    expect(() => {
      assert(property(jsonValue({ maxDepth: 6 }), constantFrom(0, 1, 2, '\t'), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        expect(readJson(text)).toEqual({ value: JSON.parse(text) });
      }));
    }).not.toThrow();
  });

  it('or is refused where JSON.parse refuses it, whatever the text', () => {
    const piece = constantFrom('{', '}', '[', ']', ',', ':', '"', '"a"', '"b":', '1', '-', '0', '1.5e3', '.', 'e', 'true', 'null', ' ', '\n', '\\', '\\u00e9', 'x', 'é');
    const text = array(piece, { maxLength: 14 }).map((pieces) => pieces.join(''));
    expect(() => assert(property(text, agreesWithParse), { numRuns: 3_000 })).not.toThrow();
  });
});

function agreesWithParse(text: string): boolean {
  const read = readJson(text);
  try {
    const value: unknown = JSON.parse(text);
    return 'value' in read ? JSON.stringify(read.value) === JSON.stringify(value) : read.why.includes('twice');
  } catch {
    return !('value' in read);
  }
}

describe('a JSON file', () => {
  const utf8 = (text: string) => new TextEncoder().encode(text);

  it('is read with and without a byte order mark', () => {
    const path = folder({ 'a.json': '{"é": 1}', 'b.json': '\uFEFF{"é": 1}' });
    expect(readJsonFile(join(path, 'a.json'))).toEqual({ json: { é: 1 } });
    expect(readJsonFile(join(path, 'b.json'))).toEqual({ json: { é: 1 } });
  });

  it('that is not there is absent', () => {
    const path = folder({ 'a.json': '{}' });
    expect(readJsonFile(join(path, 'b.json'))).toEqual({ absent: true });
    expect(readJsonFile(join(path, 'a.json', 'b.json'))).toEqual({ absent: true });
  });

  it.each([
    ['broken JSON', utf8('{\n  "a": 1,\n}'), 'no valid JSON at line 3, column 1: the comma before this }'],
    ['UTF-16', new Uint8Array([0xff, 0xfe, 0x7b, 0x00]), 'UTF-16'],
    ['Windows-1252', new Uint8Array([0x22, 0xe9, 0x22]), 'no UTF-8'],
    ['too much', new Uint8Array(17 * 1024 * 1024), 'a file of 17 MiB'],
  ])('of %s is a fault that names it', (_name, bytes, found) => {
    const path = join(folder({ 'a.json': bytes }), 'a.json');
    expect(readJsonFile(path)).toEqual({ fault: expect.objectContaining({ name: path, found: expect.stringContaining(found) }) });
  });

  it('that is a folder is a fault', () => {
    expect(readJsonFile(folder())).toEqual({ fault: expect.objectContaining({ found: 'something that is no file' }) });
  });
});
