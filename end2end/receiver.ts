// Whoever receives what webhooks send: takes it, or answers as it is told to.
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Message {
  headers: IncomingHttpHeaders
  body: string
}

export class Receiver {
  /** What came, in its order. */
  readonly messages: Message[] = []
  /** What is answered. */
  status = 204
  private readonly server = createServer((request, response) => {
    let body = ''
    request.on('data', (part) => (body += String(part)))
    request.on('end', () => {
      this.messages.push({ headers: request.headers, body })
      response.writeHead(this.status).end()
    })
  })

  static async start(): Promise<Receiver> {
    const receiver = new Receiver()
    receiver.server.listen(0, '127.0.0.1')
    await once(receiver.server, 'listening')
    return receiver
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/hook`
  }

  stop() {
    this.server.close()
  }
}
