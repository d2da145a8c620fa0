/** A finding as it was when it was taken: the sentence, its numbers, and the page that shows what is so today. */
import type { Finding } from '../../src/decisions/schemas.ts'
import { tied } from '../ui/format.ts'
import { PlaceLink } from '../ui/place-link.tsx'

const within = (address: string) => address.replace(/^https?:\/\/[^/]+/, '').replace(/^\/w\/[^/]+/, '') || '/'

export function FindingQuote({ finding }: { finding: Finding }) {
  return (
    <blockquote className="finding">
      <p>{tied(finding.text)}</p>
      {finding.numbers.length > 0 ? (
        <dl className="finding-numbers">
          {finding.numbers.map((n) => (
            <div key={n.label}>
              <dt>{n.label}</dt>
              <dd>{tied(n.text)}</dd>
            </div>
          ))}
        </dl>
      ) : null}
      {finding.address === null ? null : (
        <footer className="small faint">
          Kept as it was. <PlaceLink address={within(finding.address)}>Open where it was found</PlaceLink>
        </footer>
      )}
    </blockquote>
  )
}
