import {
  announcement,
  carry,
  codeOf,
  dragByMouse,
  expect,
  lift,
  node,
  ownerOf,
  requestsOf,
  rowOf,
  rowsOf,
  test,
  type Page,
} from './portal.ts'

/** What hangs on the pointer. It is for the eyes only: it has no role. */
const image = (page: Page, text: string | RegExp) => page.getByText(text).last()
/** A place of the row where nothing else takes the press. */
const contents = (page: Page, ticket: string) => rowOf(page, ticket).getByRole('cell').nth(3)

test('8: a press that moves less than 5 px is a click', async ({ page, portal }) => {
  await portal.desk(page, 'admin-1.1')
  const sent = requestsOf(page)
  await contents(page, '25 × Studio Professional').scrollIntoViewIfNeeded()
  const box = await contents(page, '25 × Studio Professional').boundingBox()
  if (!box) throw new Error('no row')
  await page.mouse.move(box.x + 10, box.y + 10)
  await page.mouse.down()
  await page.mouse.move(box.x + 13, box.y + 13)
  await expect(announcement(page, 'lifted')).toHaveCount(0)
  await page.mouse.up()
  await expect(rowOf(page, '25 × Studio Professional').getByRole('checkbox')).toBeChecked()
  await expect(announcement(page, '1 selected')).toBeVisible()
  // From 5 px on it is a drag, and then no click: dropped where it was, it stays selected.
  await page.mouse.move(box.x + 10, box.y + 10)
  await page.mouse.down()
  await page.mouse.move(box.x + 13, box.y + 14)
  await expect(announcement(page, 'lifted')).toBeVisible()
  await page.mouse.up()
  await expect(announcement(page, 'Drag cancelled. Nothing was moved.')).toBeVisible()
  await expect(rowOf(page, '25 × Studio Professional').getByRole('checkbox')).toBeChecked()
  expect(sent).toEqual([])
})

