/** Loading in the shape of what comes, errors that say what to do, and empty pages that offer the one next step. */
import { Alert, Button, Skeleton } from '@mantine/core'
import { Link, useLocation } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { ApiError } from '../api.ts'
import './states.css'

export function Loading({ rows = 8, label = 'Loading' }: { rows?: number; label?: string }) {
  return (
    <div className="loading" role="status" aria-live="polite">
      <span className="visually-hidden">{label} …</span>
      {Array.from({ length: rows }, (_, i) => (
        <Skeleton key={i} height={20} mt={i === 0 ? 0 : 12} width={`${96 - ((i * 13) % 34)}%`} />
      ))}
    </div>
  )
}

export function Failed({ error, onRetry }: { error: ApiError; onRetry?: () => void }) {
  const { searchStr } = useLocation()
  // What the address asks for cannot be asked, or is not there: asking again would not help.
  const isOfAddress = searchStr !== '' && (error.code === 'invalid' || error.code === 'not-found')
  return (
    <Alert className="failed" color="red" variant="light" title="This did not work" role="alert">
      <p>{error.message}</p>
      {onRetry ? (
        isOfAddress ? (
          <Button mt="sm" size="xs" variant="default" component={Link} to="." search={{} as never}>
            Open this page as it begins
          </Button>
        ) : (
          <Button mt="sm" size="xs" variant="default" onClick={onRetry}>
            Try again
          </Button>
        )
      ) : null}
    </Alert>
  )
}

export function Empty({ title, children, action }: { title: string; children: ReactNode; action?: ReactNode }) {
  return (
    <div className="empty">
      <h2>{title}</h2>
      <div className="soft">{children}</div>
      {action ? <div className="empty-action">{action}</div> : null}
    </div>
  )
}

/** A remark beside the numbers: why something is missing, or what to mind. */
export function Remark({ children }: { children: ReactNode }) {
  return (
    <div className="remark" role="note">
      {children}
    </div>
  )
}

/** What a query shows before, without and with its answer. */
export function Await<T>({
  query,
  children,
  rows,
}: {
  query: { data: T | undefined; error: ApiError | null; isPending: boolean; refetch: () => unknown }
  children: (data: T) => ReactNode
  rows?: number
}) {
  if (query.data !== undefined) return <>{children(query.data)}</>
  if (query.error)
    return (
      <Failed
        error={query.error}
        onRetry={() => {
          void query.refetch()
        }}
      />
    )
  return <Loading rows={rows} />
}
