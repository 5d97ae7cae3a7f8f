import {
  announcement,
  carry,
  codeOf,
  dragByMouse,
  expect,
  expectAccessible,
  lift,
  node,
  openTab,
  ownerOf,
  ownMenu,
  requestsOf,
  rowOf,
  test,
  type Page,
} from './portal.ts'

const contents = (page: Page, ticket: string) => rowOf(page, ticket).getByRole('cell').nth(3)
const problem = (page: Page, text: string | RegExp) => page.getByRole('alert').filter({ hasText: text })
const big = '25 × Studio Professional'

test('20: refused, broken or offline: the row returns to its owner, which is told, and can be tried again', async ({
  page,
  portal,
}) => {
  await portal.desk(page, 'admin-1.1')
  const code = await codeOf(rowOf(page, big))
  const json = (status: number, body: unknown) => ({
    status,
    contentType: 'application/json',
    body: JSON.stringify(body),
  })
  const failures = {
    '403': { answer: json(403, { Refused: { Denied: 'AdminsOnly' } }), says: 'Only an admin of the group may do that.' },
    '500': { answer: json(500, 'Internal'), says: 'Something broke on our side; nothing was changed.' },
    'a proxy that fails': { answer: { status: 502, body: '<h1>Bad Gateway</h1>' }, says: 'The server cannot be reached' },
    offline: { answer: undefined, says: 'The server cannot be reached' },
  }
  for (const [what, { answer, says }] of Object.entries(failures)) {
    await test.step(what, async () => {
      let arrived = () => {}
      const held = new Promise<void>((resolve) => (arrived = resolve))
      await page.route('**/api/reassign', async (route) => {
        await held
        await (answer ? route.fulfill(answer) : route.abort('internetdisconnected'))
      })
      await dragByMouse(page, contents(page, big), node(page, 'Group 1.2'))
      await expect(ownerOf(rowOf(page, big))).toHaveText('Group 1 › Group 1.2')
      arrived()
      const told = problem(page, `(${code}) not moved. ${says}`)
      await expect(told).toBeVisible()
      await expect(ownerOf(rowOf(page, big))).toHaveText('Group 1')
      await page.unroute('**/api/reassign')
      if (what === 'offline') {
        await told.getByRole('button', { name: 'Try again' }).click()
        await expect(announcement(page, `(${code}) assigned to Group 1.2`)).toBeVisible()
        await expect(ownerOf(rowOf(page, big))).toHaveText('Group 1 › Group 1.2')
      } else {
        await told.getByRole('button', { name: 'Close' }).click()
        await expect(told).toHaveCount(0)
      }
    })
  }
})

test('20: overtaken: the row goes to where it is now, with who moved it; trying again moves it from there', async ({
  page,
  portal,
  browser,
}) => {
  // This page hears nothing of the others.
  await page.route('**/live', (route) => route.abort())
  await portal.desk(page, 'admin-1.1')
  const code = await codeOf(rowOf(page, '10 × Studio Professional'))
  const other = await portal.other(browser, 'admin-1.1.1')
  await other.move('10 × Studio Professional', /^User 1\.1\.1 /)
  await expect(ownerOf(rowOf(page, '10 × Studio Professional'))).toHaveText('Group 1 › Group 1.1')
  await dragByMouse(page, contents(page, '10 × Studio Professional'), node(page, 'Group 1.2'))
  const told = problem(
    page,
    `(${code}) not moved. Admin 1.1.1 was faster: ticket ${code} is now here: User 1.1.1 (via Group 1 › Group 1.1).`,
  )
  await expect(told).toBeVisible()
  await expect(ownerOf(rowOf(page, '10 × Studio Professional'))).toHaveText('User 1.1.1 via Group 1 › Group 1.1')
  await told.getByRole('button', { name: 'Try again' }).click()
  await expect(announcement(page, `(${code}) assigned to Group 1.2`)).toBeVisible()
  await expect(ownerOf(rowOf(page, '10 × Studio Professional'))).toHaveText('Group 1 › Group 1.2')
})