test('8: the release after a drag that Esc has cancelled is no click, either', async ({ page, portal }) => {
  await portal.desk(page, 'admin-1.1')
  const row = rowOf(page, '25 × Studio Professional')
  await lift(page, contents(page, '25 × Studio Professional'))
  await expect(announcement(page, 'lifted')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(announcement(page, 'Drag cancelled. Nothing was moved.')).toBeVisible()
  await page.mouse.up()
  // The next click is one again.
  await contents(page, '25 × Studio Professional').click()
  await expect(row.getByRole('checkbox')).toBeChecked()
  await expect(announcement(page, '1 selected')).toBeVisible()
})

test('10: itself, the present owner and forbidden targets say so before the drop, and nothing is sent', async ({
  page,
  portal,
}) => {
  await portal.desk(page, 'admin-1.1')
  const sent = requestsOf(page)
  const code = await codeOf(rowOf(page, '10 × Studio Professional'))

  await lift(page, contents(page, '10 × Studio Professional'))
  // At once, before the pointer is over any of them.
  await expect(node(page, 'Group 1.1')).toContainText('already there')
  await expect(node(page, 'All tickets')).toContainText('not a target')
  await expect(node(page, 'Group 1.2')).not.toContainText('already there')
  await carry(page, node(page, 'Group 1.1'))
  await expect(image(page, 'already there')).toBeVisible()
  await expect(announcement(page, `(${code}) over Group 1.1, not allowed: already there`)).toBeVisible()
  await page.mouse.up()
  await expect(
    page.getByRole('alert').filter({ hasText: `(${code}) not moved to Group 1.1: already there.` }),
  ).toBeVisible()
  await expect(ownerOf(rowOf(page, '10 × Studio Professional'))).toHaveText('Group 1 › Group 1.1')

  await lift(page, contents(page, '10 × Studio Professional'))
  await carry(page, node(page, 'All tickets'))
  await expect(image(page, 'not allowed: not a target')).toBeVisible()
  await page.mouse.up()

  await test.step('a group does not go into itself', async () => {
    await lift(page, node(page, 'Group 1.1').getByRole('link', { name: 'Group 1.1', exact: true }))
    await carry(page, node(page, 'Group 1.2'))
    await expect(announcement(page, 'Group 1.1 over Group 1.2, 1 of 1')).toBeVisible()
    await carry(page, node(page, 'Group 1.1'))
    await expect(image(page, 'not allowed: inside itself')).toBeVisible()
    await carry(page, node(page, 'Group 1'))
    await expect(image(page, 'already there')).toBeVisible()
    await page.mouse.up()
    await expect(node(page, 'Group 1.1')).toHaveAttribute('aria-level', '2')
  })
  expect(sent).toEqual([])
})

test('11: a closed branch opens after a moment of hovering, and closes again if the drag is cancelled', async ({
  page,
  portal,
}) => {
  await portal.desk(page, 'isv-admin')
  const sent = requestsOf(page)
  const group = node(page, 'Group 1')
  await expect(group).toHaveAttribute('aria-expanded', 'false')
  await lift(page, contents(page, '50 × Viewer'))
  const began = Date.now()
  await carry(page, group)
  await expect(group).toHaveAttribute('aria-expanded', 'true', { timeout: 2000 })
  expect(Date.now() - began).toBeGreaterThan(500)
  await expect(node(page, 'Group 1.2')).toBeVisible()
  await carry(page, node(page, 'Group 1.2'))
  await page.keyboard.press('Escape')
  await expect(announcement(page, 'Drag cancelled. Nothing was moved.')).toBeVisible()
  await expect(group).toHaveAttribute('aria-expanded', 'false')
  await page.mouse.up()
  expect(sent).toEqual([])

  await test.step('after a drop it stays open', async () => {
    await lift(page, contents(page, '50 × Viewer'))
    await carry(page, group)
    await expect(node(page, 'Group 1.2')).toBeVisible({ timeout: 2000 })
    await carry(page, node(page, 'Group 1.2'))
    await page.mouse.up()
    await expect(ownerOf(rowOf(page, '50 × Viewer'))).toHaveText('Group 1 › Group 1.2')
    await expect(group).toHaveAttribute('aria-expanded', 'true')
  })
})

test('12: near its edge the tree scrolls; a drop on a line that was off screen works', async ({ page, portal }) => {
  portal.importTeams(60)
  await portal.desk(page, 'isv-admin')
  const last = node(page, 'Team 60')
  await expect(last).not.toBeInViewport()
  const tree = await page.getByRole('treegrid').boundingBox()
  if (!tree) throw new Error('no tree')
  await lift(page, contents(page, '50 × Viewer'))
  await carry(page, { x: tree.x + 100, y: tree.y + tree.height - 12 })
  // Where it cannot scroll any further, the lines stand still under the pointer.
  const left = (end: 'top' | 'bottom') =>
    page
      .getByRole('treegrid')
      .evaluate(
        (lines, end) => Math.floor(end === 'top' ? lines.scrollTop : lines.scrollHeight - lines.clientHeight - lines.scrollTop),
        end,
      )
  await expect.poll(() => left('bottom'), { timeout: 15_000 }).toBe(0)
  await carry(page, last)
  await page.mouse.up()
  await expect(ownerOf(rowOf(page, '50 × Viewer'))).toHaveText('Team 60')

  // And back up, to a line that is off screen at the other end.
  await expect(node(page, 'Unassigned')).not.toBeInViewport()
  await lift(page, contents(page, '50 × Viewer'))
  await carry(page, { x: tree.x + 100, y: tree.y + 12 })
  await expect.poll(() => left('top'), { timeout: 15_000 }).toBe(0)
  await carry(page, node(page, 'Unassigned'))
  await page.mouse.up()
  await expect(ownerOf(rowOf(page, '50 × Viewer'))).toHaveText('Unassigned')
})

test('13: dragging works in a filtered view; filters and open branches survive', async ({ page, portal }) => {
  await portal.desk(page, 'admin-1.1')
  await page.getByRole('button', { name: 'Open Group 1.2' }).click()
  await expect(node(page, 'User 1.2.1')).toBeVisible()
  const filter = page.getByRole('searchbox', { name: 'Filter groups and people' })
  const search = page.getByRole('searchbox', { name: 'Search tickets' })
  await filter.fill('1.2.')
  await expect(node(page, 'Group 1.1')).toHaveCount(0)
  await search.fill('viewer')
  await expect(rowsOf(page)).toHaveCount(2)
  await dragByMouse(page, contents(page, '100 × Viewer'), node(page, 'User 1.2.1'))
  await expect(announcement(page, /assigned to User 1\.2\.1/)).toBeVisible()
  await expect(ownerOf(rowOf(page, '100 × Viewer'))).toHaveText('User 1.2.1 via Group 1 › Group 1.2')
  await expect(filter).toHaveValue('1.2.')
  await expect(search).toHaveValue('viewer')
  await expect(rowsOf(page)).toHaveCount(2)
  await expect(node(page, 'Group 1.1')).toHaveCount(0)
  await filter.fill('')
  await expect(node(page, 'Group 1.1')).toHaveAttribute('aria-expanded', 'false')
  await expect(node(page, 'Group 1.2')).toHaveAttribute('aria-expanded', 'true')
})

test('14: several selected tickets are one request, with a count on the drag image, all or nothing', async ({
  page,
  portal,
}) => {
  await portal.desk(page, 'admin-1.1')
  const sent = requestsOf(page)
  const three = ['25 × Studio Professional', '100 × Viewer', '3 × Field Analyzer']
  const inside = '5 × Studio Professional, 20 × Viewer'
  for (const ticket of [...three, inside]) await rowOf(page, ticket).getByRole('checkbox').check()
  await expect(announcement(page, '4 selected')).toBeVisible()

  await test.step('one of them is there already: a preview says so, and none moves', async () => {
    await lift(page, contents(page, '100 × Viewer'))
    await expect(image(page, '4 tickets')).toBeVisible()
    await carry(page, node(page, 'Group 1.2'))
    await expect(node(page, 'Group 1.2')).toContainText('3 of 4 allowed')
    await expect(image(page, '3 allowed, 1 not: already there')).toBeVisible()
    await page.mouse.up()
    const preview = page.getByRole('dialog', { name: 'Preview' })
    await expect(preview).toContainText('3 allowed, 1 refused')
    await preview.getByRole('button', { name: 'Close' }).click()
    await expect(preview).toBeHidden()
    expect(sent).toEqual([])
  })

  await rowOf(page, inside).getByRole('checkbox').uncheck()
  await lift(page, contents(page, '100 × Viewer'))
  await expect(announcement(page, '3 tickets lifted.')).toBeVisible()
  await expect(image(page, '3 tickets')).toBeVisible()
  await carry(page, node(page, 'Group 1.2'))
  await page.mouse.up()
  for (const ticket of three) await expect(ownerOf(rowOf(page, ticket))).toHaveText('Group 1 › Group 1.2')
  await expect(announcement(page, '3 tickets assigned to Group 1.2')).toBeVisible()
  expect(sent).toEqual(['reassign'])
  await page.reload()
  for (const ticket of three) await expect(ownerOf(rowOf(page, ticket))).toHaveText('Group 1 › Group 1.2')
})

test('19: the row is at its target within 100 ms while the answer is still held back', async ({ page, portal }) => {
  await portal.desk(page, 'admin-1.1')
  let answer = () => {}
  let asked = () => {}
  const held = new Promise<void>((resolve) => (asked = resolve))
  await page.route('**/api/reassign', async (route) => {
    const answered = new Promise<void>((resolve) => (answer = resolve))
    asked()
    await answered
    await route.continue()
  })
  await lift(page, contents(page, '25 × Studio Professional'))
  await carry(page, node(page, 'Group 1.2'))
  const took = await rowOf(page, '25 × Studio Professional').evaluateHandle((row) => {
    const time = new Promise<number>((resolve) => {
      let dropped: number | undefined
      addEventListener('pointerup', () => (dropped = performance.now()), { capture: true, once: true })
      const look = () => {
        const there = row.textContent?.includes('Group 1.2')
        if (dropped !== undefined && there) resolve(performance.now() - dropped)
        else requestAnimationFrame(look)
      }
      look()
    })
    return { time }
  })
  await page.mouse.up()
  expect(await took.evaluate(({ time }) => time)).toBeLessThan(100)
  await expect(announcement(page, /assigned to/)).toHaveCount(0)
  await held
  answer()
  await expect(announcement(page, /assigned to Group 1\.2/)).toBeVisible()
  await expect(ownerOf(rowOf(page, '25 × Studio Professional'))).toHaveText('Group 1 › Group 1.2')
})

test('25: a forged request to a forbidden target changes nothing; the losing side drops what it may not see', async ({
  page,
  portal,
  browser,
}) => {
  const other = await portal.other(browser, 'isv-admin')
  await other.page.goto('/')
  const group2 = await other.page.getByRole('link', { name: 'Group 2', exact: true }).getAttribute('href')
  const forbidden = group2?.replace('/tickets/', '') ?? ''
  expect(forbidden).toMatch(/^group:\d+$/)

  await portal.desk(page, 'admin-1.1.1')
  await expect(rowsOf(page)).toHaveCount(6 - 1)
  const row = rowOf(page, '3 × Field Analyzer')
  const ticket = new URL(
    (await row.getByRole('link', { name: /^Move to…/ }).getAttribute('href')) ?? '',
    portal.url,
  ).searchParams.get('tickets')
  const forged = await page.request.post('/api/reassign', {
    form: { tickets: ticket ?? '', to: forbidden, key: 'forged-request' },
    headers: { accept: 'application/json' },
  })
  expect(forged.status()).toBe(404)
  expect(await forged.text()).not.toContain('Group 2')
  await page.reload()
  await portal.ready(page)
  await expect(ownerOf(rowOf(page, '3 × Field Analyzer'))).toHaveText('Group 1.1')

  const move = await other.prepareMove('3 × Field Analyzer', /^Group 1\.2 /)
  await move.commit()
  await expect(rowOf(page, '3 × Field Analyzer')).toHaveCount(0, { timeout: 1000 })
  await expect(rowsOf(page)).toHaveCount(4)
})
