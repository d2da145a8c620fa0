/** The pillar's tables in the operational store. */
import type { ColumnType, Generated, Kysely } from 'kysely'
import type { Db } from '../platform/db/database.ts'
import type { PlatformTables } from '../platform/db/tables.ts'

type Time = ColumnType<Date, Date, Date>
interface StoryTable {
  id: string
  workspace_id: string
  identity: string
  rule: string
  feature_id: string | null
  segment_by: string | null
  segment: string | null
  finding: ColumnType<unknown, string, string>
  weight: number
  month: string
  found_at: Time
  seen_at: Time
  holds: Generated<boolean>
  pinned_by: string | null
  assigned_to: string | null
  assigned_name: string | null
  dismissed_at: ColumnType<Date | null, Date | null | undefined, Date | null>
  dismissed_by: string | null
  dismissed_reason: string | null
  dismissed_low: number | null
  dismissed_high: number | null
  returned_at: ColumnType<Date | null, Date | null | undefined, Date | null>
  version: Generated<number>
}

interface FeatureDefinitionTable {
  id: string
  workspace_id: string
  feature_id: string
  version: number
  state: 'proposed' | 'approved' | 'withdrawn'
  valid_from: string | null
  unit: 'events' | 'users' | 'days'
  at_least: number
  window_kind: 'calendar' | 'rolling'
  window_length: number
  value_events: ColumnType<object | null, string | null, string | null>
  why: string
  proposed_by: string
  proposed_by_name: string
  proposed_at: Time
  decided_by: string | null
  decided_by_name: string | null
  decided_at: ColumnType<Date | null, Date | null | undefined, Date | null>
}
type Json = ColumnType<unknown, string, string>
interface ImportScheduleTable {
  id: string
  workspace_id: string
  name: string
  mapping_id: string | null
  mode: 'add' | 'replace-days'
  rejects: Json
  place: Json
  secret: string | null
  timing: Json
  next_at: ColumnType<Date | null, Date | null | undefined, Date | null>
  seen: ColumnType<unknown, string | undefined, string>
  looked_at: ColumnType<Date | null, Date | null | undefined, Date | null>
  looked: string | null
  version: Generated<number>
  created_by: string
  created_at: Time
  updated_at: Time
}
interface ImportRunTable {
  id: string
  nr: Generated<number>
  workspace_id: string
  schedule_id: string
  job_id: string | null
  asked_by: string | null
  started_at: Time
  finished_at: ColumnType<Date | null, Date | null | undefined, Date | null>
  outcome: 'imported' | 'nothing' | 'unchanged' | 'waiting' | 'stopped' | 'failed' | null
  message: string | null
  times: Generated<number>
}
interface ImportFileTable {
  id: string
  workspace_id: string
  schedule_id: string
  job_id: string
  name: string
  sha256: string
  size_bytes: number
  changed_ms: number | null
  etag: string | null
  last_modified: string | null
  upload_id: string | null
  state: 'taken' | 'imported' | 'refused' | 'skipped'
  batch_id: number | null
  books: ColumnType<unknown, string | null, string | null>
  problem: string | null
  at: Time
}

