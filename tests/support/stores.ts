/** The stores that every database test runs on: the embedded one, and a real PostgreSQL server where its programs are. */
import { inject } from 'vitest'
import pg from 'pg'
import { newId } from '../../src/platform/ids.ts'
import { openStore, type Store } from '../../src/platform/db/open.ts'

interface TestStore {
  name: string
  skip: string | null
  open: () => Promise<Store>
}

const { socket, missing } = inject('postgres')

export async function newDatabase(): Promise<string> {
  const name = `test_${newId().replaceAll('-', '')}`
  const admin = new pg.Client({ host: socket!, user: 'postgres', database: 'postgres' })
  await admin.connect()
  await admin.query(`create database ${name}`)
  await admin.end()
  return `postgresql://postgres@/${name}?host=${encodeURIComponent(socket!)}`
}

export const stores: TestStore[] = [
  { name: 'embedded', skip: null, open: () => openStore({ dataDir: null }) },
  { name: 'PostgreSQL', skip: missing, open: async () => openStore({ url: await newDatabase() }) },
]
