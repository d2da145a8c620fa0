/** What refers to a thing, wherever it stands. */
import { PlaceLink } from '../place-link.tsx'
import { useReferences } from './use-references.ts'

export function References({ kind, id }: { kind: string; id: string }) {
  const rows = useReferences(kind, id)
  if (rows.length === 0) return null
  return (
    <section className="thing-references" aria-label="What refers to this">
      <h3>What refers to this</h3>
      <ul>
        {rows.map((r) => (
          <li key={`${r.kind} ${r.id} ${r.relation}`}>
            <span className="faint small">{r.relation}</span> <PlaceLink address={r.address}>{r.title}</PlaceLink>
          </li>
        ))}
      </ul>
    </section>
  )
}
