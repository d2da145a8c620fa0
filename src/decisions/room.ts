import { things } from './things.ts'
import { room } from '../platform/rooms/room.ts'
import {
  listDecisionsOperation,
  getDecision,
  readEffectsOperation,
  decisionOptions,
  readMeasureNow,
  draftDecision,
  updateDecisionOperation,
  decideOperation,
  revisitDecision,
  withdrawDecision,
} from './operations.ts'

/** The log of decisions. */
export const decisions = room({
  name: 'decisions',
  operations: [
    listDecisionsOperation,
    getDecision,
    readEffectsOperation,
    decisionOptions,
    readMeasureNow,
    draftDecision,
    updateDecisionOperation,
    decideOperation,
    revisitDecision,
    withdrawDecision,
  ],
  things,
})
