import { iso } from '../../api/fields.ts';
import { sayCause } from '../../api/said.ts';
import { examine } from '../../app/doctor.ts';
import type { Check } from '../../app/doctor.ts';
import { exits } from '../../app/exits.ts';
import type { Suivi } from '../../app.ts';
import { settingsWords } from '../../language/settings.ts';
import { StoreUnusable } from '../../store/unusable.ts';
import type { Language } from '../../syncing/diagnosis.ts';
import type { Call, Command } from '../command.ts';
import { Refused } from '../refused.ts';
import { plain } from '../terminal.ts';
import { unusableIn } from '../unusable.ts';
import { paragraph } from '../wrap.ts';

export const doctorCommands: readonly Command[] = [{ name: 'doctor', lists: true, examples: ['doctor', 'doctor --json'], run: doctor }];

/** A check in words, and what to do where it is not in order. */
interface Finding {
  readonly what: string;
  readonly ok: boolean;
  readonly words: string;
  readonly remedy: string | null;
  /** It kept everything else from being looked at: the command ends as any other would. */
  readonly status?: number;
}

/** Looks at everything, also at settings and a database that cannot be used: here they are a finding, not an end. */
async function doctor(call: Call): Promise<number> {
  const { given, terminal, say, stop } = call;
  const findings = await findingsOf(call, stop);
  const ok = findings.every((finding) => finding.ok);
  if (given.flag('json')) terminal.json({ ok, checks: findings.map(({ what, ok: good, words, remedy }) => ({ what, ok: good, message: words, ...(good || remedy === null ? {} : { remedy }) })) });
  else {
    for (const finding of findings) {
      terminal.print(`${finding.ok ? terminal.style('green', '✓') : terminal.style('red', '✗')} ${paragraph(terminal, '  ', finding.words).slice(2)}`);
      if (!finding.ok && finding.remedy !== null) terminal.print(paragraph(terminal, '  → ', finding.remedy));
    }
    terminal.print();
    terminal.print(say(ok ? 'allWell' : 'notAllWell', { count: findings.filter((finding) => !finding.ok).length }));
  }
  return ok ? exits.done : (findings.find(({ status }) => status !== undefined)?.status ?? exits.someFailed);
}

async function findingsOf(call: Call, stop: AbortSignal): Promise<readonly Finding[]> {
  const { say, language } = call;
  try {
    const suivi = await call.open();
    const { settings, context, accounts } = suivi;
    const good: Finding[] = [
      { what: 'settings', ok: true, words: say('doctorSettings', { folder: settings.configDir, count: accounts.length }), remedy: null },
      { what: 'schema', ok: true, words: say('doctorSchema', { file: context.store.place }), remedy: null },
    ];
    const notices = suivi.notices.map(({ name, found, expected, example }): Finding => ({ what: 'notice', ok: false, words: say('labelled', { label: settingsWords(language)?.name(name) ?? name, value: inWords(language, found) }), remedy: `${inWords(language, expected)}${example === null ? '' : ` (${inWords(language, example)})`}` }));
    return [...good, ...notices, ...(await examine(suivi, stop)).map((check) => findingOf(call, suivi, check))];
  } catch (error) {
    if (error instanceof Refused) return [{ what: 'settings', ok: false, words: error.lines[0] ?? '', remedy: error.lines.slice(1).join('\n    '), status: error.status }];
    if (error instanceof StoreUnusable) return [{ what: 'database', ok: false, words: say('doctorDatabase'), remedy: unusableIn(language, error), status: error.lasting ? exits.settings : exits.unreachable }];
    throw error;
  }
}

function inWords(language: Language, english: string): string {
  return settingsWords(language)?.text(english) ?? english;
}

function findingOf({ say, speech, language }: Call, { settings, tables }: Suivi, check: Check): Finding {
  const zone = settings.timeZone;
  const { what, ok } = check;
  const found = (words: string, remedy: string | null): Finding => ({ what, ok, words, remedy });
  switch (check.what) {
    case 'disk':
      return found(check.freeBytes === null ? say('doctorDiskUnknown') : say('doctorDisk', { gigabytes: check.freeBytes / 1e9 }), say('doctorDiskRemedy'));
    case 'clock':
      return found(say('doctorClock', { now: iso(check.now), isAhead: check.aheadS === null ? 'no' : 'yes', ahead: check.aheadS ?? 0, isFuture: check.lastEntry !== null && check.lastEntry > check.now + 120_000 ? 'yes' : 'no' }), say('doctorClockRemedy'));
    case 'time-zone':
      return found(say('doctorZone', { merchant: check.merchant, machine: check.machine, differs: check.merchant === check.machine ? 'no' : 'yes' }), null);
    case 'daemon':
      return found(say(`doctorDaemon-${check.state}`, { address: check.address, pid: String(check.pid ?? ''), why: plain(check.reasons.join(' ')) }), say(`doctorDaemonRemedy-${check.state}`));
    case 'backup':
      return found(check.at === null ? say('doctorNoBackup', { folder: check.folder }) : say('doctorBackup', { at: check.at, folder: check.folder }), say('doctorBackupRemedy'));
    case 'accounts':
      return found(check.count === 0 ? say('noAccounts') : say('doctorAccounts', { count: check.count }), null);
    case 'orders-read':
      return found(check.until === null ? say('neverRead', { account: check.account }) : say('readUntil', { account: check.account, at: speech.formatInstant(check.until, zone) }), say('doctorReadRemedy', { account: check.account }));
    case 'asleep':
      return found(say('doctorAsleep', { account: check.account, why: check.why }), say('doctorAsleepRemedy', { account: check.account }));
    case 'refusal': {
      const { what: happened, remedy } = sayCause(tables.diagnoses, check.cause, language);
      return found(`${say('labelled', { label: check.account, value: happened })}${check.call === '*' ? '' : ` (${check.call})`}`, remedy);
    }
    case 'alert': {
      const cause = check.details['cause'];
      const said = typeof cause === 'string' ? sayCause(tables.diagnoses, cause, language) : null;
      const details = Object.entries(check.details).map(([name, value]) => say('detail', { name, value: typeof value === 'string' && /^\d{4}-.*Z$/.test(value) ? speech.formatInstant(Date.parse(value), zone) : plain(value) })).join(', ');
      return found(`${speech.alert(check.kind)} (${details}), ${say('since', { at: speech.formatInstant(check.since, zone) })}${said === null ? '' : `: ${said.what}`}`, said?.remedy ?? say('doctorAlertRemedy'));
    }
  }
}
