/** The button to the sign-on provider, for pages with and without the product's cache. */
import { Button } from '@mantine/core'

export const signOnAddress = (to: string): string => `/api/auth/sign-on?${new URLSearchParams({ to })}`

export function SignOnButton({ verb, name, to, isOnly }: { verb: string; name: string; to: string; isOnly: boolean }) {
  return (
    <>
      <Button component="a" href={signOnAddress(to)} fullWidth mt="lg" variant={isOnly ? 'filled' : 'default'}>
        {verb} {name}
      </Button>
      {isOnly ? null : <p className="joining-or">or by a password</p>}
    </>
  )
}
