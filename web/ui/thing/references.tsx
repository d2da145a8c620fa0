/** What refers to a thing, and what it refers to, wherever they stand. */
import { PlaceLink } from '../place-link.tsx'
import { useReferences, type Reference } from './use-references.ts'

export function References({ kind, id }: { kind: string; id: string }) {
  const rows = useReferences(kind, id)
  return (
    <>
      <Group title="What refers to this" rows={rows.filter((r) => r.direction === 'from')} />
      <Group title="What this refers to" rows={rows.filter((r) => r.direction === 'to')} />
    </>
  )
}

function Group({ title, rows }: { title: string; rows: readonly Reference[] }) {
  if (rows.length === 0) return null
  return (
    <section className="thing-part thing-references" aria-label={title}>
      <h3>{title}</h3>
      <ul>
        {rows.map((r) => (
          <li key={`${r.kind} ${r.id} ${r.relation}`}>
            {r.address ? <PlaceLink address={r.address}>{r.title}</PlaceLink> : r.title}
            <p className="faint small">
              {[r.kind, r.relation.replaceAll('-', ' '), r.detail].filter(Boolean).join(', ')}
            </p>
          </li>
        ))}
      </ul>
    </section>
  )
}
