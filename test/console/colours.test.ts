import { expect, test } from 'vitest';
import { coloursSheet, inkOn } from '../../src/console/colours.ts';

test('the ink on any colour of a merchant’s is read at 4.5 to 1 or better', () => {
  const steps = Array.from({ length: 16 }, (_, i) => (i * 17).toString(16).padStart(2, '0'));
  const worst = Math.min(...steps.flatMap((r) => steps.flatMap((g) => steps.map((b) => contrast(`#${r}${g}${b}`, inkOn(`#${r}${g}${b}`))))));
  expect(worst).toBeGreaterThan(4.5);
});

test('a stored colour that is none ends no rule and begins none', () => {
  expect(coloursSheet([{ id: 1, colour: 'red}body{display:none' }])).toBe('.e1{--c:#70757a;--on:#fff}');
  expect(coloursSheet([{ id: 2, colour: '#2E7D5B' }])).toBe('.e2{--c:#2E7D5B;--on:#fff}');
});

function contrast(colour: string, ink: '#000' | '#fff'): number {
  const luminance = 0.2126 * linear(colour.slice(1, 3)) + 0.7152 * linear(colour.slice(3, 5)) + 0.0722 * linear(colour.slice(5, 7));
  return ink === '#fff' ? 1.05 / (luminance + 0.05) : (luminance + 0.05) / 0.05;
}

/** WCAG 2: relative luminance. */
function linear(hex: string): number {
  const value = Number.parseInt(hex, 16) / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}
