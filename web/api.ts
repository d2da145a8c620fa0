/** The server's operations as queries and mutations; the types are the server's own. */
import {
  keepPreviousData,
  QueryClient,
  useMutation,
  useQuery,
  useQueryClient,
  type UseQueryOptions,
  type UseQueryResult,
} from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { createContext, useContext } from 'react'
import type { z } from 'zod'
import type { Operations } from '../src/operations.ts'
import type { ErrorCode } from '../src/platform/errors.ts'
import { noteTopics, refetchTouched, touchedBy } from './topics.ts'

export class ApiError extends Error {
  readonly code: ErrorCode
  readonly details: Record<string, unknown> | undefined
  constructor(code: ErrorCode, message: string, details?: Record<string, unknown>) {
    super(message)
    this.name = 'ApiError'
    this.code = code
    this.details = details
  }
}

/** The operations by name; of their declarations the web takes the types alone. */
export type OperationName = keyof Operations
export type ReadName = { [N in OperationName]: Operations[N]['kind'] extends 'read' ? N : never }[OperationName]
export type WriteName = Exclude<OperationName, ReadName>
export type InputOf<N extends OperationName> = z.input<Operations[N]['input']>
export type OutputOf<N extends OperationName> = z.output<Operations[N]['output']>

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      retry: (count, error) => count < 2 && error instanceof ApiError && error.code === 'unavailable',
      refetchOnWindowFocus: false,
    },
  },
})

export async function send<T>(path: string, init?: RequestInit, heard?: (headers: Headers) => void): Promise<T> {
  const response = await fetch(path, init).catch(() => {
    throw new ApiError('unavailable', 'The server cannot be reached. Check that it runs, then try again.')
  })
  if (response.ok) {
    heard?.(response.headers)
    return (await response.json()) as T
  }
  const body = (await response.json().catch(() => null)) as {
    error?: { code: ErrorCode; message: string; details?: Record<string, unknown> }
    message?: string
  } | null
  throw new ApiError(
    body?.error?.code ?? 'outside',
    body?.error?.message ?? body?.message ?? `The server answered ${response.status}. Try again.`,
    body?.error?.details,
  )
}

const address = (name: OperationName, workspace: string | undefined, input?: unknown, ending = '') => {
  const query = new URLSearchParams()
  if (workspace) query.set('workspace', workspace)
  if (input !== undefined) query.set('input', JSON.stringify(input))
  return `/api/${name}${ending}?${query}`
}

const longestQuery = 4000

const post = <T>(name: OperationName, workspace: string | undefined, input: unknown): Promise<T> =>
  send(
    address(name, workspace),
    { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(input ?? {}) },
    (headers) => noteTopics(name, headers),
  )

export const read = <N extends ReadName>(
  name: N,
  workspace: string | undefined,
  input: InputOf<N>,
): Promise<OutputOf<N>> => {
  const url = address(name, workspace, input)
  return url.length > longestQuery
    ? post(name, workspace, input)
    : send(url, undefined, (headers) => noteTopics(name, headers))
}

export const write = <N extends WriteName>(
  name: N,
  workspace: string | undefined,
  input: InputOf<N>,
): Promise<OutputOf<N>> => post(name, workspace, input)

/** Where the same operation can be downloaded as CSV. */
export const csvAddress = <N extends ReadName>(name: N, workspace: string, input: InputOf<N>): string =>
  address(name, workspace, input, '.csv')

export const useWorkspace = (): string => useParams({ strict: false }).workspace ?? ''

/** A page inside a shared view asks nothing of its own: its answers were given with the view, and the server refuses the rest. */
export interface SharedFrame {
  id: string
  search: Record<string, unknown>
  answers: ReadonlyMap<string, unknown>
  /** The operation whose rows are granted, if they are. */
  accounts: string | null
  /** Whether those rows say who it is. */
  hasNames: boolean
  mayExport: boolean
  at: number
}
export const SharedFrameContext = createContext<SharedFrame | null>(null)
export const useSharedFrame = (): SharedFrame | null => useContext(SharedFrameContext)
export const useIsShared = (): boolean => useSharedFrame() !== null

