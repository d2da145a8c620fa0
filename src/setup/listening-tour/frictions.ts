/** The friction map: what was said of each friction, as hours a week of everybody who was asked. */
import type { Audience, Pillar } from '../taxonomy.ts'
import { frictionOf } from '../taxonomy.ts'
import { codeOf, entriesOf, hoursAWeek, valueOf } from './answers.ts'
import { totalOf } from './estimates.ts'
import type { AnswerContent, FrictionEntry } from './schemas.ts'

/** One who was heard, by answer or by interview. */
export interface Voice {
  entries: readonly { entry: FrictionEntry; code: string }[]
  area: string | null
}

export const voiceOf = (
  content: AnswerContent,
  codes: ReadonlyMap<number, { code: string }>,
  areaQuestion: string | null,
): Voice => {
  const area = areaQuestion === null ? undefined : valueOf(content, areaQuestion)
  return {
    entries: entriesOf(content).map((entry, i) => ({ entry, code: codeOf(entry, codes.get(i)?.code) })),
    area: typeof area === 'string' && area !== '' ? area : null,
  }
}

export interface FrictionFound {
  code: string
  pillar: Pillar | null
  audience: Audience
  people: number
  hoursPerWeek: number
  low: number
  high: number
  /** How many of them say that a skill is missing, alone or too. */
  lacksSkill: number
  /** Others who wait for it, added up as they were told. */
  waiting: number
  systems: { name: string; people: number }[]
  areas: { name: string; people: number }[]
}

/** Fewer are not told apart: `fewer than 3` of an area or a system. */
export const fewestTold = 3

/**
 * @param population how many were asked; who did not answer is taken to be like those who did
 * @param areas those that may be shown, none while the wave is open
 * @returns the most hours first
 */
export function frictionMap(
  voices: readonly Voice[],
  of: { audience: Audience; population: number; areas: ReadonlySet<string> },
): FrictionFound[] {
  const named = Map.groupBy(
    voices.flatMap((voice) => [...new Set(voice.entries.map((e) => e.code))]),
    (code) => code,
  )
  // Named by one or two, it would say what one person said: it counts as something else.
  const told = (code: string) => ((named.get(code)?.length ?? 0) < fewestTold ? 'other' : code)
  const said = voices.flatMap((voice) =>
    [...Map.groupBy(voice.entries, (e) => told(e.code))].map(([code, entries]) => ({
      code,
      area: voice.area,
      entries: entries.map((e) => e.entry),
    })),
  )
  return [...Map.groupBy(said, (s) => s.code)]
    .map(([code, some]) => {
      const total = totalOf(
        some.map((s) => s.entries.reduce((sum, e) => sum + hoursAWeek(e), 0)),
        voices.length,
        of.population,
      )
      return {
        code,
        pillar: frictionOf(code).pillar,
        audience: of.audience,
        people: some.length,
        hoursPerWeek: total.value,
        low: total.low,
        high: total.high,
        lacksSkill:
          some.length < fewestTold
            ? 0
            : some.filter((s) => s.entries.some((e) => e.lack === 'skill' || e.lack === 'both')).length,
        waiting:
          some.length < fewestTold
            ? 0
            : some.reduce((sum, s) => sum + s.entries.reduce((all, e) => all + e.waiting, 0), 0),
        systems: counted(some.map((s) => s.entries.map((e) => e.system))),
        areas: counted(some.map((s) => (s.area !== null && of.areas.has(s.area) ? [s.area] : []))),
      }
    })
    .sort((a, b) => b.hoursPerWeek - a.hoursPerWeek || a.code.localeCompare(b.code))
}

/** By how many people each was named, whatever its case; those of few are left out. */
function counted(named: readonly (readonly string[])[]): { name: string; people: number }[] {
  const people = new Map<string, { name: string; people: number }>()
  for (const own of named)
    for (const [key, name] of new Map(own.filter(Boolean).map((n) => [n.toLowerCase(), n]))) {
      const known = people.get(key)
      people.set(key, { name: known?.name ?? name, people: (known?.people ?? 0) + 1 })
    }
  return [...people.values()].filter((s) => s.people >= fewestTold).sort((a, b) => b.people - a.people)
}
