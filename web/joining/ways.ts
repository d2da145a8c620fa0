import { useQuery } from '@tanstack/react-query'
import { read, type OutputOf } from '../api.ts'

/** By which ways people sign in here, as the operator has set it. */
export const useWays = (): OutputOf<'session.ways'> | undefined =>
  useQuery({ queryKey: ['ways'], queryFn: () => read('session.ways', undefined, {}), staleTime: 600_000 }).data

/** Only a path of our own is gone to after signing in: also once its dots are worked out, `/.//` begins another host. */
export const safePath = (text: string | null): string =>
  text && /^\/(?!\/)[^\\\p{Cc}]*$/u.test(text) && !new URL(text, 'http://localhost').pathname.startsWith('//')
    ? text
    : '/'
