/** In place of a page that is not for this role: what can be done instead. */
import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useWorkspace } from '../../api.ts'
import { useMay } from '../../session.ts'
import { Page, Section } from '../../ui/page.tsx'
import { Empty } from '../../ui/states.tsx'

export function NotShared({ label }: { label: string | undefined }) {
  const workspace = useWorkspace()
  const isInside = useMay('insights:read')
  if (isInside)
    return (
      <Page title={label ?? 'This page'}>
        <Section title="Not for your role">
          <Empty title="This page is not for your role">
            An admin of the workspace can open it, or change your role.
          </Empty>
        </Section>
      </Page>
    )
  return (
    <Page title={label ?? 'This page'}>
      <Section title="Not shared with you">
        <Empty
          title="This page was not shared with you"
          action={
            <Button component={Link} to={`/w/${workspace}/shared`}>
              What was shared with me
            </Button>
          }
        >
          Your role sees the pages that somebody shared with you. Ask at the request desk, or ask who sent you the link
          to share it.
        </Empty>
      </Section>
    </Page>
  )
}
