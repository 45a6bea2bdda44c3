import { describe, expect, it } from 'vitest';
import * as fc from 'fast-check';
import { fill, variableFaults, variables } from '../../src/orders/texts.ts';

const codes = (text: string): string[] => variableFaults('comment', text).map(({ code, found }) => (found === undefined ? code : `${code} ${found}`));

describe('variables in a text', () => {
  it.each(variables)('{{%s}} is known', (name) => {
    expect(codes(`Avant {{${name}}} après {{ ${name} }}.`)).toEqual([]);
  });

  it('that do not exist are named, each where it stands', () => {
    expect(codes('{{order}} {{name}} {{ trackinglink }} {{}}')).toEqual(['text-variable name', 'text-variable trackinglink', 'text-variable ']);
    expect(variableFaults('texts.fr.sms', '{{client}}')).toEqual([{ code: 'text-variable', field: 'texts.fr.sms', found: 'client', expected: 'order, carrier, tracking, trackingLink' }]);
  });

  it.each(['{{order', 'order}}', '{{order}', '{{order}} {{', '{{or{der}}', '{{order\n}}'])('that do not close are found: %j', (text) => {
    expect(codes(text)).toContain('text-braces');
  });

  it.each(['{order}', 'a { b } c', '} {', 'constructor {{order}}'])('leave single braces alone: %j', (text) => {
    expect(codes(text)).toEqual([]);
  });

  it('are looked for in no time, however the text was meant to hinder it', () => {
    const texts = [`{{${' '.repeat(4_000)}`, '{{ '.repeat(1_300), `{{${'a '.repeat(2_000)}`, '{'.repeat(4_000), `{{${' '.repeat(3_900)}order`];
    const start = process.cpuUsage().user;
    for (const text of texts) {
      variableFaults('comment', text);
      fill(text, {});
    }
    expect((process.cpuUsage().user - start) / 1000).toBeLessThan(2_000);
  });
});

describe('filling a text in', () => {
  const values = { order: 'C-20931', carrier: 'Colissimo', tracking: '8R00000000001', trackingLink: 'https://x.example/8R' };

  it('puts each value in its place', () => {
    expect(fill('{{order}} : {{ carrier }} {{tracking}}\n{{trackingLink}}', values)).toBe('C-20931 : Colissimo 8R00000000001\nhttps://x.example/8R');
  });

  it('takes values as they are, whatever they look like', () => {
    expect(fill('a {{order}} b', { order: '$& {{carrier}} $1', carrier: 'no' })).toBe('a $& {{carrier}} $1 b');
  });

  it('leaves nothing behind for a variable without a value: the line it stood on goes', () => {
    expect(fill('En route.\nSuivi : {{tracking}}\n{{trackingLink}}\nMerci.', { order: 'C-1' })).toBe('En route.\nMerci.');
    expect(fill('Commande {{order}} avec {{carrier}}', { order: 'C-1' })).toBe('Commande C-1 avec ');
    expect(fill('Suivi : {{tracking}}', { tracking: '' })).toBe('');
  });

  it('keeps lines without variables, empty ones too', () => {
    expect(fill('Un\n\nDeux', {})).toBe('Un\n\nDeux');
  });

  it('never leaves a variable that was found faultless unfilled', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constantFrom('{{order}}', '{{ tracking }}', '{{carrier }}', '{', '}', '\n'), fc.string()), { maxLength: 12 }), (parts) => {
        const text = parts.join('');
        if (variableFaults('comment', text).length > 0) return;
        const filled = fill(text, { order: 'X', carrier: 'Y', tracking: 'Z' });
        expect(filled).not.toMatch(/\{\{\s*(order|tracking|carrier)\s*\}\}/);
      }),
    );
  });
});
