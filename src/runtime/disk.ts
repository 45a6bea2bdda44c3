import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Says how many bytes may still be written to the volume of a path, or null where the system does not tell. */
export type FreeSpace = (path: string) => Promise<number | null>;

/** What an ordinary user may still write (what is reserved for root does not count). A path that is not there yet counts as its folder. */
export const freeSpace: FreeSpace = async (path) => {
  for (let at = path; ; at = dirname(at)) {
    try {
      const { bavail, bsize } = await statfs(at);
      return bavail * bsize;
    } catch (error) {
      const missing = error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
      if (!missing || dirname(at) === at) return null;
    }
  }
};
