/** Shared views as a table: what, by whom, with whom, and what they grant. */
import { Button, Modal } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Grants, ViewSummary } from '../../../src/sharing/schemas.ts'
import { useWorkspace, useWrite } from '../../api.ts'
import { useMay } from '../../session.ts'
import { moment } from '../../ui/format.ts'
import { Failed } from '../../ui/states.tsx'
import { Table, type Column } from '../../ui/table.tsx'
import { audienceOf, ShareForm } from './share-form.tsx'
import { SharedLink } from './shared-link.tsx'
import './views.css'

export const grantWords = (g: Grants): string =>
  [
    'rates and sums',
    g.names ? 'accounts by name' : g.accounts ? 'accounts without names' : null,
    g.export ? 'tables and pictures as files' : null,
  ]
    .filter(Boolean)
    .join(', ')
const withWhom = (v: ViewSummary) =>
  [v.forStakeholders ? 'all stakeholders' : null, ...v.people.map((p) => p.name)].filter(Boolean).join(', ')

export function ViewList({ rows }: { rows: readonly ViewSummary[] }) {
  const workspace = useWorkspace()
  const mayShare = useMay('insights:curate')
  const [changing, setChanging] = useState<ViewSummary | null>(null)
  const columns: Column<ViewSummary>[] = [
    {
      key: 'title',
      title: 'View',
      by: (v) => v.title.toLowerCase(),
      render: (v) => (
        <span className="wraps-cell">
          <Link to="/w/$workspace/shared/$id" params={{ workspace, id: v.id }}>
            {v.title}
          </Link>
          {v.note ? <span className="small soft view-note">{v.note}</span> : null}
        </span>
      ),
    },
    {
      key: 'question',
      title: 'It answers',
      by: (v) => v.question,
      render: (v) => <span className="wraps-cell">{v.question}</span>,
    },
    { key: 'by', title: 'Shared by', by: (v) => v.sharedBy, render: (v) => v.sharedBy },
    { key: 'at', title: 'On', by: (v) => v.sharedAt, render: (v) => moment(v.sharedAt), isNumber: true },
    { key: 'grants', title: 'Shows', render: (v) => <span className="wraps-cell">{grantWords(v.grants)}</span> },
    ...(mayShare
      ? [
          {
            key: 'with',
            title: 'With',
            render: (v: ViewSummary) =>
              v.mayChange ? <span className="wraps-cell">{withWhom(v)}</span> : <span className="faint">–</span>,
          },
          {
            key: 'change',
            title: <span className="visually-hidden">Change</span>,
            render: (v: ViewSummary) =>
              v.mayChange ? (
                <Button
                  size="compact-xs"
                  variant="default"
                  onClick={() => setChanging(v)}
                  aria-label={`Change ${v.title}`}
                >
                  Change
                </Button>
              ) : null,
          },
        ]
      : []),
  ]
  return (
    <>
      <Table label="Shared views" columns={columns} rows={rows} keyOf={(v) => v.id} />
      <Modal
        opened={changing !== null}
        onClose={() => setChanging(null)}
        size="lg"
        title={<span className="drawer-title">{changing?.title}</span>}
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        {changing ? <Change key={changing.version} view={changing} onClose={() => setChanging(null)} /> : null}
      </Modal>
    </>
  )
}

function Change({ view, onClose }: { view: ViewSummary; onClose: () => void }) {
  const update = useWrite('insights.views.update')
  const unshare = useWrite('insights.views.unshare')
  return (
    <>
      <SharedLink link={view.link} />
      <ShareForm
        start={audienceOf(view)}
        lead="What is taken away is refused from now on."
        verb="Save"
        error={update.error}
        isPending={update.isPending}
        onSave={(audience) =>
          update.mutate({ id: view.id, version: view.version, ...audience }, { onSuccess: onClose })
        }
      />
      <div className="share-back">
        {unshare.error ? <Failed error={unshare.error} /> : null}
        <Button
          variant="light"
          color="red"
          loading={unshare.isPending}
          onClick={() => unshare.mutate({ id: view.id }, { onSuccess: onClose })}
        >
          Take it back
        </Button>
        <span className="small faint">Its link shows nothing from then on, for anybody.</span>
      </div>
    </>
  )
}
