/** Waves of the listening tour, the questions of one, and what an answer holds. */
import { z } from 'zod'
import { Day, Id, VersionNumber } from '../../platform/field-types.ts'
import { audiences, frictions } from '../taxonomy.ts'

export const Audience = z.enum(audiences)
export const WaveState = z.enum(['draft', 'open', 'closed'])
const codes = frictions.map((f) => f.code) as [string, ...string[]]
export const FrictionCode = z.enum(codes)

/** A text that somebody writes at length; more is said to be too long, and stays where it was written. */
export const longestText = 2000
export const Words = z.string().trim().max(longestText)
const Key = z.string().regex(/^[a-z0-9-]{1,40}$/)

export const Question = z.object({
  id: Key,
  kind: z.enum(['frictions', 'share', 'scale', 'choice', 'area', 'text']),
  text: z.string().trim().min(3).max(300),
  help: z.string().trim().max(300).default(''),
  options: z
    .array(z.string().trim().min(1).max(80))
    .max(20)
    .default([])
    .describe('of a choice, of areas; the two ends of a scale'),
  isNeeded: z.boolean().default(false),
})
export type Question = z.infer<typeof Question>
export const Questions = z.array(Question).min(1).max(14)

export const often = ['daily', 'weekly', 'monthly', 'quarterly'] as const
export const lacks = ['system', 'skill', 'both', 'unsure'] as const
export const FrictionEntry = z.object({
  code: FrictionCode.nullable().describe('as the person chose it; null where only their words say it'),
  words: z.string().trim().max(300).default(''),
  often: z.enum(often),
  hours: z.number().min(0.1).max(60).describe('each time'),
  system: z.string().trim().max(80).default(''),
  waiting: z.int().min(0).max(1000).default(0).describe('how many others wait for it'),
  delayed: Words.default('').describe('which decision it delayed'),
  lack: z.enum(lacks).default('unsure'),
})
export type FrictionEntry = z.infer<typeof FrictionEntry>

export const AnswerContent = z.object({
  values: z
    .array(
      z.object({
        question: Key,
        value: z.union([z.number().min(0).max(100), Words, z.array(FrictionEntry).max(3)]),
      }),
    )
    .max(14),
  mayQuote: z.boolean().default(false),
})
export type AnswerContent = z.infer<typeof AnswerContent>

export const PlaybackItem = z.object({
  said: z.string().trim().min(3).max(500),
  answer: z.enum(['will', 'will-not', 'later']),
  what: z.string().trim().min(3).max(500).describe('what will be done, or why it will not'),
})
export const Playback = z.array(PlaybackItem).max(20)
export type PlaybackItem = z.infer<typeof PlaybackItem>

export const Wave = z.object({
  id: z.string(),
  title: z.string(),
  audience: Audience,
  state: WaveState,
  note: z.string(),
  questions: z.array(Question),
  groupOf: z.int(),
  closesOn: z.string(),
  openedAt: z.string().nullable(),
  closedAt: z.string().nullable(),
  invited: z.int(),
  answered: z.int().describe('counted in groups; who is in a group that is not full yet does not count'),
  leftOver: z.int().nullable().describe('answers at the end that were too few for a group; nobody has read them'),
  promise: z.array(z.string()),
  playback: z.array(PlaybackItem).nullable(),
  playbackAt: z.string().nullable(),
  version: z.int(),
})
export type Wave = z.infer<typeof Wave>

export const WaveDraft = z.object({
  title: z.string().trim().min(3).max(120),
  audience: Audience,
  note: z.string().trim().max(600).default(''),
  questions: Questions,
  groupOf: z.int().min(3).max(50).default(5),
  closesOn: Day,
})
export const Known = z.object({ id: Id, version: VersionNumber.describe('as it was read; a stale one is refused') })
