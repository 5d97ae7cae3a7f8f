// The words the browser tests are written in. Each test has a portal of its own: a server on a free port with a fresh
// copy of the demo data.
import { AxeBuilder } from '@axe-core/playwright'
import {
  test as base,
  expect,
  type Browser,
  type BrowserContext,
  type CDPSession,
  type Locator,
  type Page,
} from '@playwright/test'
import { execFileSync, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

export { expect }
export type { Page }
export type Engine = 'sqlite' | 'postgres'
export type DemoLogin =
  | 'isv-admin'
  | 'admin-1.1'
  | 'admin-1.1.1'
  | 'admin-2.1'
  | 'admin-2.2'
  | 'user-1.1.1'
  | 'user-1.2.1'
  | 'user-1.2.2'
  | 'user-2.1'
  | 'user-2.2'
  | 'user-2.3'
type Point = { x: number; y: number }
type Place = Locator | Point

const program = resolve(process.env.PORTAL_BIN ?? join(import.meta.dirname, '../target/debug/license-portal'))
/** The headless client. */
export const client = resolve(process.env.E2E_CLIENT ?? join(import.meta.dirname, '../target/debug/license-client'))
const site = resolve(process.env.PORTAL_SITE ?? join(import.meta.dirname, '../target/site'))
export const demoPassword = 'five-tickets-for-the-demo'

/** Where databases come from: one is filled with the demo data, every test gets a copy of it. */
interface Databases {
  copy(): string
  remove(url: string): void
}

/** Where the key of the secrets in a database comes from: beside SQLite, a file by itself; PostgreSQL has no such place. */
function keyOf(database: string): NodeJS.ProcessEnv {
  return database.startsWith('sqlite:') ? {} : { PORTAL_KEY: 'A'.repeat(43) }
}

function environment(database: string): NodeJS.ProcessEnv {
  return {
    ...keyOf(database),
    ...process.env,
    PORTAL_DATABASE: database,
    PORTAL_DEMO_PASSWORD: demoPassword,
    PORTAL_SITE: site,
  }
}

function fillWithDemoData(database: string) {
  execFileSync(program, ['demo'], { env: environment(database), stdio: ['ignore', 'pipe', 'pipe'] })
}

function sqliteDatabases(folder: string): Databases {
  const template = mkdtempSync(join(folder, 'template-'))
  fillWithDemoData(`sqlite:${template}/portal.db`)
  return {
    copy() {
      // The whole folder: what is not yet in the database file itself stands beside it.
      const own = mkdtempSync(join(folder, 'test-'))
      cpSync(template, own, { recursive: true })
      return `sqlite:${own}/portal.db`
    },
    remove(url) {
      rmSync(resolve(url.slice('sqlite:'.length), '..'), { recursive: true, force: true })
    },
  }
}

function postgresDatabases(server: string): Databases {
  const sql = (statement: string) =>
    execFileSync('psql', [server, '-qc', statement], { stdio: ['ignore', 'pipe', 'pipe'] })
  const create = (from: string) => {
    const url = new URL(server)
    const name = `e2e_${randomUUID().replaceAll('-', '')}`
    sql(`CREATE DATABASE ${name} TEMPLATE ${from}`)
    url.pathname = `/${name}`
    return url.href
  }
  const template = create('template0')
  fillWithDemoData(template)
  return {
    copy: () => create(new URL(template).pathname.slice(1)),
    remove: (url) => void sql(`DROP DATABASE ${new URL(url).pathname.slice(1)} WITH (FORCE)`),
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

export class Portal {
  log = ''

  private constructor(
    readonly url: string,
    readonly database: string,
    private readonly mailFolder: string,
    private readonly server: ReturnType<typeof spawn>,
  ) {
    for (const stream of [server.stdout, server.stderr]) stream?.on('data', (text) => (this.log += String(text)))
  }

  static async start(database: string, idle: string): Promise<Portal> {
    const listen = `127.0.0.1:${await freePort()}`
    // Leases are renewed after two seconds, so that nobody waits long for one that is lost.
    const options = ['--lease', '6', '--demo', '--database', database, '--listen', listen, '--site', site, '--idle', idle, '--webhooks-to-private-addresses']
    const mailFolder = mkdtempSync(join(tmpdir(), 'license-portal-mail-'))
    const mail = ['--mail-folder', mailFolder, '--maker-mail', 'maker@example.org']
    const server = spawn(program, ['serve', ...options, ...mail], { env: environment(database), stdio: ['ignore', 'pipe', 'pipe'] })
    const portal = new Portal(`http://${listen}`, database, mailFolder, server)
    // Without a listener, a program that is missing would end the whole worker.
    server.on('error', (error) => (portal.log += error.message))
    for (let tries = 0; tries < 400; tries++) {
      const answer = await fetch(`${portal.url}/readyz`).catch(() => undefined)
      if (answer?.ok) return portal
      if (server.pid === undefined || server.exitCode !== null) break
      await sleep(25)
    }
    await portal.stop()
    throw new Error(`the portal did not start (${program}):\n${portal.log}`)
  }

  async stop() {
    rmSync(this.mailFolder, { recursive: true, force: true })
    if (this.server.pid === undefined || this.server.exitCode !== null || this.server.signalCode !== null) return
    const gone = once(this.server, 'exit')
    this.server.kill('SIGKILL')
    await gone
  }

  /** The mails of the portal, once there are so many: the oldest first, as they were written. */
  async mails(count: number): Promise<string[]> {
    const files = () => readdirSync(this.mailFolder).filter((file) => !file.startsWith('.')).sort()
    await expect.poll(() => files().length).toBeGreaterThanOrEqual(count)
    return files().map((file) => readFileSync(join(this.mailFolder, file), 'utf8'))
  }

  /** Adds groups and tickets from an organisation file, as an operator does: to the running portal. */
  import(organisation: Organisation) {
    const file = join(mkdtempSync(join(tmpdir(), 'license-portal-import-')), 'organisation.json')
    writeFileSync(file, JSON.stringify({ format: 'license-portal/organisation@1', ...organisation }))
    try {
      execFileSync(program, ['import', file], { env: environment(this.database), stdio: ['ignore', 'pipe', 'pipe'] })
    } finally {
      rmSync(resolve(file, '..'), { recursive: true })
    }
  }

  /** Adds so many groups at the top, called Team 01 and so on. */
  importTeams(count: number) {
    this.import({
      groups: Array.from({ length: count }, (_, at) => ({
        key: String(at),
        name: `Team ${String(at + 1).padStart(String(count).length, '0')}`,
        parent: null,
      })),
    })
  }

  /** Waits until the page has come alive. */
  async ready(page: Page) {
    await page.waitForFunction(() => document.documentElement.hasAttribute('data-ready'))
  }

  /** Logs in and waits until the desk has come alive, with its tickets listed; on a phone these are another screen. */
  async desk(page: Page, login: DemoLogin, path = '/tickets/all') {
    await this.begin(page.context(), login)
    await page.goto(this.url + path)
    await this.ready(page)
  }

  /** Begins a session for the browser as the form of the login page does, without the time that the page takes. */
  async begin(context: BrowserContext, login: DemoLogin, endsOther = false) {
    const form = { login, password: demoPassword, end_other: String(endsOther) }
    const headers = { accept: 'text/html' }
    const answer = await context.request.post(`${this.url}/api/log_in`, { form, headers, maxRedirects: 0 })
    expect(answer.status(), await answer.text()).toBe(302)
    expect((await context.cookies()).length, 'a session').toBeGreaterThan(0)
  }

  /** Another person at another computer. Without scripts, because that is fast and does what the others do. */
  async other(browser: Browser, login: DemoLogin): Promise<Other> {
    const context = await browser.newContext({ javaScriptEnabled: false, baseURL: this.url, locale: 'en-US' })
    await this.begin(context, login)
    return new Other(context, await context.newPage())
  }

  /** The browser forgets who was logged in. Its page is left first: it would notice, and go to the login page by itself. */
  async forget(page: Page) {
    await page.goto('about:blank')
    await page.context().clearCookies()
  }

  /** Opens the portal and logs in, in whichever language its log-in page has. */
  async login(page: Page, login: DemoLogin | (string & {}), password = demoPassword) {
    await page.goto(this.url)
    await page.getByRole('textbox', { name: /^(Login|Benutzername)$/ }).fill(login)
    await page.getByRole('textbox', { name: /^(Password|Passwort)$/ }).fill(password)
    await page.getByRole('button', { name: /^(Log in|Anmelden)$/ }).click()
  }
}

/** Opens "Move to…" of a row; on a phone it is in the menu of the row. */
export async function openMove(row: Locator) {
  const link = row.getByRole('link', { name: /^(Move to|Verschieben nach)…/ })
  if (await link.isVisible()) return link.click()
  await row.getByRole('link', { name: /^(Actions for|Aktionen für) / }).click()
  return row.page().getByRole('menuitem', { name: /^(Move to|Verschieben nach)…$/ }).click()
}

/** The address of the page that moves the ticket of a row. */
export async function moveAddress(row: Locator) {
  const href = await row.getByRole('link', { name: /^Move to…/, includeHidden: true }).getAttribute('href')
  return href ?? ''
}

type License = { product: string; quantity: number; valid_until?: string }

/** What an organisation file holds, as far as the tests need it. */
export interface Organisation {
  groups?: { key: string; name: string; parent: string | null }[]
  tickets?: { owner: { group: string } | null; licenses: License[] }[]
}

/** Somebody else, who uses the portal at the same time. */
export class Other {
  constructor(
    private readonly context: BrowserContext,
    readonly page: Page,
  ) {}

  /** Prepares a move, so that `commit` takes no longer than the answer to a form. */
  async prepareMove(ticket: string, target: RegExp): Promise<{ commit(): Promise<void> }> {
    await this.page.goto('/tickets/all')
    await this.page.goto(await moveAddress(rowOf(this.page, ticket)))
    await this.page.getByRole('radio', { name: target }).check()
    const move = this.page.getByRole('button', { name: 'Move', exact: true })
    return {
      commit: async () => {
        await move.click()
        await expect(this.page.getByRole('table', { name: 'Tickets' })).toBeVisible()
      },
    }
  }

  async move(ticket: string, target: RegExp) {
    const move = await this.prepareMove(ticket, target)
    await move.commit()
  }

  /** Opens the page of a group. */
  async openGroup(...path: string[]) {
    await this.page.goto('/')
    for (const group of path) {
      await this.page.getByRole('treegrid').getByRole('link', { name: group, exact: true }).click()
    }
    await this.page.getByRole('treegrid').getByRole('link', { name: `Manage ${path.at(-1)}`, exact: true }).click()
    await expect(this.page.getByRole('heading', { level: 1, name: path.at(-1) })).toBeVisible()
  }

  async leave() {
    await this.context.close()
  }
}

/** A line of the tree, by the name of its group, person or list. */
export function node(page: Page, name: string): Locator {
  const exact = name.replaceAll('.', String.raw`\.`)
  return page.getByRole('treegrid').getByRole('row', { name: new RegExp(`^${exact}, \\d`), includeHidden: false })
}

/** The row of a ticket, by what is in it. */
export function rowOf(page: Page, contents: string): Locator {
  const table = page.getByRole('table', { name: 'Tickets' })
  const exact = contents.replaceAll('.', String.raw`\.`)
  return table.getByRole('row').filter({ has: page.getByRole('cell', { name: new RegExp(`^${exact} `) }) })
}

/** All tickets listed. */
export function rowsOf(page: Page): Locator {
  const table = page.getByRole('table', { name: 'Tickets' })
  return table.getByRole('row').filter({ has: page.getByRole('cell') })
}

/** Makes containers for whoever is logged in; leaves the page of the last one. */
export async function makeContainers(page: Page, ...names: string[]) {
  for (const name of names) {
    await page.goto('/containers/new')
    await page.getByRole('textbox', { name: 'Name' }).fill(name)
    await page.getByRole('button', { name: /^(Create|Anlegen)$/ }).click()
    await expect(page.getByRole('heading', { level: 1, name })).toBeVisible()
  }
}

/** Presses a button that asks first, and the one that then does it. */
export async function askedFirst(page: Page | Locator, name: string) {
  await page.getByLabel(name, { exact: true }).first().click()
  await page.getByRole('button', { name, exact: true }).click()
}

/** Opens a part of the page by its tab; without scripts, too. */
export async function openTab(page: Page, name: string) {
  const tabs = page.getByRole('navigation', { name: /^(Parts of this page|Teile dieser Seite)$/ })
  const tab = tabs.getByRole('link', { name: new RegExp(`^${name}( [\\d.,]+)?$`) })
  await tab.click()
  await expect(tab).toHaveAttribute('aria-current', 'page')
}

/** Opens the menu of what can be done with the thing that the page shows. */
export async function openActions(page: Page) {
  await page.getByRole('main').getByText(/^(Actions|Aktionen)$/).click()
}

/** Chooses an item of that menu: without scripts, it is the link or button that it holds. */
export async function chooseAction(page: Page, name: string) {
  await openActions(page)
  const menu = page.getByRole('main').getByRole('group').filter({ has: page.getByText(/^(Actions|Aktionen)$/) })
  const item = menu.getByRole('menuitem', { name, exact: true })
  const plain = menu.getByRole('link', { name, exact: true }).or(menu.getByRole('button', { name, exact: true }))
  await item.or(plain).click()
}

/** Opens the menu of one's own, in the bar. */
export async function ownMenu(page: Page) {
  await page.getByLabel(/^(Menu of|Menü von) /).first().click()
}

/** The link in a mail that sets a password. Long lines are broken in mails. */
export function passwordLink(mail: string): string {
  return mail.replace(/=\r\n/g, '').replace(/=3D/g, '=').match(/http\S+token=[0-9a-f]{64}/)?.[0] ?? ''
}

/** Opens the page of a ticket, by what is in it, and waits until it has come alive. */
export async function openTicket(page: Page, portal: Portal, contents: string) {
  await page.goto('/tickets/all')
  await portal.ready(page)
  await rowOf(page, contents).getByRole('link', { name: /^[0-9A-Z]{5}-/ }).click()
  await expect(page.getByRole('heading', { level: 2, name: /^(Licences|Lizenzen)$/ })).toBeVisible()
  await portal.ready(page)
}

/** Activates one licence in the only container there is; leaves the page of its ticket. */
export async function activateOne(page: Page, portal: Portal) {
  await openTicket(page, portal, '10 × Studio Professional')
  await page.getByRole('button', { name: 'Activate: Studio Professional' }).click()
  await expect(page.getByText('1 of 10 activated')).toBeVisible()
}

/** A container on the shelf that is there while licences are dragged. */
export function bay(page: Page, name: string): Locator {
  return page.getByRole('listbox', { name: 'Container' }).getByRole('option', { name })
}

/** The code of a ticket. */
export async function codeOf(row: Locator): Promise<string> {
  return (await row.getByRole('link', { name: /^[0-9A-Z]{5}(-[0-9A-Z]{5}){4}$/ }).innerText()).trim()
}

/** The cell with the owner of a ticket. */
export function ownerOf(row: Locator): Locator {
  return row.getByRole('cell').nth(2)
}

/** Something that the page tells a screen reader. */
export function announcement(page: Page, text: string | RegExp): Locator {
  return page.getByRole('status').filter({ hasText: text })
}

/** A ticket code that nobody has; with its check character, so that it is not a typing error. */
export function inventedCode(): string {
  const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
  const values = Array.from({ length: 24 }, () => Math.floor(Math.random() * 32))
  const timesX = (v: number) => ((v << 1) & 0x1f) ^ (v & 0x10 ? 0b00101 : 0)
  values.push(values.reduce((sum, v) => timesX(sum ^ v), 0))
  const letters = values.map((value) => alphabet[value]).join('')
  return letters.match(/.{5}/g)!.join('-')
}

/** Everything that changes something: these are counted. */
const changing = /\/api\/(reassign|move_as_previewed|undo|redeem|protect|create_group|rename_group|move_group|delete_group|set_member|remove_member|activate|deactivate|transfer)$/

/** The changing requests that the page sends from now on, by their last word. */
export function requestsOf(page: Page): string[] {
  const sent: string[] = []
  page.on('request', (request) => {
    const found = changing.exec(new URL(request.url()).pathname)
    if (found?.[1]) sent.push(found[1])
  })
  return sent
}

/** Starts a drag by mouse and leaves the button pressed. */
export async function lift(page: Page, from: Place) {
  const start = await restingPointOf(from)
  await page.mouse.move(start.x, start.y)
  await page.mouse.down()
  await page.mouse.move(start.x + 8, start.y + 8, { steps: 3 })
}

/** Goes on with the drag to the place, without dropping. */
export async function carry(page: Page, to: Place) {
  // What opens or scrolls on the way moves the place: go after it, as a hand does.
  for (let tries = 0; tries < 5; tries++) {
    const end = await pointOf(to)
    await page.mouse.move(end.x - 6, end.y, { steps: 6 })
    await page.mouse.move(end.x, end.y, { steps: 2 })
    const now = await pointOf(to)
    if (Math.hypot(now.x - end.x, now.y - end.y) < 2) return
  }
}

/** A finger on the screen, as the browser itself sees one: it scrolls, drags and cancels like a real one. */
export class Touch {
  private at: Point = { x: 0, y: 0 }

  constructor(private readonly browser: CDPSession) {}

  async start(place: Place) {
    this.at = await pointOf(place)
    await this.send('touchStart')
  }

  /** Moves the finger in steps, one for each frame, as a hand does, and after a place that moves away. */
  async move(place: Place, steps = 10) {
    for (let tries = 0; tries < 5; tries++) {
      const from = this.at
      const to = await pointOf(place)
      for (let step = 1; step <= steps; step++) {
        this.at = between(from, to, step / steps)
        await this.send('touchMove')
        await sleep(16)
      }
      const now = await pointOf(place)
      if (Math.hypot(now.x - to.x, now.y - to.y) < 2) return
    }
  }

  /** Rests where it is: long enough, and the portal takes it for the start of a drag. */
  async hold(milliseconds = 600) {
    await sleep(milliseconds)
  }

  async end() {
    await this.browser.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
  }

  async cancel() {
    await this.browser.send('Input.dispatchTouchEvent', { type: 'touchCancel', touchPoints: [] })
  }

  /** Lays a second finger on the screen, and leaves both there. */
  async second(place: Place) {
    const other = await pointOf(place)
    await this.browser.send('Input.dispatchTouchEvent', {
      type: 'touchStart',
      touchPoints: [
        { ...this.at, id: 0 },
        { ...other, id: 1 },
      ],
    })
  }

  async tap(place: Place) {
    await this.start(place)
    await this.end()
  }

  async drag(from: Place, to: Place) {
    await this.start(from)
    await this.hold()
    await this.move(to)
    await this.end()
  }

  private async send(type: 'touchStart' | 'touchMove') {
    await this.browser.send('Input.dispatchTouchEvent', { type, touchPoints: [this.at] })
  }
}

async function pointOf(place: Place): Promise<Point> {
  if ('x' in place) return place
  await place.scrollIntoViewIfNeeded()
  const box = await place.boundingBox()
  if (!box) throw new Error(`nothing to touch: ${place} is not on the screen`)
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 }
}

function between(from: Point, to: Point, part: number): Point {
  return { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part }
}

/** Where it is once it has come to rest: a list may still be taking its new order. */
async function restingPointOf(place: Place): Promise<Point> {
  // What lies under a message is scrolled out from there first.
  if ('evaluate' in place) {
    await place.evaluate((element) => {
      const { x, y, width, height } = element.getBoundingClientRect()
      const there = document.elementFromPoint(x + width / 2, y + height / 2)
      if (there && !element.contains(there) && !there.contains(element)) element.scrollIntoView({ block: 'center' })
    })
  }
  let before = await pointOf(place)
  for (let tries = 0; tries < 20; tries++) {
    await sleep(50)
    const now = await pointOf(place)
    if (Math.hypot(now.x - before.x, now.y - before.y) < 1) return now
    before = now
  }
  return before
}

export async function dragByMouse(page: Page, from: Place, to: Place) {
  const start = await restingPointOf(from)
  await page.mouse.move(start.x, start.y)
  await page.mouse.down()
  const end = await pointOf(to)
  await page.mouse.move(end.x, end.y, { steps: 10 })
  await page.mouse.up()
}

/** No violation that axe knows of; or, where the rest has been looked at, none of the colours. */
export async function expectAccessible(page: Page, what: 'everything' | 'colours' = 'everything') {
  const axe = new AxeBuilder({ page })
  if (what === 'colours') axe.withRules(['color-contrast', 'link-in-text-block'])
  // Axe leaves target-size out unless asked, though WCAG 2.2 AA has it.
  else axe.options({ rules: { 'target-size': { enabled: true } } })
  // What still fades in has other colours than those that people see.
  await page.evaluate(() => {
    const ends = document.getAnimations().filter(({ effect }) => Number.isFinite(effect?.getComputedTiming().endTime))
    return Promise.allSettled(ends.map(({ finished }) => finished))
  })
  const found = await axe.analyze()
  const problems = found.violations.map((rule) => ({
    rule: rule.id,
    help: rule.help,
    where: rule.nodes.map((node) => node.target.join(' ')),
  }))
  expect(problems).toEqual([])
}

export const test = base.extend<{ idle: string; portal: Portal; touch: Touch }, { engine: Engine; databases: Databases }>({
  engine: ['sqlite', { option: true, scope: 'worker' }],

  databases: [
    async ({ engine }, use) => {
      if (engine === 'postgres') {
        const server = process.env.PORTAL_TEST_POSTGRES
        if (!server) throw new Error('PostgreSQL is needed: .ci/postgres start; export PORTAL_TEST_POSTGRES=$(.ci/postgres url)')
        // Its databases go with the server, which is made for the tests.
        return use(postgresDatabases(server))
      }
      const folder = mkdtempSync(join(tmpdir(), 'license-portal-e2e-'))
      try {
        await use(sqliteDatabases(folder))
      } finally {
        rmSync(folder, { recursive: true, force: true })
      }
    },
    { scope: 'worker' },
  ],

  /** After how long people are logged out who do nothing. */
  idle: ['30m', { option: true }],

  portal: async ({ databases, idle }, use, info) => {
    const database = databases.copy()
    const portal = await Portal.start(database, idle)
    await use(portal)
    await portal.stop()
    if (info.status !== info.expectedStatus) await info.attach('server.log', { body: portal.log, contentType: 'text/plain' })
    databases.remove(database)
  },

  // What goes wrong in a page fails its test, even where nobody looks.
  page: async ({ page }, use) => {
    const errors: string[] = []
    page.on('pageerror', (error) => errors.push(error.message))
    page.on('console', (message) => {
      if (/panicked|This document requires 'Trusted|Content Security Policy/i.test(message.text())) errors.push(message.text())
    })
    await use(page)
    expect(errors, 'errors in the page').toEqual([])
  },

  baseURL: async ({ portal }, use) => use(portal.url),

  touch: async ({ page }, use) => {
    const browser = await page.context().newCDPSession(page)
    await use(new Touch(browser))
    await browser.detach()
  },
})
