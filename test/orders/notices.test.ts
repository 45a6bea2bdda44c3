import { describe, expect, it } from 'vitest';
import { mailOf, smsOf } from '../../src/orders/notices.ts';

const values = { order: 'AB-1', carrier: 'Colissimo', tracking: '6A1', trackingLink: 'https://carrier.example/6A1' };
const sms = (text: string): readonly [number, number] => {
  const { characters, parts } = smsOf({ name: '', comment: '', sms: text }, values);
  return [characters, parts];
};

describe('a mail', () => {
  it('has the state’s name and the order as its subject, and the comment filled in', () => {
    expect(mailOf({ name: 'Commande expédiée', comment: 'Suivi : {{tracking}}\nChez {{carrier}}', sms: '' }, { order: 'AB-1', tracking: '6A1' })).toEqual({ subject: 'Commande expédiée (AB-1)', body: 'Suivi : 6A1' });
  });
});

describe('an SMS counts', () => {
  it.each([
    ['nothing', '', [0, 0]],
    ['160 characters of the short alphabet as one', 'é'.repeat(160), [160, 1]],
    ['one more as two', 'a'.repeat(161), [161, 2]],
    ['three parts from 307 on', 'a'.repeat(307), [307, 3]],
    ['a euro sign twice', `${'a'.repeat(159)}€`, [160, 2]],
    ['70 characters with a sign from outside as one', `ê${'a'.repeat(69)}`, [70, 1]],
    ['71 as two', `ê${'a'.repeat(70)}`, [71, 2]],
    ['what a gateway counts: an emoji as two units', `😀${'a'.repeat(68)}`, [69, 1]],
    ['the text as it leaves, filled in', '{{order}}', [4, 1]],
  ] as const)('%s', (_, text, expected) => {
    expect(sms(text)).toEqual(expected);
  });

  it('names the characters that cost', () => {
    expect(smsOf({ name: '', comment: '', sms: 'C’est prêt, c’est là' }, {}).outside).toEqual(['’', 'ê']);
  });
});