test('21: the move of another admin appears within 1 s and takes neither focus nor scroll nor selection', async ({
  page,
  portal,
  browser,
}) => {
  await page.setViewportSize({ width: 1280, height: 520 })
  await portal.desk(page, 'admin-1.1', '/tickets/all?sort=product')
  const other = await portal.other(browser, 'isv-admin')
  const move = await other.prepareMove('100 × Viewer', /^Group 1\.2 /)

  const selected = rowOf(page, '1 × Automation SDK')
  await selected.getByRole('checkbox').check()
  // The last rows, so that the list is scrolled.
  const focused = rowOf(page, big).getByRole('link', { name: /^Move to…/ })
  await rowOf(page, '100 × Viewer').scrollIntoViewIfNeeded()
  await focused.focus()
  await expect(focused).toBeInViewport()
  const before = await rowOf(page, big).boundingBox()

  await move.commit()
  await expect(ownerOf(rowOf(page, '100 × Viewer'))).toHaveText('Group 1 › Group 1.2', { timeout: 1000 })
  await expect(node(page, 'Group 1.2')).toHaveAccessibleName('Group 1.2, 5 tickets')
  await expect(focused).toBeFocused()
  await expect(selected.getByRole('checkbox')).toBeChecked()
  expect(await rowOf(page, big).boundingBox()).toEqual(before)
})

test('22: the ticket is moved, or the target deleted, by others during a drag: the drag lives on, the drop is refused', async ({
  page,
  portal,
  browser,
}) => {
  await portal.desk(page, 'admin-1.1')
  const sent = requestsOf(page)
  const other = await portal.other(browser, 'isv-admin')

  await test.step('the ticket was moved', async () => {
    const code = await codeOf(rowOf(page, '3 × Field Analyzer'))
    const move = await other.prepareMove('3 × Field Analyzer', /^User 1\.1\.1 /)
    await lift(page, contents(page, '3 × Field Analyzer'))
    await carry(page, node(page, 'Group 1'))
    await move.commit()
    await expect(ownerOf(rowOf(page, '3 × Field Analyzer'))).toHaveText('User 1.1.1 via Group 1 › Group 1.1')
    await carry(page, node(page, 'Group 1.2'))
    await expect(announcement(page, `(${code}) over Group 1.2`)).toHaveCount(1)
    await page.mouse.up()
    await expect(problem(page, /is now here: User 1\.1\.1 \(via Group 1 › Group 1\.1\)/)).toBeVisible()
    await expect(ownerOf(rowOf(page, '3 × Field Analyzer'))).toHaveText('User 1.1.1 via Group 1 › Group 1.1')
    expect(sent).toEqual(['reassign'])
  })

  await test.step('the target was deleted', async () => {
    const code = await codeOf(rowOf(page, big))
    await other.openGroup('Group 1', 'Group 1.2')
    await openTab(other.page, 'Settings')
    await other.page.getByRole('combobox', { name: 'Who gets what it holds' }).selectOption('Group 1')
    await lift(page, contents(page, big))
    await carry(page, node(page, 'Group 1.2'))
    await other.page.getByRole('button', { name: 'Delete group' }).click()
    await expect(node(page, 'Group 1.2')).toHaveCount(0)
    await page.mouse.up()
    await expect(
      problem(page, `(${code}) not moved: the target is no longer there. Choose another.`),
    ).toBeVisible()
    await expect(ownerOf(rowOf(page, big))).toHaveText('Group 1')
    expect(sent).toEqual(['reassign'])
  })
})

test('22: a target deleted by others while the page hears nothing: the drop is refused by the server', async ({
  page,
  portal,
  browser,
}) => {
  await page.route('**/live', (route) => route.abort())
  await portal.desk(page, 'admin-1.1')
  const other = await portal.other(browser, 'isv-admin')
  await other.openGroup('Group 1', 'Group 1.2')
  await openTab(other.page, 'Settings')
  await other.page.getByRole('combobox', { name: 'Who gets what it holds' }).selectOption('Group 1')
  await other.page.getByRole('button', { name: 'Delete group' }).click()
  await expect(other.page.getByRole('heading', { level: 1, name: 'Group 1' })).toBeVisible()
  await dragByMouse(page, contents(page, big), node(page, 'Group 1.2'))
  await expect(problem(page, 'It does not exist, or you may not see it.')).toBeVisible()
  await expect(ownerOf(rowOf(page, big))).toHaveText('Group 1')
  // It has also found out that the group is gone.
  await expect(node(page, 'Group 1.2')).toHaveCount(0)
})

