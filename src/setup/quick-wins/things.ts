import { z } from 'zod'
import { addresses } from '../../platform/rooms/addresses.ts'
import { addressOf, bestMatches, type Thing, type ThingKind } from '../../platform/rooms/thing.ts'
import { quickWinRecords, type StoredQuickWin } from './queries.ts'
import { stateOf } from './rules.ts'

const thingOf = (win: StoredQuickWin): Thing => ({
  id: win.id,
  title: win.title,
  address: addressOf(`${addresses.quickWin}/${win.id}`),
  detail: stateOf(win),
})

const quickWin: ThingKind = {
  kind: 'quick-win',
  many: 'Quick wins',
  may: 'setup:read',
  find: async ({ db, scope }, ids) => {
    const known = ids.filter((id) => z.uuid().safeParse(id).success)
    if (known.length === 0) return []
    return (await quickWinRecords.list(db, scope, (all) => all.where('id', 'in', known))).map(thingOf)
  },
  search: async ({ db, scope }, words, limit) =>
    bestMatches((await quickWinRecords.list(db, scope)).map(thingOf), words, limit),
}

export const things: readonly ThingKind[] = [quickWin]
