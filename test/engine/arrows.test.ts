import { describe, expect, test } from 'vitest';
import { arrows, hasEnded, isDone, shown, statuses } from '../../src/syncing/status.ts';
import { scenes } from './arrows.ts';

const table = arrows.map(({ from, to }) => `${from}>${to}`);

describe('the table of statuses', () => {
  test('names each arrow once', () => {
    expect(table.filter((way, i) => table.indexOf(way) !== i)).toEqual([]);
  });

  test('every arrow of it is drawn by a scene below, and no other', () => {
    const drawn = new Set(scenes.flatMap((scene) => scene.draws));
    expect({ never: table.filter((way) => !drawn.has(way)), unknown: [...drawn].filter((way) => !table.includes(way)) }).toEqual({ never: [], unknown: [] });
  });

  test('what is done has ended; what has ended shows as neither waiting nor under way', () => {
    expect(statuses.filter((status) => isDone(status) && !hasEnded(status))).toEqual([]);
    for (const status of statuses) {
      expect(['waiting', 'to-complete', 'under-way', 'to-decide'].includes(shown[status])).toBe(!hasEnded(status));
    }
  });

  test('from what has ended only a person leads back, or what is seen there', () => {
    const back = arrows.filter(({ from, to, person }) => hasEnded(from) && !(hasEnded(to) || to === 'in-doubt') && person !== true);
    expect(back).toEqual([]);
  });
});

// Beyond what a scene draws: no stage lets an arrow pass that is not in the table.
test.each(scenes)('$name', async (scene) => {
  const stage = await scene.play();
  const observed = await stage.observed.arrows();
  expect([...observed]).toEqual(expect.arrayContaining([...scene.draws]));
});
