/** A host and its port, or several of them (`db1:5432,db2:5432`): a server, and those that may take over from it. */
const authority = /^(postgres(?:ql)?:\/\/(?:[^@/?#]*@)?)([^/?#@]*)(.*)$/i;

/** The addresses that a PostgreSQL address with several hosts stands for, in their order; one host is one address. */
export function addressesOf(url: string): readonly string[] {
  const parts = authority.exec(url);
  if (parts === null) return [url];
  const [, before = '', hosts = '', after = ''] = parts;
  return hosts.split(',').map((host) => `${before}${host}${after}`);
}
