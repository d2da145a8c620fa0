import { things } from './things.ts'
import { wins } from './wins.ts'
import { room } from '../platform/rooms/room.ts'
import {
  listRequestsOperation,
  searchRequests,
  askRequest,
  answerRequest,
  assignRequest,
  closeRequest,
  reopenRequest,
  readRequestFigures,
  listAnswerersOperation,
} from './operations.ts'

/** The request desk. */
export const requests = room({
  name: 'requests',
  operations: [
    listRequestsOperation,
    searchRequests,
    askRequest,
    answerRequest,
    assignRequest,
    closeRequest,
    reopenRequest,
    readRequestFigures,
    listAnswerersOperation,
  ],
  things,
  wins,
})
