/** An address at which there is nothing. */
import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { Page } from '../ui/page.tsx'
import { Empty } from '../ui/states.tsx'

/** @param home where to go on from here */
export const Nowhere = ({ home }: { home: string }) => (
  <Page title="There is no such page">
    <div className="page-body">
      <Empty
        title="Nothing is here"
        action={
          <Button component={Link} to={home}>
            Go to the start
          </Button>
        }
      >
        The address may be mistyped, or what it named was removed.
      </Empty>
    </div>
  </Page>
)
