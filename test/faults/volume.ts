import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { closeLater } from './installation.ts';

/**
 * The database's folder on a volume of its own, whose size can be changed while it is used. It is mounted in a name
 * space that nobody else sees and that ends with a process of ours: nothing can be left mounted.
 */
export interface Volume {
  /** Begins a program there. */
  readonly wrap: readonly string[];
  /** Nothing more can be written, but for `spare` bytes. */
  fill(spare: number): void;
  /** Room again. */
  clear(): void;
  /** Copies what is on the volume back to the folder. */
  bringBack(): void;
}

const large = '4g';

/** Whether this user may mount such a volume here; a word where not. */
export function mayMount(): string | null {
  try {
    execFileSync('unshare', ['--mount', '--propagation', 'private', 'mount', '-t', 'tmpfs', '-o', 'size=64k', 'suivi-test', '/mnt'], { stdio: 'ignore' });
    execFileSync('nsenter', ['--version'], { stdio: 'ignore' });
    return null;
  } catch {
    return 'this user may not mount a volume in a name space of its own';
  }
}

export async function openVolume(folder: string): Promise<Volume> {
  const place = join(folder, 'var');
  const script = 'mkdir "$1.new" && mount -t tmpfs -o size="$2" suivi-test "$1.new" && cp -a "$1/." "$1.new/" && mount --move "$1.new" "$1" && echo mounted && exec sleep 600';
  const keeper = spawn('unshare', ['--mount', '--propagation', 'private', 'sh', '-c', script, 'sh', place, large], { stdio: ['ignore', 'pipe', 'inherit'] });
  closeLater(async () => {
    keeper.kill('SIGKILL');
    if (keeper.exitCode === null && keeper.signalCode === null) await once(keeper, 'close');
  });
  await once(keeper.stdout, 'data');
  const inside = ['nsenter', '--target', String(keeper.pid), '--mount', 'sh', '-c', 'cd "$0" && exec "$@"', folder];
  const run = (...command: readonly string[]): string => execFileSync(inside[0] ?? '', [...inside.slice(1), ...command], { encoding: 'utf8' });
  return {
    wrap: inside,
    fill(spare) {
      for (let tries = 0; ; tries += 1) {
        const used = Number(run('df', '--output=used', '-B1', place).split('\n')[1]);
        try {
          return void run('mount', '-o', `remount,size=${used + spare}`, place);
        } catch (error) {
          // More was written meanwhile.
          if (tries === 20) throw error;
        }
      }
    },
    clear: () => void run('mount', '-o', `remount,size=${large}`, place),
    bringBack: () => void execFileSync('cp', ['-a', `/proc/${keeper.pid}/root${place}/.`, place]),
  };
}
