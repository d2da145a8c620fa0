/** Who is signed in, and what their role allows; the server decides, the menus only follow. */
import { useQuery } from '@tanstack/react-query'
import type { Permission } from '../src/platform/auth/permissions.ts'
import { queryClient, read, send, useSharedFrame, useWorkspace, type OutputOf } from './api.ts'

export type Session = OutputOf<'session.get'>
export const sessionKey = ['session']
export const readSession = (): Promise<Session> => read('session.get', undefined, {})

export function useSession(): Session | undefined {
  return useQuery({ queryKey: sessionKey, queryFn: readSession, staleTime: 60_000 }).data
}

export function useHere(): Session['workspaces'][number] | undefined {
  const slug = useWorkspace()
  return useSession()?.workspaces.find((w) => w.slug === slug)
}

/** Inside a shared view nobody may more than it grants, whatever their role. */
export function useMay(permission: Permission): boolean {
  const frame = useSharedFrame()
  const here = useHere()
  if (frame) return permission === 'insights:accounts' && frame.accounts !== null
  return here?.permissions.includes(permission) ?? false
}

export const useCurrency = (): string => useHere()?.currency ?? 'EUR'

export async function signOut(): Promise<void> {
  await send('/api/auth/sign-out', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  }).catch(() => undefined)
  queryClient.clear()
  window.location.assign('/sign-in')
}
