/** What cannot be read as a request at all never reaches the app; it is answered in words all the same. */
import type { Socket } from 'node:net'
import type { ErrorBody } from './errors.ts'

interface Listening {
  on(event: 'clientError', heard: (error: NodeJS.ErrnoException, socket: Socket) => void): unknown
}

export function answerUnreadable(server: Listening): void {
  server.on('clientError', (error, socket) => {
    if (!socket.writable || error.code === 'ECONNRESET') {
      socket.destroy()
      return
    }
    const isLong = error.code === 'HPE_HEADER_OVERFLOW'
    const body: ErrorBody = {
      error: isLong
        ? {
            code: 'limit',
            message:
              'The address or the headers are longer than 64 KB. Send what is asked as the body of a POST instead.',
          }
        : { code: 'invalid', message: 'This is no HTTP request that can be read.' },
    }
    const text = JSON.stringify(body)
    socket.end(
      [
        `HTTP/1.1 ${isLong ? '431 Request Header Fields Too Large' : '400 Bad Request'}`,
        'content-type: application/json',
        `content-length: ${Buffer.byteLength(text)}`,
        'connection: close',
        '',
        text,
      ].join('\r\n'),
    )
  })
}