/** Holds the first move back, lets the later ones through. */
async function holdFirst(page: Page): Promise<() => void> {
  let fail = () => {}
  const held = new Promise<void>((resolve) => (fail = resolve))
  let first = true
  await page.route('**/api/reassign', async (route) => {
    if (!first) return route.continue()
    first = false
    await held
    await route.fulfill({ status: 500, contentType: 'application/json', body: '"Internal"' })
  })
  return fail
}

test('23: two overlapping moves: the late failure of the first reverts neither the second nor another ticket', async ({
  page,
  portal,
}) => {
  await portal.desk(page, 'admin-1.1')
  const fail = await holdFirst(page)
  await dragByMouse(page, contents(page, big), node(page, 'Group 1.1'))
  await expect(ownerOf(rowOf(page, big))).toHaveText('Group 1 › Group 1.1')
  await dragByMouse(page, contents(page, big), node(page, 'Group 1.2'))
  await expect(announcement(page, 'assigned to Group 1.2')).toBeVisible()
  await dragByMouse(page, contents(page, '100 × Viewer'), node(page, 'Group 1.1'))
  await expect(announcement(page, 'assigned to Group 1.1')).toBeVisible()
  fail()
  await expect(problem(page, 'Something broke on our side')).toBeVisible()
  await expect(ownerOf(rowOf(page, big))).toHaveText('Group 1 › Group 1.2')
  await expect(ownerOf(rowOf(page, '100 × Viewer'))).toHaveText('Group 1 › Group 1.1')
  await page.reload()
  await expect(ownerOf(rowOf(page, big))).toHaveText('Group 1 › Group 1.2')
  await expect(ownerOf(rowOf(page, '100 × Viewer'))).toHaveText('Group 1 › Group 1.1')
})

test('23: a move that was confirmed stays on the screen, while an earlier one of the same ticket is unanswered and when it fails', async ({
  page,
  portal,
}) => {
  await portal.desk(page, 'admin-1.1')
  const fail = await holdFirst(page)
  await dragByMouse(page, contents(page, big), node(page, 'Group 1.1'))
  await expect(ownerOf(rowOf(page, big))).toHaveText('Group 1 › Group 1.1')
  await dragByMouse(page, contents(page, big), node(page, 'Group 1.2'))
  await expect(ownerOf(rowOf(page, big))).toHaveText('Group 1 › Group 1.2')
  // Where it is in each frame from now on.
  const watched = await rowOf(page, big).evaluateHandle((row) => {
    const owners = new Set<string>()
    const look = () => {
      owners.add(row.textContent?.match(/Group 1 › (Group 1\.\d)/)?.[1] ?? 'elsewhere')
      requestAnimationFrame(look)
    }
    look()
    return owners
  })
  await expect(announcement(page, 'assigned to Group 1.2')).toBeVisible()
  // The answered list has been asked for by now, and shown with the count of the tree.
  await expect(node(page, 'Group 1.2')).toHaveAccessibleName('Group 1.2, 5 tickets')
  fail()
  await expect(problem(page, 'Something broke on our side')).toBeVisible()
  await expect(ownerOf(rowOf(page, big))).toHaveText('Group 1 › Group 1.2')
  expect(await watched.evaluate((owners) => [...owners])).toEqual(['Group 1.2'])
})

