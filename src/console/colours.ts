import { assetsAt, hashOf } from './assets.ts';

type Colour = { readonly id: number; readonly colour: string };

/** The merchant's colours as a style sheet: the class `e7` gives a state's colour, and the ink that is read on it. */
export function coloursSheet(colours: readonly Colour[]): string {
  return colours.map(({ id, colour }) => (/^#[0-9a-f]{6}$/i.test(colour) ? `.e${id}{--c:${colour};--on:${inkOn(colour)}}` : `.e${id}{--c:#70757a;--on:#fff}`)).join('');
}

/** Its address carries its content's hash: a changed colour is another file. */
export function coloursPath(colours: readonly Colour[]): string {
  return `${assetsAt}colours.${hashOf(coloursSheet(colours))}.css`;
}

/** Black or white, whichever is read better: at a relative luminance of .179 both contrast alike, 4.58 to 1 (WCAG 2). */
export function inkOn(colour: string): '#000' | '#fff' {
  return luminance(colour) < 0.179 ? '#fff' : '#000';
}

/** How well that ink is read on the colour: n to 1. */
export function contrastOn(colour: string): number {
  return inkOn(colour) === '#fff' ? 1.05 / (luminance(colour) + 0.05) : (luminance(colour) + 0.05) / 0.05;
}

function luminance(colour: string): number {
  const channel = (at: number): number => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}
