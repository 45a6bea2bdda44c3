import { signInKey } from '../../store/people.ts';
import type { Key } from '../words.ts';

const [shortest, longest] = [12, 128] as const;

/** What is wrong with a new password; null: it will do. Length counts, kinds of signs do not (NIST SP 800-63B). */
export function passwordFault(password: string, name: string): Key | null {
  const signs = Array.from(password);
  if (signs.length < shortest) return 'signIn.passwordShort';
  if (signs.length > longest || password.length > longest) return 'signIn.passwordLong';
  const plain = password.toLowerCase();
  const [own = ''] = signInKey(name).split('@');
  const easy = new Set(signs).size < 5 || (own.length >= 4 && (plain.includes(own) || plain.includes(name.toLowerCase())));
  return easy ? 'signIn.passwordEasy' : null;
}
