import chromium from '@sparticuz/chromium';
import { closeSync, existsSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium as playwright } from 'playwright-core';
import type { Browser } from 'playwright-core';
import { systemClock } from '../../src/runtime/clock.ts';

/** A real Chromium: the one that `CHROMIUM_PATH` names, else the one that comes as a package. */
export async function launchBrowser(): Promise<Browser> {
  return playwright.launch({ executablePath: process.env['CHROMIUM_PATH'] ?? (await unpacked()), args: ['--no-sandbox', '--disable-background-networking', '--disable-gpu', '--font-render-hinting=none', '--lang=fr-FR'] });
}

/** The package's Chromium lies in the temporary folder, once. Two processes that want it at the same time do not unpack over each other. */
async function unpacked(): Promise<string> {
  const mark = join(tmpdir(), 'suivi-chromium.unpacking');
  for (let tries = 0; tries < 600; tries += 1) {
    try {
      closeSync(openSync(mark, 'wx'));
      break;
    } catch {
      // Somebody else unpacks; a mark that stays was left by one who died.
      if (tries === 300) rmSync(mark, { force: true });
      await systemClock.sleep(100);
    }
  }
  try {
    return await chromium.executablePath();
  } finally {
    if (existsSync(mark)) rmSync(mark, { force: true });
  }
}