test('23: moves of one ticket, each sent before the one before is answered, end where the last one says', async ({
  page,
  portal,
}) => {
  await portal.desk(page, 'admin-1.1')
  const waiting: (() => void)[] = []
  await page.route('**/api/reassign', async (route) => {
    if (waiting.length < 2) await new Promise<void>((resolve) => waiting.push(resolve))
    await route.continue()
  })
  await dragByMouse(page, contents(page, big), node(page, 'Group 1.1'))
  await expect(ownerOf(rowOf(page, big))).toHaveText('Group 1 › Group 1.1')
  await dragByMouse(page, contents(page, big), node(page, 'Group 1.2'))
  await expect(ownerOf(rowOf(page, big))).toHaveText('Group 1 › Group 1.2')
  await expect.poll(() => waiting.length).toBe(2)
  for (const go of waiting) go()
  await expect(announcement(page, 'assigned to Group 1.2')).toBeVisible()
  await expect(ownerOf(rowOf(page, big))).toHaveText('Group 1 › Group 1.2')
  await page.reload()
  await expect(ownerOf(rowOf(page, big))).toHaveText('Group 1 › Group 1.2')
  await expect(page.getByRole('alert')).toHaveCount(0)
})

test('24: undo by Ctrl+Z and by the toast; both moves are in the history', async ({ page, portal }) => {
  await portal.desk(page, 'admin-1.1')
  const sent = requestsOf(page)
  const code = await codeOf(rowOf(page, big))
  await dragByMouse(page, contents(page, big), node(page, 'Group 1.2'))
  await expect(announcement(page, `(${code}) assigned to Group 1.2`)).toBeVisible()
  await page.keyboard.press('Control+z')
  await expect(announcement(page, `(${code}): the move was undone`).last()).toBeVisible()
  await expect(ownerOf(rowOf(page, big))).toHaveText('Group 1')
  await page.keyboard.press('Control+z')
  await expect(announcement(page, 'There is nothing to undo.')).toBeVisible()

  await dragByMouse(page, contents(page, big), node(page, 'Group 1.1'))
  await expect(announcement(page, `(${code}) assigned to Group 1.1`)).toBeVisible()
  await page.keyboard.press('F6')
  const undo = page.getByRole('region', { name: 'Notifications' }).getByRole('button', { name: 'Undo' })
  await expect(undo).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(announcement(page, `(${code}): the move was undone`).last()).toBeVisible()
  await expect(ownerOf(rowOf(page, big))).toHaveText('Group 1')
  expect(sent).toEqual(['reassign', 'undo', 'reassign', 'undo'])

  await rowOf(page, big).getByRole('link', { name: code, exact: true }).click()
  await openTab(page, 'History')
  await expect(page.getByRole('heading', { name: 'History' })).toBeVisible()
  const history = page.getByRole('main').getByRole('listitem').filter({ hasText: 'Admin 1.1' })
  await expect(history).toContainText([
    /Undone · Admin 1\.1.*Group 1 › Group 1\.1 → Group 1/,
    /Assigned · Admin 1\.1.*Group 1 → Group 1 › Group 1\.1/,
    /Undone · Admin 1\.1.*Group 1 › Group 1\.2 → Group 1/,
    /Assigned · Admin 1\.1.*Group 1 → Group 1 › Group 1\.2/,
  ])
})

test('24: the time of a toast stands still while it has the focus or the pointer', async ({ page, portal }) => {
  await page.clock.install()
  await portal.desk(page, 'admin-1.1')
  await dragByMouse(page, contents(page, big), node(page, 'Group 1.2'))
  const toast = announcement(page, /assigned to Group 1\.2/)
  await expect(toast).toBeVisible()
  const start = rowOf(page, '100 × Viewer').getByRole('button', { name: /^Drag / })
  await start.focus()

  await page.keyboard.press('F6')
  await expect(toast.getByRole('button', { name: 'Undo' })).toBeFocused()
  await page.clock.runFor(30_000)
  await expect(toast).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(start).toBeFocused()
  await expect(toast).toBeVisible()

  await toast.hover()
  await page.clock.runFor(30_000)
  await expect(toast).toBeVisible()
  await page.mouse.move(400, 20)
  await page.clock.runFor(15_000)
  await expect(toast).toHaveCount(0)
})

