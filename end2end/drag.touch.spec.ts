// Real touch, as the browser itself gets it from a screen.
import { announcement, expect, node, openTab, ownerOf, requestsOf, rowOf, rowsOf, test, type Page } from './portal.ts'

const owner = (page: Page, ticket: string) => ownerOf(rowOf(page, ticket))
const place = async (page: Page, ticket: string) => {
  const cell = owner(page, ticket)
  await cell.scrollIntoViewIfNeeded()
  const box = await cell.boundingBox()
  if (!box) throw new Error(`${ticket} is not on the screen`)
  return { x: box.x + 30, y: box.y + box.height / 2 }
}
/** The ticket that the tests take: not at an edge of the screen. */
const ticket = '10 × Studio Professional'

test('15: a swipe that starts on a row scrolls', async ({ page, portal, touch }) => {
  await portal.desk(page, 'admin-1.1')
  const sent = requestsOf(page)
  const first = rowsOf(page).first()
  const before = await first.boundingBox()
  if (!before) throw new Error('no row')
  const from = { x: 150, y: 600 }
  await touch.start(from)
  await touch.move({ x: 150, y: 250 })
  await touch.end()
  await expect.poll(async () => (await first.boundingBox())?.y ?? 0).toBeLessThan(before.y - 200)
  await expect(announcement(page, 'lifted')).toHaveCount(0)
  await expect(page.getByRole('checkbox', { checked: true })).toHaveCount(0)
  await expect(page.getByRole('treegrid')).toBeHidden()
  expect(sent).toEqual([])
})

test('16, 17: holding arms the drag with a cue, the page stays still, nothing is marked, and it drops', async ({
  page,
  portal,
  touch,
}) => {
  await portal.desk(page, 'admin-1.1')
  const sent = requestsOf(page)
  await page.evaluate(() => {
    const seen = { menus: 0 }
    Object.assign(window, { seen })
    window.addEventListener('contextmenu', (event) => {
      if (!event.defaultPrevented) seen.menus++
    })
  })
  const start = await place(page, ticket)
  const row = rowOf(page, ticket)
  const before = await row.boundingBox()
  await touch.start(start)
  // Not at once: it may still become a swipe.
  await expect(page.getByRole('treegrid')).toBeHidden()
  await touch.hold()
  await expect(announcement(page, 'lifted.')).toHaveCount(1)
  // The cue: the targets come up.
  await expect(node(page, 'Group 1.2')).toBeInViewport()
  await touch.move({ x: 195, y: 500 })
  await touch.move({ x: 195, y: 420 })
  expect(await row.boundingBox()).toEqual(before)
  expect(await page.evaluate(() => getSelection()?.toString())).toBe('')
  expect(await page.evaluate(() => (window as unknown as { seen: { menus: number } }).seen.menus)).toBe(0)
  await touch.move(node(page, 'Group 1.1').getByRole('link', { name: 'Group 1.1', exact: true }))
  await expect(announcement(page, /over Group 1\.1, not allowed: already there/)).toHaveCount(1)
  await touch.move(node(page, 'Group 1.2').getByRole('link', { name: 'Group 1.2', exact: true }))
  await expect(announcement(page, /over Group 1\.2, \d of \d/)).toHaveCount(1)
  await touch.end()
  await expect(owner(page, ticket)).toHaveText('Group 1 › Group 1.2')
  await expect(page.getByRole('treegrid')).toBeHidden()
  await expect(announcement(page, /assigned to Group 1\.2/)).toBeVisible()
  expect(sent).toEqual(['reassign'])
})

test('16: a second finger, or a touch that the system takes away, ends the drag cleanly', async ({
  page,
  portal,
  touch,
}) => {
  await portal.desk(page, 'admin-1.1')
  const sent = requestsOf(page)
  for (const end of ['second finger', 'cancelled touch']) {
    await test.step(end, async () => {
      await touch.start(await place(page, ticket))
      await touch.hold()
      await expect(announcement(page, 'lifted.')).toHaveCount(1)
      await touch.move(node(page, 'Group 1.2').getByRole('link', { name: 'Group 1.2', exact: true }))
      if (end === 'second finger') await touch.second({ x: 60, y: 120 })
      else await touch.cancel()
      await expect(announcement(page, 'Drag cancelled. Nothing was moved.')).toHaveCount(1)
      await expect(page.getByRole('treegrid')).toBeHidden()
      if (end === 'second finger') await touch.end()
      await expect(owner(page, ticket)).toHaveText('Group 1 › Group 1.1')
    })
  }
  expect(sent).toEqual([])

  await test.step('the next drag works', async () => {
    await touch.start(await place(page, ticket))
    await touch.hold()
    await touch.move(node(page, 'Group 1.2').getByRole('link', { name: 'Group 1.2', exact: true }))
    await touch.end()
    await expect(owner(page, ticket)).toHaveText('Group 1 › Group 1.2')
  })
})

