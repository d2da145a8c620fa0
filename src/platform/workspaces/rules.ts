/** A workspace's short name in addresses: from its name, and free. */
export function slugFor(name: string, taken: readonly string[]): string {
  const base =
    name
      .normalize('NFKD')
      .replaceAll(/[\u0300-\u036f]/g, '')
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replace(/^-/, '')
      .slice(0, 40)
      .replace(/-$/, '') || 'workspace'
  if (!taken.includes(base)) return base
  for (let n = 2; ; n += 1) if (!taken.includes(`${base}-${n}`)) return `${base}-${n}`
}