test('24: undo is refused when it was overtaken, and when the right is gone', async ({ page, portal, browser }) => {
  await portal.desk(page, 'admin-1.1')
  const other = await portal.other(browser, 'isv-admin')

  await test.step('overtaken', async () => {
    const code = await codeOf(rowOf(page, '10 × Studio Professional'))
    const admin = await portal.other(browser, 'admin-1.1.1')
    await page.getByRole('button', { name: 'Open Group 1.1' }).click()
    await dragByMouse(page, contents(page, '10 × Studio Professional'), node(page, 'User 1.1.1'))
    await expect(announcement(page, `(${code}) assigned to User 1.1.1`)).toBeVisible()
    await admin.move('10 × Studio Professional', /^Admin 1\.1\.1 /)
    await expect(ownerOf(rowOf(page, '10 × Studio Professional'))).toHaveText('Admin 1.1.1 via Group 1 › Group 1.1')
    await page.keyboard.press('Control+z')
    await expect(problem(page, `(${code}): the move was not undone. Admin 1.1.1 was faster`)).toBeVisible()
    await expect(page.getByRole('button', { name: 'Try again' }), 'which would never succeed').toHaveCount(0)
    await expect(ownerOf(rowOf(page, '10 × Studio Professional'))).toHaveText('Admin 1.1.1 via Group 1 › Group 1.1')
  })

  await test.step('the right is gone', async () => {
    await dragByMouse(page, contents(page, big), node(page, 'Group 1.2'))
    await expect(ownerOf(rowOf(page, big))).toHaveText('Group 1 › Group 1.2')
    const undo = page.getByRole('button', { name: 'Undo' })
    await expect(undo).toBeVisible()
    await other.openGroup('Group 1')
    await other.page.getByRole('checkbox', { name: 'Admin: Admin 1.1' }).uncheck()
    await other.page.getByRole('button', { name: 'Save: Admin 1.1' }).click()
    await expect(rowOf(page, big)).toHaveCount(0)
    await page.keyboard.press('Control+z')
    await expect(problem(page, 'the move was not undone. It does not exist, or you may not see it.')).toBeVisible()
    await expect(undo, 'nor is it offered any more').toHaveCount(0)
    await other.page.goto('/tickets/all')
    await expect(ownerOf(rowOf(other.page, big))).toHaveText('Group 1 › Group 1.2')
  })
})

test('the page says when the server is away, keeps what it shows, and comes back by itself', async ({
  page,
  portal,
  browser,
}) => {
  let away = true
  await page.route('**/live', (route) => (away ? route.abort() : route.continue()))
  await portal.desk(page, 'admin-1.1')
  await expect(announcement(page, 'Offline — trying again')).toBeVisible()
  const other = await portal.other(browser, 'isv-admin')
  await other.move('100 × Viewer', /^Group 1\.1 /)
  await expect(ownerOf(rowOf(page, '100 × Viewer'))).toHaveText('Group 1')
  away = false
  await expect(announcement(page, /^live$/)).toBeVisible({ timeout: 10_000 })
  // What happened meanwhile is there, too.
  await expect(ownerOf(rowOf(page, '100 × Viewer'))).toHaveText('Group 1 › Group 1.1')
})

test.describe('kept by the browser', () => {
  test.use({ serviceWorkers: 'allow' })

  test('a page that cannot be loaded says so in the language of the reader, and comes back', async ({ page, portal, context }) => {
    await portal.desk(page, 'admin-1.1')
    await ownMenu(page)
    await page.getByRole('button', { name: 'Deutsch' }).click()
    await portal.ready(page)
    await page.evaluate(() => navigator.serviceWorker.ready)
    await expect
      .poll(() => page.evaluate(() => navigator.serviceWorker.controller?.scriptURL))
      .toMatch(/language=de$/)
    await context.setOffline(true)
    await page.reload()
    await expect(page.getByRole('heading', { level: 1, name: 'Der Server ist nicht erreichbar' })).toBeVisible()
    await expectAccessible(page)
    await context.setOffline(false)
    await page.getByRole('link', { name: 'Erneut versuchen' }).click()
    await expect(page.getByRole('treegrid', { name: 'Gruppen und Personen' })).toBeVisible()
  })
})