test('17: a tap selects, and several selected tickets are dragged together', async ({ page, portal, touch }) => {
  await portal.desk(page, 'admin-1.1')
  const sent = requestsOf(page)
  await touch.tap(await place(page, ticket))
  await expect(rowOf(page, ticket).getByRole('checkbox')).toBeChecked()
  await expect(announcement(page, '1 selected')).toHaveCount(1)
  await touch.tap(await place(page, '3 × Field Analyzer'))
  await expect(announcement(page, '2 selected')).toHaveCount(1)
  await touch.start(await place(page, ticket))
  await touch.hold()
  await expect(announcement(page, '2 tickets lifted.')).toHaveCount(1)
  await touch.move(node(page, 'Group 1.2').getByRole('link', { name: 'Group 1.2', exact: true }))
  await touch.end()
  await expect(owner(page, ticket)).toHaveText('Group 1 › Group 1.2')
  await expect(owner(page, '3 × Field Analyzer')).toHaveText('Group 1 › Group 1.2')
  expect(sent).toEqual(['reassign'])
})

test('18: at 320 px nothing scrolls sideways on any page, and tree and tickets are two screens', async ({
  page,
  portal,
}) => {
  await page.setViewportSize({ width: 320, height: 640 })
  await page.goto('/login')
  const wide = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  expect(await wide(), 'login').toBe(0)
  await portal.desk(page, 'admin-1.1', '/')
  const bar = page.getByRole('navigation', { name: 'Main navigation' })
  await expect(page.getByRole('table', { name: 'Tickets' })).toBeHidden()
  expect(await wide(), 'tree').toBe(0)

  await node(page, 'Group 1.1').getByRole('link', { name: 'Group 1.1', exact: true }).tap()
  await expect(page.getByRole('heading', { level: 1, name: 'Group 1.1' })).toBeVisible()
  await expect(page.getByRole('treegrid')).toBeHidden()
  await expect(rowsOf(page)).toHaveCount(5)
  expect(await wide(), 'tickets').toBe(0)
  // No row is wider than the screen, either.
  for (const row of await rowsOf(page).all()) {
    const box = await row.boundingBox()
    expect((box?.x ?? 0) + (box?.width ?? 999)).toBeLessThanOrEqual(320)
  }

  await rowsOf(page).first().getByRole('link', { name: /^[0-9A-Z]{5}-/ }).tap()
  await expect(page.getByRole('meter', { name: 'Activated' })).toBeVisible()
  expect(await wide(), 'ticket').toBe(0)
  await openTab(page, 'History')
  await expect(page.getByRole('heading', { name: 'History' })).toBeVisible()
  expect(await wide(), 'history of a ticket').toBe(0)
  await page.getByRole('main').getByRole('link', { name: 'Move to…' }).tap()
  await expect(page.getByRole('searchbox', { name: 'Search targets' })).toBeVisible()
  expect(await wide(), 'move').toBe(0)

  await bar.getByRole('link', { name: 'Tickets' }).tap()
  await node(page, 'All tickets').getByRole('link', { name: 'All tickets', exact: true }).tap()
  await page.getByRole('main').getByRole('link', { name: 'Redeem code' }).tap()
  await expect(page.getByRole('textbox', { name: 'Ticket codes' })).toBeVisible()
  expect(await wide(), 'add').toBe(0)
  await bar.getByRole('link', { name: 'Me' }).tap()
  await expect(page.getByRole('heading', { level: 1, name: 'Admin 1.1' })).toBeVisible()
  expect(await wide(), 'me').toBe(0)
  await page.getByRole('link', { name: 'Group 1', exact: true }).tap()
  await expect(page.getByRole('heading', { name: 'Members' })).toBeVisible()
  expect(await wide(), 'group').toBe(0)
  await page.getByRole('link', { name: 'New subgroup' }).tap()
  await expect(page.getByRole('textbox', { name: 'Name of the group' })).toBeVisible()
  expect(await wide(), 'new group').toBe(0)
  // The way back leads to the page above.
  await page.getByRole('main').getByRole('link', { name: 'Groups and people' }).tap()
  await expect(page.getByRole('treegrid')).toBeVisible()
})

test('20: a finger that rests 44 px above the lower edge scrolls the targets', async ({ page, portal, touch }) => {
  portal.importTeams(60)
  await portal.desk(page, 'isv-admin')
  await touch.start(await place(page, '50 × Viewer'))
  await touch.hold()
  const tree = await page.getByRole('treegrid').boundingBox()
  if (!tree) throw new Error('no targets')
  await expect(node(page, 'Team 24')).not.toBeInViewport()
  await touch.move({ x: 195, y: tree.y + tree.height - 44 })
  await expect(node(page, 'Team 24')).toBeInViewport({ timeout: 15_000 })
  await touch.cancel()
})
