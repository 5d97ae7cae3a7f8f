// Pages and what surrounds them: nothing overlaps or leaves the screen at any width, and menus open and close.
import {
  askedFirst,
  chooseAction,
  codeOf,
  demoPassword,
  expect,
  expectAccessible,
  makeContainers,
  openTab,
  openTicket,
  rowOf,
  ownMenu,
  rowsOf,
  test,
  type Page,
} from './portal.ts'
import type { Locator } from '@playwright/test'

type Box = { x: number; y: number; width: number; height: number }

async function boxes(found: Locator): Promise<Box[]> {
  const all = await Promise.all((await found.all()).map((one) => one.boundingBox()))
  return all.filter((box) => box !== null)
}

function overlap(one: Box, other: Box): boolean {
  const apart = (a: number, lengthA: number, b: number, lengthB: number) => a + lengthA <= b + 0.5 || b + lengthB <= a + 0.5
  return !apart(one.x, one.width, other.x, other.width) && !apart(one.y, one.height, other.y, other.height)
}

function expectApart(found: Box[], width: number) {
  for (const [at, one] of found.entries()) {
    expect(one.x, 'within the screen').toBeGreaterThanOrEqual(0)
    expect(one.x + one.width, 'within the screen').toBeLessThanOrEqual(width + 0.5)
    for (const other of found.slice(at + 1)) expect(overlap(one, other), `${JSON.stringify(one)} and ${JSON.stringify(other)}`).toBe(false)
  }
}

const sideways = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)

for (const [locale, words] of Object.entries({
  'en-US': { navigation: 'Main navigation', activity: 'Activity', kind: 'Kind', menu: /^Menu of / },
  'de-DE': { navigation: 'Hauptnavigation', activity: 'Aktivität', kind: 'Art', menu: /^Menü von / },
})) {
  test.describe(locale, () => {
    test.use({ locale })

    test('the bar and the list stand whole on a tablet', async ({ page, portal }) => {
      await portal.desk(page, 'isv-admin')
      for (const width of [768, 820, 912, 1024]) {
        await page.setViewportSize({ width, height: 900 })
        const bar = page.getByRole('navigation', { name: words.navigation })
        await expect(bar.getByRole('link'), 'none vanishes').toHaveCount(5)
        await expect(bar.getByRole('link', { name: words.activity })).toBeVisible()
        const menu = page.getByLabel(words.menu).first()
        expectApart([...(await boxes(bar.getByRole('link'))), ...(await boxes(menu))], width)
        await expect(page.getByRole('columnheader', { name: words.kind })).toBeVisible()
        for (const link of await boxes(rowsOf(page).first().getByRole('link'))) {
          expect(link.x + link.width, 'the way to a move is on the screen').toBeLessThanOrEqual(width)
        }
        expect(await sideways(page), `at ${width}`).toBe(0)
      }
    })
  })
}

test('fields of a filter stand beside each other, or below', async ({ page, portal }) => {
  await portal.begin(page.context(), 'isv-admin')
  for (const address of ['/history', '/reports']) {
    await page.goto(address)
    for (const width of [320, 390, 820, 1024, 1280]) {
      await page.setViewportSize({ width, height: 800 })
      const main = page.getByRole('main')
      const controls = main.getByRole('searchbox').or(main.getByRole('combobox')).or(main.getByLabel(/^(From|To) day$/)).or(main.getByRole('button', { name: 'Show', exact: true }))
      expectApart(await boxes(controls), width)
      expect(await sideways(page), `${address} at ${width}`).toBe(0)
    }
  }
})