/** How a read is asked where this component stands. */
export function useAsk(): <N extends ReadName>(name: N, input: InputOf<N>) => Promise<OutputOf<N>> {
  const frame = useSharedFrame()
  const workspace = useWorkspace() || undefined
  return async (name, input) => {
    if (!frame) return read(name, workspace, input)
    if (frame.answers.has(name)) return frame.answers.get(name) as never
    if (name !== frame.accounts) throw new ApiError('forbidden', 'This was not shared with you.')
    const { cursor, limit, ...choice } = input as Record<string, unknown>
    return send(address('insights.views.accounts', workspace, { id: frame.id, choice, cursor, limit }))
  }
}

/** Where a table can be downloaded, or nothing where that was not shared. */
export function useCsv(): <N extends ReadName>(name: N, input: InputOf<N>) => string | null {
  const frame = useSharedFrame()
  const workspace = useWorkspace()
  return (name, input) => {
    if (!frame) return csvAddress(name, workspace, input)
    if (!frame.mayExport || (name !== frame.accounts && !frame.answers.has(name))) return null
    return csvAddress(
      'insights.views.export',
      workspace,
      name === frame.accounts
        ? { id: frame.id, choice: input as Record<string, unknown> }
        : { id: frame.id, operation: name },
    )
  }
}

/** `useRead('jobs.list', {})`. Keys are [workspace, operation, input]. */
export function useRead<N extends ReadName>(
  name: N,
  input: InputOf<N>,
  options: { enabled?: boolean; keepPrevious?: boolean; refetchMs?: number } = {},
): UseQueryResult<OutputOf<N>, ApiError> {
  const workspace = useWorkspace()
  const frame = useSharedFrame()
  const ask = useAsk()
  const query: UseQueryOptions<OutputOf<N>, ApiError> = {
    queryKey: frame ? [workspace, name, input, frame.id, frame.at] : [workspace, name, input],
    queryFn: () => ask(name, input),
    enabled: options.enabled ?? true,
    refetchInterval: options.refetchMs,
  }
  // The library's own type of placeholderData cannot be resolved for an output that is still a parameter here.
  return useQuery(options.keepPrevious ? ({ ...query, placeholderData: keepPreviousData } as typeof query) : query)
}

/** After a write what rests on what it touched is asked again. */
export function useWrite<N extends WriteName>(name: N) {
  const workspace = useWorkspace()
  const client = useQueryClient()
  return useMutation<OutputOf<N>, ApiError, InputOf<N>>({
    mutationFn: (input) => write(name, workspace || undefined, input),
    onSuccess: () => refetchTouched(client, workspace, touchedBy(name)),
  })
}

export interface Uploaded {
  id: string
  name: string
  sizeBytes: number
}

/** Sends a file, telling how much of it has gone. */
export function upload(
  workspace: string,
  file: File,
  onProgress: (share: number) => void,
  signal?: AbortSignal,
): Promise<Uploaded> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', `/api/uploads?${new URLSearchParams({ workspace, name: file.name })}`)
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total)
    }
    request.onload = () => {
      const body = JSON.parse(request.responseText || '{}') as Uploaded & {
        error?: { code: ErrorCode; message: string }
      }
      if (request.status < 300) resolve(body)
      else
        reject(
          new ApiError(body.error?.code ?? 'outside', body.error?.message ?? `The server answered ${request.status}.`),
        )
    }
    request.onerror = () =>
      reject(new ApiError('unavailable', 'The upload broke off. Check the connection and drop the file again.'))
    signal?.addEventListener('abort', () => {
      request.abort()
      reject(new ApiError('precondition', 'The upload was stopped.'))
    })
    request.send(file)
  })
}
