import { describe, expect, test } from 'vitest';
import { readOptions } from '../../scripts/bench/frame/options.ts';
import { aim, tableText } from '../../scripts/bench/frame/table.ts';

test('a table keeps its columns in line, rounds its figures, and says plainly what was missed', () => {
  const text = tableText({
    name: 'x',
    title: 'Speed',
    notes: ['A note.'],
    columns: [{ head: 'who' }, { head: 'per s', digits: 0 }, { head: 'ms', digits: 1 }, { head: 'aim' }],
    rows: [
      ['ours', 12_345.6, 0.04, aim('> 10,000', true)],
      ['another', 9, null, aim('> 10,000', false)],
    ],
  });
  expect(text.split('\n')).toEqual([
    '### Speed',
    '',
    '| who     |  per s |  ms | aim              |',
    '|---------|-------:|----:|------------------|',
    '| ours    | 12,346 | 0.0 | > 10,000: met    |',
    '| another |      9 |     | > 10,000: MISSED |',
    '',
    '- A note.',
  ]);
});

describe('the command line', () => {
  const names = ['latency', 'lives'];

  test('chooses, and says where the figures go', () => {
    expect(readOptions(['--only', 'lives, latency', '--json', 'out.json'], names)).toEqual({ json: 'out.json', only: ['lives', 'latency'], size: 'whole', profile: null, help: false });
    expect(readOptions([], names)).toMatchObject({ only: null, json: null });
  });

  test('refuses what it does not know', () => {
    expect(readOptions(['--only', 'lifes'], names)).toEqual({ fault: '--only: lifes: no such measurement; there are latency, lives' });
    expect(readOptions(['--fast'], names)).toHaveProperty('fault');
  });
});