test('the pages of the administration have one width, and their list at the side', async ({ page, portal }) => {
  await portal.begin(page.context(), 'isv-admin')
  const navigation = page.getByRole('navigation', { name: 'Administration' })
  const addresses = ['/instance', '/users', '/users/new', '/products', '/reports', '/webhooks', '/imports']
  const places = async () => {
    const found = []
    for (const address of addresses) {
      await page.goto(address)
      await expect(navigation).toBeVisible()
      const [list, heading] = [await navigation.boundingBox(), await page.getByRole('heading', { level: 1 }).boundingBox()]
      found.push({ list: Math.round(list?.x ?? -1), heading: Math.round(heading?.x ?? -1), beside: (heading?.x ?? 0) > (list?.x ?? 0) + (list?.width ?? 0) })
    }
    return found
  }
  await page.setViewportSize({ width: 1280, height: 900 })
  const wide = await places()
  expect(new Set(wide.map((place) => JSON.stringify(place))).size, JSON.stringify(wide)).toBe(1)
  expect(wide[0]?.beside).toBe(true)
  for (const group of ['People', 'Catalogue', 'Insight', 'Instance']) {
    await expect(navigation.getByRole('group', { name: group })).toBeVisible()
  }
  await page.setViewportSize({ width: 820, height: 900 })
  const narrow = await places()
  expect(new Set(narrow.map((place) => JSON.stringify(place))).size, JSON.stringify(narrow)).toBe(1)
  expect(narrow[0]?.beside).toBe(false)
  // One row, whichever it is about.
  expect(new Set((await boxes(navigation.getByRole('link'))).map((box) => Math.round(box.y))).size).toBe(1)
  await expectAccessible(page)
})

