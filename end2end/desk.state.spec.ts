// What the desk says of the login and of the server, and how fast it answers in a large organisation.
import { announcement, carry, expect, lift, node, rowOf, rowsOf, test, type Page } from './portal.ts'

test('an ended login is told at the next click, is not called offline, and keeps what was typed', async ({
  page,
  portal,
  context,
}) => {
  await portal.desk(page, 'user-2.1')
  const search = page.getByRole('searchbox', { name: 'Filter groups and people' })
  await search.fill('tickets')
  const other = await context.newPage()
  await other.goto('/me')
  await other.getByRole('main').getByRole('button', { name: 'Log out' }).click()
  await expect(other.getByRole('heading', { level: 1, name: 'Log in' })).toBeVisible()
  await node(page, 'My tickets').getByRole('link').first().click()
  const ended = page.getByRole('alertdialog', { name: 'Your login has ended' })
  await expect(ended).toBeVisible()
  await expect(ended).toContainText('you logged out in another tab')
  await expect(ended.getByRole('link', { name: 'Log in again (new tab)' })).toBeVisible()
  await expect(page.getByText('Offline — trying again')).toHaveCount(0)
  await test.step('after another login it goes on, with what was typed', async () => {
    await portal.login(other, 'user-2.1')
    await page.bringToFront()
    await page.evaluate(() => dispatchEvent(new Event('focus')))
    await expect(ended).toBeHidden()
    await expect(search).toHaveValue('tickets')
  })
})

test('a server that cannot be reached is not called live, and nothing is counted that is not known', async ({
  page,
  portal,
}) => {
  await portal.desk(page, 'admin-1.1')
  await expect(announcement(page, /^live$/)).toBeVisible()
  // The connection for live updates stands all the time.
  await page.route('**/api/**', (route) => route.abort())
  await node(page, 'Group 1.2').getByRole('link', { name: 'Group 1.2', exact: true }).click()
  await expect(announcement(page, 'Offline — trying again')).toBeVisible()
  await expect(page.getByRole('heading', { level: 1, name: 'Group 1.2' })).toBeVisible()
  await expect(page.getByText('0 tickets', { exact: true })).toHaveCount(0)
  await page.unroute('**/api/**')
  await expect(announcement(page, /^live$/)).toBeVisible({ timeout: 10_000 })
  await expect(rowsOf(page).first()).toBeVisible()
})

test('a message does not cover what is selected, nor “Select all”', async ({ page, portal }) => {
  await portal.desk(page, 'admin-1.1')
  await lift(page, rowOf(page, '10 × Studio Professional').getByRole('cell').nth(3))
  await carry(page, node(page, 'Group 1.2'))
  await page.mouse.up()
  const message = announcement(page, 'assigned to Group 1.2')
  await expect(message).toBeVisible()
  await rowsOf(page).first().getByRole('checkbox').check()
  const selected = await announcement(page, '1 selected').boundingBox()
  const told = await message.last().boundingBox()
  if (!selected || !told) throw new Error('not on the screen')
  expect(told.y + told.height).toBeLessThanOrEqual(selected.y)
})

test('on paper there is the list, and nothing to press', async ({ page, portal }) => {
  await portal.desk(page, 'admin-1.1')
  await page.emulateMedia({ media: 'print' })
  await expect(rowOf(page, '10 × Studio Professional')).toBeVisible()
  await expect(page.getByRole('treegrid')).toBeHidden()
  await expect(page.getByRole('button')).toHaveCount(0)
  await expect(page.getByRole('checkbox')).toHaveCount(0)
})

/** The longest that the page was busy while that was done, in milliseconds. */
async function busy(page: Page, act: () => Promise<void>): Promise<number> {
  await page.evaluate(() => {
    const longest = { task: 0 }
    const observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) longest.task = Math.max(longest.task, entry.duration)
    })
    observer.observe({ type: 'longtask' })
    Object.assign(window, { longest })
  })
  await act()
  await page.waitForTimeout(500)
  return page.evaluate(() => (window as unknown as { longest: { task: number } }).longest.task)
}

test('a drag over a thousand lines begins, ends and is cancelled without a pause, at a quarter of the speed', async ({
  page,
  portal,
}) => {
  test.setTimeout(120_000)
  portal.importTeams(1000)
  await portal.desk(page, 'isv-admin')
  const browser = await page.context().newCDPSession(page)
  await browser.send('Emulation.setCPUThrottlingRate', { rate: 4 })
  // The module of the tests is not optimised for speed: 100 ms are the aim. What else the machine does at that moment is not
  // the page's: the least of three counts.
  const limit = 400
  const least = { lift: Infinity, cancel: Infinity, drop: Infinity }
  const ticket = () => rowOf(page, '50 × Viewer').getByRole('cell').nth(3)
  const slow = () => Object.values(least).some((took) => took > limit)
  for (let round = 0; round < 3 && slow(); round += 1) {
    least.lift = Math.min(least.lift, await busy(page, () => lift(page, ticket())))
    least.cancel = Math.min(least.cancel, await busy(page, () => page.keyboard.press('Escape')))
    await page.mouse.up()
    await lift(page, ticket())
    await carry(page, node(page, `Team 000${3 + round}`))
    least.drop = Math.min(least.drop, await busy(page, () => page.mouse.up()))
  }
  console.log('longest task, ms, at 4×:', least)
  for (const [what, took] of Object.entries(least)) expect(took, what).toBeLessThanOrEqual(limit)
})
