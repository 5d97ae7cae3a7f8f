// Machines in the browser tests: what they do with the credential file that a browser saved.
import { spawn, spawnSync } from 'node:child_process'
import { createPrivateKey, randomUUID, sign } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { activateOne, client, expect, type Page, type Portal } from './portal.ts'

interface CredentialFile {
  format: string
  portal: string
  container: string
  name: string
  key_id: string
  private_key: string
}

const text = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A machine that has nothing but the file. */
export class Machine {
  private token = ''

  constructor(
    private readonly url: string,
    private readonly file: CredentialFile,
  ) {}

  /** The status of asking for a token: RFC 7523, signed with the key of the file. */
  async login(): Promise<number> {
    const now = Math.floor(Date.now() / 1000)
    const claims = { iss: this.file.key_id, sub: this.file.key_id, aud: `${this.file.portal}/oauth/token`, iat: now, exp: now + 60, jti: randomUUID() }
    const signed = `${text({ alg: 'EdDSA', kid: this.file.key_id, typ: 'JWT' })}.${text(claims)}`
    const signature = sign(null, Buffer.from(signed), createPrivateKey(this.file.private_key)).toString('base64url')
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: `${signed}.${signature}`,
    })
    const answer = await fetch(`${this.url}/oauth/token`, { method: 'POST', body })
    if (answer.ok) this.token = ((await answer.json()) as { access_token: string }).access_token
    return answer.status
  }

  async ask(method: string, path: string, body?: object): Promise<{ status: number; body: Record<string, unknown> }> {
    const answer = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json', 'idempotency-key': randomUUID() },
      body: body === undefined ? null : JSON.stringify(body),
    })
    return { status: answer.status, body: (await answer.json().catch(() => ({}))) as Record<string, unknown> }
  }
}

/** Presses the button, and yields the name and the contents of the file that the browser keeps. */
export async function downloaded(page: Page, button: string): Promise<{ name: string; path: string; file: CredentialFile }> {
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: button }).click()
  const saved = await download
  const path = await saved.path()
  return { name: saved.suggestedFilename(), path, file: JSON.parse(readFileSync(path, 'utf8')) as CredentialFile }
}

/** A container of whoever is logged in, with one licence in it; the page shows it. Yields its address. */
export async function containerWithLicence(page: Page, portal: Portal, name = 'Build machines', kind?: string): Promise<string> {
  await page.goto('/containers/new')
  await portal.ready(page)
  await page.getByRole('textbox', { name: 'Name' }).fill(name)
  if (kind !== undefined) await page.getByRole('combobox', { name: 'Kind' }).selectOption({ label: kind })
  await page.getByRole('button', { name: 'Create', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible()
  const container = page.url()
  await activateOne(page, portal)
  await page.goto(container)
  await portal.ready(page)
  return container
}

/** A program under a licence, by the headless client. */
export class Program {
  readonly process
  output = ''

  constructor(credential: string, ...options: string[]) {
    const program = ['sh', '-c', 'echo under a licence of $LICENSE_PRODUCT; exec sleep 20']
    this.process = spawn(client, ['run', 'ST-PRO', ...options, '--', ...program], {
      env: { ...process.env, LICENSE_CREDENTIAL: credential },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    for (const stream of [this.process.stdout, this.process.stderr]) stream.on('data', (text) => (this.output += String(text)))
  }

  async waits() {
    await expect.poll(() => this.output, { timeout: 15_000 }).toContain('waiting')
  }

  async runs() {
    await expect.poll(() => this.output, { timeout: 15_000 }).toContain('under a licence of ST-PRO')
  }

  async code(): Promise<number | null> {
    if (this.process.exitCode === null) await once(this.process, 'exit')
    return this.process.exitCode
  }
}

/** A machine that no network reaches: it has files, and the headless client. */
export class Lab {
  private readonly folder = mkdtempSync(join(tmpdir(), 'license-portal-lab-'))

  path(name: string): string {
    return join(this.folder, name)
  }

  /** Runs the client; yields its exit code and all that it said. */
  run(...words: string[]): { code: number | null; said: string } {
    const done = spawnSync(client, words, { env: { PATH: process.env.PATH, LICENSE_DEVICE: this.path('device.json') }, encoding: 'utf8' })
    return { code: done.status, said: done.stdout + done.stderr }
  }

  request(...options: string[]) {
    const { code, said } = this.run('request', '--hardware', 'lab machine 7', '--out', this.path('request.jwt'), ...options)
    expect(code, said).toBe(0)
  }

  update(): string {
    const { code, said } = this.run('update', this.path('update.jwt'), '--receipt', this.path('receipt.jwt'))
    expect(code, said).toBe(0)
    return said
  }

  remove() {
    rmSync(this.folder, { recursive: true })
  }
}
