import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readTable, shippedTables, tableNames } from '../../src/settings/tables.ts';
import { folder } from './folder.ts';

describe('a table', () => {
  it('comes from the operator’s folder where it is there', () => {
    const own = folder({ 'carriers.json': '[1]' });
    const shipped = folder({ 'carriers.json': '[2]' });
    expect(readTable(own, 'carriers', shipped)).toEqual({ json: [1], from: join(own, 'carriers.json') });
  });

  it('comes with Suivi where it is not, or where there is no folder at all', () => {
    const shipped = folder({ 'carriers.json': '[2]' });
    expect(readTable(folder(), 'carriers', shipped)).toEqual({ json: [2], from: join(shipped, 'carriers.json') });
    expect(readTable(join(shipped, 'nowhere'), 'carriers', shipped)).toMatchObject({ json: [2] });
  });

  it('of the operator that cannot be read is a fault: the other one is not taken in silence', () => {
    const own = folder({ 'carriers.json': '[1,]' });
    const shipped = folder({ 'carriers.json': '[2]' });
    expect(readTable(own, 'carriers', shipped)).toEqual({ fault: expect.objectContaining({ name: join(own, 'carriers.json'), found: expect.stringContaining('line 1, column 4') }) });
  });

  it('that is nowhere is a fault', () => {
    expect(readTable(folder(), 'carriers', folder())).toMatchObject({ fault: { found: expect.stringContaining('no such file') } });
  });

  it('of Types is found beside the source', () => {
    const table = readTable(folder(), 'state-types');
    expect(table).toMatchObject({ from: join(shippedTables, 'state-types.json'), json: { 'order-shipped': {} } });
  });
});

describe('the names of a folder of tables', () => {
  it('are the operator’s and those that come with Suivi, each once', () => {
    const [own, shipped] = [folder(), folder()];
    for (const root of [own, shipped]) mkdirSync(join(root, 'models'));
    for (const file of [join(own, 'models/b.json'), join(own, 'models/c.json'), join(shipped, 'models/a.json'), join(shipped, 'models/b.json'), join(shipped, 'models/note.txt')]) writeFileSync(file, '{}');
    expect(tableNames(own, 'models', shipped)).toEqual(['models/a', 'models/b', 'models/c']);
  });

  it('are none where there is no such folder', () => {
    expect(tableNames(folder(), 'models', folder())).toEqual([]);
  });
});
