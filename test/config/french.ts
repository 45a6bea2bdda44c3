/** What a French typesetter would send back. */
export function frenchFaults(text: string): string[] {
  const faults: string[] = [];
  if (/'/.test(text)) faults.push(`a straight apostrophe in: ${text}`);
  if (/"/.test(text)) faults.push(`straight quotation marks in: ${text}`);
  if (/[^\u202f\s][;!?](?:\s|$)/u.test(text)) faults.push(`no narrow no-break space before ; ! ? in: ${text}`);
  if (/[^\u00a0\u202f]:(?:\s|$)/u.test(text)) faults.push(`no no-break space before a colon in: ${text}`);
  if (/ [;:!?»]|« /.test(text)) faults.push(`a space that may break before or after a sign in: ${text}`);
  if (/«[^\u00a0\u202f]|[^\u00a0\u202f]»/u.test(text)) faults.push(`no no-break space inside « » in: ${text}`);
  if (/\.\.\./.test(text)) faults.push(`three points instead of one sign in: ${text}`);
  if (/ {2}| $|^ /m.test(text)) faults.push(`a space too many in: ${text}`);
  return faults;
}
