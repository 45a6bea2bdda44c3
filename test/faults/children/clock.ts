/**
 * Another clock for a whole process. FAULTS_PACE says how many times as fast as the real one it goes, from the moment
 * FAULTS_SINCE on (epoch ms): timers and durations with it. SIGUSR2 puts the wall clock forward by FAULTS_SHIFT (ms) from
 * then on, and back at the next SIGUSR2; FAULTS_SHIFTED begins with it so. Chance is at its lowest, as in haste.ts.
 */
const pace = Number(process.env['FAULTS_PACE'] ?? 1);
const since = Number(process.env['FAULTS_SINCE'] ?? Date.now());
const shift = Number(process.env['FAULTS_SHIFT'] ?? 0);
let shifted = process.env['FAULTS_SHIFTED'] === '1';

const wall = Date.now.bind(Date);
const steady = performance.now.bind(performance);
const timer = globalThis.setTimeout;
const began = steady();

Date.now = () => Math.floor(since + (wall() - since) * pace) + (shifted ? shift : 0);
performance.now = () => began + (steady() - began) * pace;
globalThis.setTimeout = ((then: (...given: unknown[]) => void, ms = 0, ...given: unknown[]) => timer(then, ms / pace, ...given)) as typeof setTimeout;
Math.random = () => 0;

process.on('SIGUSR2', () => {
  shifted = !shifted;
});
