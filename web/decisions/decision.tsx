/** One decision: a form while it is a draft, a memo once it is decided. */
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useRead } from '../api.ts'
import { useMay } from '../session.ts'
import { Page } from '../ui/page.tsx'
import { Await, Remark } from '../ui/states.tsx'
import { DraftForm } from './draft-form.tsx'
import { Memo } from './memo.tsx'
import './decisions.css'

export function DecisionPage() {
  const id = useParams({ strict: false }).id ?? 'new'
  const isNew = id === 'new'
  const mayPrepare = useMay('decisions:prepare')
  const decision = useRead('decisions.get', { id }, { enabled: !isNew })
  const isDraft = isNew || decision.data?.state === 'draft'
  // The first save of a new draft gives it its address; the form stays as it is then.
  const [form, setForm] = useState({ id, key: id })
  if (form.id !== id) setForm({ id, key: form.id === 'new' ? form.key : id })
  if (isDraft && mayPrepare) return <DraftForm key={form.key} stored={decision.data ?? null} />
  if (isNew)
    return (
      <Page title="Prepare a decision">
        <Remark>Your role reads decisions. Admins, Product Ops and product managers prepare them.</Remark>
      </Page>
    )
  return decision.data ? (
    <Memo decision={decision.data} />
  ) : (
    <Page title="Decision">
      <Await query={decision}>{() => null}</Await>
    </Page>
  )
}
