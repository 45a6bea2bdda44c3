import { describe, expect, test } from 'vitest';
import { factsText, tableText } from '../../src/cli/table.ts';
import type { Column } from '../../src/cli/table.ts';
import { processTerminal } from '../../src/cli/terminal.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import { lengthOf, paragraph } from '../../src/cli/wrap.ts';

const pipe: Terminal = { ...processTerminal(), outputIsTerminal: false, style: (_, text) => text };
const narrow = (width: number): Terminal => ({ ...pipe, outputIsTerminal: true, width });

const columns: readonly Column[] = [{ head: 'ID', right: true }, { head: 'Order' }, { head: 'Operation', gives: 8 }, { head: 'Ship by', gives: 6 }, { head: 'Why', below: true }];
const rows = [
  [9, '402-5403149-7545187', 'confirm the shipment', 'in 2 days 3 hours', ''],
  [10, '171-4376674-7773940', 'nothing', '', 'The marketplace itself ships this order, and nobody else has to be told of it.'],
] as const;

describe('a table', () => {
  test('in a pipe is one whole line for each row', () => {
    const lines = tableText(pipe, columns, rows).split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[2]).toMatch(/^10 {2}171-4376674-7773940 {2}nothing .*The marketplace itself ships this order, and nobody else has to be told of it\.$/);
  });

  test.each([80, 60, 48])('on a terminal of %d columns fits, breaks between words, and has the reason under its row', (width) => {
    const lines = tableText(narrow(width), columns, rows).split('\n');
    for (const line of lines) expect(lengthOf(line), line).toBeLessThan(width);
    const text = lines.join('\n');
    for (const word of ['402-5403149-7545187', 'shipment', 'marketplace', 'nothing']) expect(text).toContain(word);
    const under = lines.findIndex((line) => line.includes('171-4376674'));
    expect(lines.slice(under + 1).join(' ').replace(/\s+/g, ' ')).toContain('The marketplace itself ships this order, and nobody else has to be told of it.');
  });

  test('shows nothing that plays tricks on a terminal', () => {
    const sly = 'a\u001b[31mred\u0007\r\nb\u202ec';
    for (const text of [tableText(pipe, columns, [[1, sly, sly, sly, sly]]), tableText(narrow(80), columns, [[1, sly, sly, sly, sly]]), factsText(pipe, [['Order', sly]])]) expect(Array.from(text).filter((character) => character !== '\n' && /[\p{Cc}\p{Cf}]/u.test(character))).toEqual([]);
  });

  test('without rows is its heading', () => {
    expect(tableText(pipe, columns, [])).toMatch(/^ID {2}Order {2}Operation {2}Ship by {2}Why$/);
  });
});

describe('a sentence', () => {
  test('goes on as far in as it began; in a pipe it is one line', () => {
    expect(paragraph(narrow(20), '  → ', 'Map the carrier and rerun')).toBe('  → Map the carrier\n    and rerun');
    expect(paragraph(pipe, '  → ', 'Map the carrier and rerun')).toBe('  → Map the carrier and rerun');
  });
});
