// The overview of each kind of person: every number leads to the list behind it, and the portal may begin with it.
import { activateOne, expect, expectAccessible, makeContainers, rowsOf, test, type DemoLogin, type Page } from './portal.ts'

const sums = (page: Page) => page.getByRole('main').getByRole('list').first()
const sum = (page: Page, name: RegExp) => sums(page).getByRole('link', { name })
const sideways = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)

for (const [login, labels] of [
  ['user-2.1', [/^Licences activated/, /^In use now/, /^Licences that end/, /^Tickets/, /^Containers/]],
  ['admin-1.1', [/^Licences activated/, /^In use now/, /^Licences that end/, /^Tickets/, /^Containers/]],
  ['isv-admin', [/^Licences activated/, /^In use now/, /^Licences that end/, /^Tickets/, /^Unassigned/, /^Containers/, /^Seats taken/]],
] as [DemoLogin, RegExp[]][]) {
  test(`the overview of ${login}`, async ({ page, portal }) => {
    await portal.begin(page.context(), login)
    await page.goto('/overview')
    await portal.ready(page)
    await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible()
    await expect(page).toHaveTitle('Overview – License Portal')
    await expect(sums(page).getByRole('link')).toHaveText(labels)
    for (const name of ['Waits for you', 'Ends within 30 days', 'Happened lately', 'Licences by product']) {
      await expect(page.getByRole('region', { name })).toBeVisible()
    }
    await expectAccessible(page)
    for (const width of [320, 390, 768, 1024, 1440]) {
      await page.setViewportSize({ width, height: 900 })
      expect(await sideways(page), `at ${width}`).toBe(0)
    }
  })
}

test('a number is that of the list behind it', async ({ page, portal }) => {
  await portal.begin(page.context(), 'admin-1.1')
  await makeContainers(page, 'Laptop')
  await activateOne(page, portal)
  await page.goto('/overview')
  await portal.ready(page)
  await expect(sum(page, /^Licences activated 1 of /)).toBeVisible()
  const tickets = Number(/^Tickets (\d+)/.exec((await sum(page, /^Tickets/).innerText()).replace(/\s+/g, ' '))?.[1])
  const product = page.getByRole('table', { name: 'Licences by product' }).getByRole('row').filter({ hasText: 'Studio Professional' })
  await expect(product.getByRole('cell').first()).toHaveText(/^1 of \d+$/)
  await expect(page.getByRole('region', { name: 'Happened lately' })).toContainText('Laptop')
  await product.getByRole('link', { name: 'Studio Professional' }).click()
  await expect(rowsOf(page).first()).toContainText('Studio Professional')
  await page.goto('/overview')
  await sum(page, /^Tickets/).click()
  await expect(rowsOf(page)).toHaveCount(tickets)
  await page.goto('/overview')
  await sum(page, /^Containers/).click()
  await expect(page.getByRole('link', { name: 'Laptop' })).toBeVisible()
})

test('the portal begins with the page that was chosen, in this browser', async ({ page, portal }) => {
  await portal.login(page, 'user-2.1')
  await expect(page.getByRole('treegrid')).toBeVisible()
  await page.goto('/overview')
  await portal.ready(page)
  const begins = page.getByRole('group', { name: 'The portal begins with' })
  await expect(begins.getByRole('button', { name: 'Tickets' })).toHaveAttribute('aria-pressed', 'true')
  await begins.getByRole('button', { name: 'Overview' }).click()
  await expect(begins.getByRole('button', { name: 'Overview' })).toHaveAttribute('aria-pressed', 'true')
  await page.goto('/')
  await expect(page).toHaveURL(/\/overview$/)
  await portal.ready(page)
  await page.getByRole('navigation', { name: 'Main navigation' }).getByRole('link', { name: 'Tickets' }).click()
  await expect(page.getByRole('treegrid')).toBeVisible()
  await page.getByRole('link', { name: 'License Portal' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible()
  await portal.forget(page)
  await portal.login(page, 'user-2.2')
  await expect(page.getByRole('treegrid'), 'another browser').toBeVisible()
})

test.describe('on a phone, in German', () => {
  test.use({ locale: 'de-DE', colorScheme: 'dark', viewport: { width: 320, height: 640 } })

  test('the overview fits', async ({ page, portal }) => {
    await portal.begin(page.context(), 'isv-admin')
    await page.goto('/overview')
    await portal.ready(page)
    await expect(page.getByRole('heading', { level: 1, name: 'Übersicht' })).toBeVisible()
    expect(await sideways(page)).toBe(0)
    await expectAccessible(page)
    const bar = page.getByRole('navigation', { name: 'Hauptnavigation' })
    await expect(bar.getByRole('link')).toHaveText(['Übersicht', 'Tickets', 'Suche', 'Container', 'Ich'])
    await expect(bar.getByRole('link', { name: 'Übersicht' })).toHaveAttribute('aria-current', 'page')
  })
})
