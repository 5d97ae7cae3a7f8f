// What the browser fetches: nothing but the page before a login, then what the page needs, and of the next one what is missing.
import { expect, test, type Page } from './portal.ts'

/** A file that is missing is told of by the browser as an error, which fails every other test. */
const whereFilesAreMissing = test.extend({ page: async ({ context }, use) => use(await context.newPage()) })

/** The modules that the page fetches from now on, as a list that grows. */
function modules(page: Page): string[] {
  const fetched: string[] = []
  page.on('request', (request) => {
    const { pathname } = new URL(request.url())
    if (pathname.endsWith('.wasm')) fetched.push(pathname)
  })
  return fetched
}
const programs = (page: Page) => page.evaluate(() => performance.getEntriesByType('resource').map((entry) => entry.name).filter((name) => name.endsWith('.wasm')))

test('the login page runs no program, and has that of the desk fetched while somebody types', async ({ page, portal }) => {
  await page.goto(`${portal.url}/login`)
  await portal.ready(page)
  const prefetched = await page.locator('link[rel=prefetch]').evaluateAll((links) => links.map((link) => new URL((link as HTMLLinkElement).href).pathname))
  expect(prefetched.filter((file) => file.endsWith('.wasm')).length).toBeGreaterThan(1)
  expect(await page.locator('link[rel=preload], link[rel=modulepreload]').count()).toBe(0)
  await page.getByRole('textbox', { name: 'Login' }).fill('admin-1.1')
  await page.getByRole('textbox', { name: 'Password' }).fill('wrong')
  await page.getByRole('button', { name: 'Log in', exact: true }).click()
  await expect(page.getByRole('alert')).toBeVisible()
  expect(page.url(), 'told once').not.toContain('__err')
  await portal.login(page, 'admin-1.1')
  await portal.ready(page)
  expect((await programs(page)).map((name) => new URL(name).pathname).filter((file) => !prefetched.includes(file)), 'all was there').toEqual([])
})

test('a page fetches its own files at once, and the next one what is missing', async ({ page, portal }) => {
  const fetched = modules(page)
  await portal.desk(page, 'admin-1.1')
  const first = fetched.splice(0)
  expect(first.length).toBeGreaterThan(1)
  expect(new Set(first).size, 'each once').toBe(first.length)
  const link = page.getByRole('navigation', { name: 'Main navigation' }).getByRole('link', { name: 'Containers' })
  await link.click()
  await expect(page.getByRole('heading', { level: 1, name: 'Containers' })).toBeVisible()
  const second = fetched.splice(0)
  expect(second.length).toBeGreaterThan(0)
  expect(second.filter((file) => first.includes(file)), 'nothing twice').toEqual([])
  await page.goBack()
  await expect(page.getByRole('treegrid')).toBeVisible()
  await link.click()
  await expect(page.getByRole('heading', { level: 1, name: 'Containers' })).toBeVisible()
  expect(fetched, 'all is there').toEqual([])
})

test('a link that is pressed while the page wakes loads its page, as without a program', async ({ page, portal }) => {
  await portal.begin(page.context(), 'admin-1.1')
  let wake = () => {}
  const awake = new Promise<void>((resolve) => (wake = resolve))
  // The file that all pages share is not held back: with it, the router begins to listen.
  await page.route(/\/pkg\/(?!license-portal\.)[^/]*\.wasm$/, async (route) => {
    await awake
    // The page that asked may have gone meanwhile.
    await route.continue().catch(() => undefined)
  })
  await page.goto(`${portal.url}/containers`, { waitUntil: 'commit' })
  const browser = await page.context().newCDPSession(page)
  await expect
    .poll(async () => {
      const { result } = await browser.send('Runtime.evaluate', { expression: 'window' })
      const { listeners } = await browser.send('DOMDebugger.getEventListeners', { objectId: result.objectId ?? '' })
      return listeners.filter(({ type, useCapture }) => type === 'click' && !useCapture).length
    })
    .toBeGreaterThan(0)
  const loaded = page.waitForRequest((request) => request.isNavigationRequest())
  await page.getByRole('navigation', { name: 'Main navigation' }).getByRole('link', { name: 'Tickets' }).click()
  wake()
  await loaded
  await expect(page.getByRole('treegrid')).toBeVisible()
  await portal.ready(page)
})

whereFilesAreMissing('a file that is gone loads the page anew, and what the server writes works without', async ({ page, portal }) => {
  await portal.desk(page, 'admin-1.1')
  await page.route('**/*.wasm', (route) => route.fulfill({ status: 404, body: 'gone' }))
  await page.getByRole('navigation', { name: 'Main navigation' }).getByRole('link', { name: 'Containers' }).click()
  await page.waitForURL('**/containers')
  await expect(page.getByRole('heading', { level: 1, name: 'Containers' })).toBeVisible()
  expect(await page.evaluate(() => document.documentElement.hasAttribute('data-ready')), 'a page without a program').toBe(false)
  await page.unroute('**/*.wasm')
  await page.getByRole('navigation', { name: 'Main navigation' }).getByRole('link', { name: 'Tickets' }).click()
  await portal.ready(page)
  await expect(page.getByRole('treegrid')).toBeVisible()
})