export type InsightsTables = {
  import_mapping: {
    id: string
    workspace_id: string
    dataset: string
    name: string
    mapping: ColumnType<unknown, string, string>
    header_signature: string
    version: Generated<number>
    updated_at: Time
  }
  feature: {
    id: string
    workspace_id: string
    name: string
    area: string | null
    is_core: Generated<boolean>
    released_on: string | null
    version: Generated<number>
    created_at: Time
    updated_at: Time
    removed_at: ColumnType<Date | null, Date | null | undefined, Date | null>
    owner: string | null
    entitled_plans: ColumnType<object | null, string | null | undefined, string | null>
  }
  feature_rule: {
    id: string
    workspace_id: string
    feature_id: string
    kind: 'exact' | 'prefix' | 'pattern'
    value: string
  }
  feature_definition: FeatureDefinitionTable
  story: StoryTable
  whitespace_list: {
    id: string
    workspace_id: string
    name: string
    month: string
    question: ColumnType<unknown, string, string>
    note: string | null
    created_by: string
    created_at: Time
    archived_at: ColumnType<Date | null, Date | null | undefined, Date | null>
  }
  whitespace_item: {
    id: string
    workspace_id: string
    list_id: string
    account_ext_id: string
    account_name: string
    feature_id: string
    feature_name: string
    segment: string
    owner: string | null
    owner_email: string | null
    arr_cents: number
    renewal_date: string | null
    last_use: string | null
  }
  whitespace_handover: {
    id: string
    workspace_id: string
    list_id: string
    job_id: string | null
    message_id: string | null
    way: 'csv' | 'mail' | 'webhook'
    target: string
    items: number
    outcome: 'queued' | 'sent' | 'failed' | 'held'
    error: string | null
    handed_by: string
    handed_at: Time
  }
  annotation: {
    id: string
    workspace_id: string
    kind: 'price-change' | 'outage' | 'tracking-break' | 'release' | 'other'
    from_day: string
    to_day: string | null
    note: string
    version: Generated<number>
    created_by: string
    created_at: Time
    updated_at: Time
  }
  story_note: { id: string; workspace_id: string; story_id: string; text: string; written_by: string; written_at: Time }
  account_link: {
    workspace_id: string
    source: string
    ext_id: string
    account_ext_id: string | null
    method: 'id' | 'domain' | 'name' | 'person'
    decided_by: string
    decided_at: Time
  }
  exclusion_rule: {
    id: string
    workspace_id: string
    field: string
    operator: 'is' | 'contains' | 'ends-with'
    value: string
    reason: 'internal' | 'test' | 'trial' | 'other'
    created_at: Time
  }
  insights_setting: {
    workspace_id: string
    primary_source: string | null
    revenue_book: string | null
    roll_up_to_parent: Generated<boolean>
    version: Generated<number>
  }
  association_run: {
    id: string
    workspace_id: string
    registered_at: Time
    spec: ColumnType<unknown, string, string>
    spec_hash: string
    is_exploratory: boolean
    result: ColumnType<unknown, string | null, string | null>
    finished_at: ColumnType<Date | null, Date | null, Date | null>
  }
  association_control: { workspace_id: string; feature_id: string }
  metric: {
    id: string
    workspace_id: string
    ref: Json
    ref_key: string
    version: Generated<number>
    created_by: string
    created_at: Time
    updated_at: Time
  }
  metric_target: {
    id: string
    workspace_id: string
    metric_id: string
    month: string
    value: number
    direction: 'at-least' | 'at-most'
  }
  metric_threshold: {
    id: string
    workspace_id: string
    metric_id: string
    kind: 'above' | 'below' | 'moved'
    value: number
  }
  metric_alert: {
    id: string
    workspace_id: string
    metric_id: string
    kind: 'above' | 'below' | 'moved'
    threshold: number
    month: string
    value: number
    prior: number | null
    raised_at: Time
    ended_at: ColumnType<Date | null, Date | null | undefined, Date | null>
    acknowledged_by: string | null
    acknowledged_at: ColumnType<Date | null, Date | null | undefined, Date | null>
    note: string | null
  }
  objective: {
    id: string
    workspace_id: string
    title: string
    owner: string
    from_month: string
    to_month: string
    version: Generated<number>
    created_by: string
    created_at: Time
    updated_at: Time
  }
  key_result: {
    id: string
    workspace_id: string
    objective_id: string
    place: number
    ref: Json
    start_month: string
    start_value: number
    target_month: string
    target_value: number
  }
  figure_run: { workspace_id: string; ref_key: string; stamp: string; points: Json }
  import_schedule: ImportScheduleTable
  import_run: ImportRunTable
  import_file: ImportFileTable
  data_expectation: {
    workspace_id: string
    dataset: string
    days: Json
    at: string
    time_zone: string
    since: Time
    set_by: string
  }
  data_finding: {
    id: string
    workspace_id: string
    identity: string
    kind: string
    text: string
    address: string
    found_at: Time
    seen_at: Time
    ended_at: ColumnType<Date | null, Date | null | undefined, Date | null>
    acknowledged_by: string | null
    acknowledged_at: ColumnType<Date | null, Date | null | undefined, Date | null>
    note: string | null
  }
  book_standing: { workspace_id: string; batch_id: number; accounts: number; arr_cents: number; seen_at: Time }
  published_value: {
    id: string
    workspace_id: string
    ref: Json
    ref_key: string
    title: string
    month: string
    value: number
    low: number | null
    high: number | null
    base: number
    mark: string
    currency: string
    made_of: Json
    via: 'publish' | 'link' | 'mail' | 'deck'
    place: string
    published_by: string
    published_at: Time
  }
  out_setting: {
    workspace_id: string
    mode: 'off' | 'after-refresh' | 'daily'
    daily_at: string
    segment_bys: Json
    set_by: string | null
    last_due: string | null
    written_at: ColumnType<Date | null, Date | null | undefined, Date | null>
    written_rows: number | null
    first_month: string | null
    last_month: string | null
    data_to: string | null
    version: Generated<number>
  }
}

export const insights = (db: Db): Kysely<PlatformTables & InsightsTables> => db.withTables<InsightsTables>()
