// S10, S11, N8: credential files of a container, and what a machine can do with one.
import { spawn } from 'node:child_process'
import { createPrivateKey, randomUUID, sign } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { client, expect, expectAccessible, rowOf, test, type Page, type Portal } from './portal.ts'

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
class Machine {
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
async function downloaded(page: Page, button: string): Promise<{ name: string; path: string; file: CredentialFile }> {
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: button }).click()
  const saved = await download
  const path = await saved.path()
  return { name: saved.suggestedFilename(), path, file: JSON.parse(readFileSync(path, 'utf8')) as CredentialFile }
}

/** A container of somebody with one licence in it; the page shows it. Yields its address. */
async function containerWithLicence(page: Page, portal: Portal): Promise<string> {
  await page.goto('/containers/new')
  await portal.ready(page)
  await page.getByRole('textbox', { name: 'Name' }).fill('Build machines')
  await page.getByRole('button', { name: 'New container' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Build machines' })).toBeVisible()
  const container = page.url()
  await page.goto('/tickets/all')
  await rowOf(page, '10 × Studio Professional').getByRole('link', { name: /^[0-9A-Z]{5}-/ }).click()
  await page.getByRole('button', { name: 'Activate: Studio Professional' }).click()
  await expect(page.getByText('1 of 10 activated')).toBeVisible()
  await page.goto(container)
  await portal.ready(page)
  return container
}

/** A program under a licence, by the headless client. */
class Program {
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

  async runs() {
    await expect.poll(() => this.output, { timeout: 15_000 }).toContain('under a licence of ST-PRO')
  }

  async code(): Promise<number | null> {
    if (this.process.exitCode === null) await once(this.process, 'exit')
    return this.process.exitCode
  }
}

test('27: a credential file is issued once, works, and ends with a reset', async ({ page, portal, browser }) => {
  test.setTimeout(90_000)
  await portal.desk(page, 'user-1.1.1')
  const container = await containerWithLicence(page, portal)
  await expect(page.getByText('There are no credentials yet.')).toBeVisible()
  const issue = page.getByRole('region', { name: 'Credentials' })
  await issue.getByRole('textbox', { name: 'Label' }).fill('ci 1')
  const { name, file } = await downloaded(page, 'Issue and download')
  expect(name).toMatch(/^Build machines-ci 1\.credential\.json$/)
  expect(file).toMatchObject({ format: 'license-portal/credential@1', name: 'Build machines / ci 1' })
  const credential = page.getByRole('row', { name: /^ci 1/ })
  await expect(credential, 'without loading the page again').toContainText('active')
  await expectAccessible(page)
  await page.reload()
  expect(await page.content(), 'neither issued again nor shown').not.toContain('PRIVATE KEY')
  await expect(page.getByRole('row', { name: /^ci 1/ })).toHaveCount(1)

  const machine = new Machine(portal.url, file)
  expect(await machine.login()).toBe(200)
  const lease = await machine.ask('POST', '/leases', { product: 'ST-PRO', holder: 'runner-1' })
  expect(lease).toMatchObject({ status: 201, body: { article: 'ST-PRO', holder: 'runner-1' } })
  expect(await machine.ask('POST', '/leases', { product: 'ST-PRO', holder: 'runner-2' })).toMatchObject({ status: 409 })
  expect(await machine.ask('POST', `/leases/${String(lease.body.id)}/renew`)).toMatchObject({ status: 200 })

  await test.step('an admin of the group resets the credentials', async () => {
    const { page: admin } = await portal.other(browser, 'admin-1.1.1')
    await admin.goto(container)
    await expect(admin.getByRole('row', { name: /^ci 1/ })).toContainText('active')
    await admin.getByRole('button', { name: 'Reset credentials', exact: true }).click()
    await expect(admin.getByRole('row', { name: /^ci 1/ })).toContainText('revoked')
  })
  expect(await machine.ask('POST', `/leases/${String(lease.body.id)}/renew`), 'the very next request').toMatchObject({ status: 401 })
  expect(await machine.login()).toBe(401)
})

test('27: a credential is replaced with an overlap, disabled, and then revoked', async ({ page, portal }) => {
  await portal.desk(page, 'user-1.1.1')
  await page.goto('/containers/new')
  await portal.ready(page)
  await page.getByRole('textbox', { name: 'Name' }).fill('Build machines')
  await page.getByRole('button', { name: 'New container' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Build machines' })).toBeVisible()
  await portal.ready(page)
  await page.getByRole('region', { name: 'Credentials' }).getByRole('textbox', { name: 'Label' }).fill('old')
  const old = new Machine(portal.url, (await downloaded(page, 'Issue and download')).file)
  const row = page.getByRole('row', { name: /^old/ })
  await row.getByText('Replace, revoke').click()
  const fresh = new Machine(portal.url, (await downloaded(page, 'Replace and download: old')).file)
  expect([await old.login(), await fresh.login()]).toEqual([200, 200])
  await expect(page.getByRole('row', { name: /^old/ })).toHaveCount(2)
  const first = page.getByRole('row', { name: /^old/ }).last()
  await first.getByRole('button', { name: 'Disable: old' }).click()
  await expect(page.getByText('disabled', { exact: true })).toBeVisible()
  const enabled = [await old.login(), await fresh.login()]
  expect(enabled.sort()).toEqual([200, 401])
  const disabled = page.getByRole('row', { name: /disabled/ })
  await disabled.getByText('Replace, revoke').click()
  await disabled.getByRole('button', { name: 'Revoke: old' }).click()
  await expect(page.getByText('revoked', { exact: true })).toBeVisible()
})

test('N9: a program runs under a licence until an admin resets the credentials', async ({ page, portal, browser }) => {
  test.setTimeout(90_000)
  await portal.desk(page, 'user-1.1.1')
  const container = await containerWithLicence(page, portal)
  await page.getByRole('region', { name: 'Credentials' }).getByRole('textbox', { name: 'Label' }).fill('ci 1')
  const { path } = await downloaded(page, 'Issue and download')

  const first = new Program(path)
  await first.runs()
  const second = new Program(path)
  expect(await second.code(), 'none is free').toBe(75)
  // The first one is gone without a word: its lease ends by itself, and the one that waits gets the place.
  const third = new Program(path, '--wait', '30')
  first.process.kill('SIGKILL')
  await third.runs()

  const { page: admin } = await portal.other(browser, 'admin-1.1.1')
  await admin.goto(container)
  await admin.getByRole('button', { name: 'Reset credentials', exact: true }).click()
  await expect(admin.getByRole('row', { name: /^ci 1/ })).toContainText('revoked')
  expect(await third.code(), third.output).toBe(77)
  expect(await new Program(path).code()).toBe(77)
})