test('a section leads to its pages, and the title says which it is', async ({ page, portal }) => {
  await portal.begin(page.context(), 'user-2.1')
  await page.goto('/history')
  const navigation = page.getByRole('navigation', { name: 'Main navigation' })
  await expect(navigation.getByRole('link'), 'nothing to administer').toHaveText(['Overview', 'Tickets', 'Containers', 'Activity'])
  await expect(page).toHaveTitle('History – Activity – License Portal')
  await portal.ready(page)
  await page.getByRole('navigation', { name: 'Activity' }).getByRole('link', { name: 'Expiring' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Expiring' })).toBeVisible()
  await expect(page).toHaveTitle('Expiring – Activity – License Portal')
  await expect(navigation.getByRole('link', { name: 'Activity' })).toHaveAttribute('aria-current', 'page')
  await page.getByRole('link', { name: 'Help' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Help' })).toBeVisible()
  await expect(page).toHaveTitle('Help – License Portal')
  await expect(page.getByRole('term').filter({ hasText: 'Protected Mode' })).toBeVisible()
})

test('on a phone the way leads back, page by page', async ({ page, portal }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await portal.begin(page.context(), 'isv-admin')
  await page.goto('/users?q=1.2.1')
  await portal.ready(page)
  await page.getByRole('link', { name: 'User 1.2.1' }).click()
  await chooseAction(page, 'Process leaver')
  await expect(page.getByRole('heading', { level: 1, name: 'Leaver: User 1.2.1' })).toBeVisible()
  const main = page.getByRole('main')
  await main.getByRole('link', { name: '‹ Person', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'User 1.2.1' })).toBeVisible()
  await main.getByRole('link', { name: /^‹ / }).click()
  await expect(page).toHaveURL(/\/users$/)
  await expectAccessible(page)
})

test('the boxes of a new user stand apart', async ({ page, portal }) => {
  await portal.begin(page.context(), 'isv-admin')
  await page.goto('/users/new')
  const found: Box[] = []
  for (const name of ['Admin', 'Creates tickets', 'Views reports']) {
    found.push(...(await boxes(page.getByRole('main').getByText(name, { exact: true }))))
  }
  expect(found).toHaveLength(3)
  for (const [at, one] of found.entries()) {
    const next = found[at + 1]
    if (next && Math.abs(next.y - one.y) < 2) expect(next.x - (one.x + one.width)).toBeGreaterThanOrEqual(12)
  }
})

test('what ends for good asks first', async ({ page, portal }) => {
  await portal.desk(page, 'user-2.1')
  await makeContainers(page, 'Laptop')
  await portal.ready(page)
  await openTab(page, 'Credentials')
  await expect(page.getByRole('button', { name: 'Reset credentials', exact: true })).toBeHidden()
  await page.getByLabel('Reset credentials', { exact: true }).first().click()
  await expect(page.getByText('There is nothing to end: no credential works.')).toBeVisible()
  await chooseAction(page, 'Remove the container…')
  await expect(page.getByRole('button', { name: 'Remove the container', exact: true })).toBeHidden()
  await askedFirst(page, 'Remove the container')
  await expect(page.getByRole('heading', { level: 1, name: 'Containers' })).toBeVisible()
})

test('the menu of one’s own closes on Escape and beside it, and keeps a theme', async ({ page, portal }) => {
  await portal.desk(page, 'user-2.1')
  // Where nothing that could be pressed lies half below the menu.
  await page.goto('/add')
  await portal.ready(page)
  const menu = page.getByRole('link', { name: 'My account' })
  await ownMenu(page)
  await expect(menu).toBeVisible()
  await expectAccessible(page)
  await page.keyboard.press('Escape')
  await expect(menu).toBeHidden()
  await expect(page.getByLabel(/^Menu of /).first()).toBeFocused()
  await ownMenu(page)
  await page.mouse.click(300, 500)
  await expect(menu).toBeHidden()

  const colour = () => page.evaluate(() => getComputedStyle(document.documentElement).colorScheme)
  expect(await colour()).toBe('light dark')
  await ownMenu(page)
  await page.getByRole('group', { name: 'Theme' }).getByRole('button', { name: 'Dark' }).click()
  await portal.ready(page)
  expect(await colour()).toBe('dark')
  await ownMenu(page)
  await expect(page.getByRole('button', { name: 'Dark' })).toHaveAttribute('aria-pressed', 'true')
  await menu.click()
  await expect(page.getByRole('heading', { level: 1, name: 'User 2.1' })).toBeVisible()
  await expect(menu, 'the way is gone').toBeHidden()
  expect(await colour()).toBe('dark')
})

test('a refused login leaves nothing of it in the address', async ({ page, portal }) => {
  await portal.login(page, 'user-2.1', 'not the password')
  await expect(page.getByRole('alert').filter({ hasText: 'Login or password is wrong.' })).toHaveCount(1)
  await portal.ready(page)
  await expect.poll(() => new URL(page.url()).search).not.toContain('__err')
  await page.getByRole('textbox', { name: 'Password' }).fill(demoPassword)
  await page.getByRole('button', { name: 'Log in', exact: true }).click()
  await expect(page.getByRole('treegrid')).toBeVisible()
})

test('a leaver whom the admin sees no more leaves no errors behind', async ({ page, portal }) => {
  const failed: string[] = []
  page.on('response', (answer) => {
    if (answer.status() >= 400) failed.push(`${answer.status()} ${answer.url()}`)
  })
  await portal.desk(page, 'admin-1.1.1', '/users?q=1.1.1')
  await page.getByRole('link', { name: 'User 1.1.1' }).click()
  await chooseAction(page, 'Process leaver')
  await portal.ready(page)
  for (const membership of await page.getByRole('checkbox', { name: /^Group / }).all()) await membership.check()
  await page.getByRole('button', { name: 'Preview' }).click()
  await page.getByRole('button', { name: 'Do all of it' }).click()
  await expect(page).toHaveURL(/\/leavers\/\d+$/)
  await portal.ready(page)
  expect(failed).toEqual([])
})

test.describe('five hours and a half before UTC', () => {
  test.use({ timezoneId: 'Asia/Kolkata' })
  test('times are those of the reader’s clock, and UTC where one points at them', async ({ page, portal }) => {
    await portal.desk(page, 'admin-1.1')
    await openTicket(page, portal, '10 × Studio Professional')
    const since = page.getByRole('definition').getByRole('time')
    const at = new Date((await since.getAttribute('datetime')) ?? '')
    const clock = (timeZone: string) =>
      new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone }).format(at)
    await expect(since).toHaveText(new RegExp(`, ${clock('Asia/Kolkata')}$`))
    await expect(since).toHaveAttribute('title', new RegExp(`, ${clock('UTC')} UTC$`))
  })
})

test('the page of use leads with what is in the ticket; its code stands behind, to be copied', async ({ page, portal }) => {
  await portal.desk(page, 'admin-1.1')
  const code = await codeOf(rowOf(page, '10 × Studio Professional'))
  await openTicket(page, portal, '10 × Studio Professional')
  await chooseAction(page, 'Use')
  await expect(page.getByRole('heading', { level: 1, name: 'Use of 10 × Studio Professional' })).toBeVisible()
  await expect(page.getByRole('button', { name: `Copy ${code}` })).toBeVisible()
})

test('without identity providers there is a sentence and one thing to do, which opens the form', async ({ page, portal }) => {
  await portal.begin(page.context(), 'isv-admin')
  await page.goto('/sign-in')
  await portal.ready(page)
  await expect(page.getByText('no identity provider is known')).toBeVisible()
  const issuer = page.getByRole('textbox', { name: /^Issuer/ })
  await expect(issuer).toBeHidden()
  await expectAccessible(page)
  await page.getByText('New identity provider…', { exact: true }).click()
  await expect(issuer).toBeVisible()
  await expectAccessible(page)
})
