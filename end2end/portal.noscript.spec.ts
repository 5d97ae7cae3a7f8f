// Everything that works without JavaScript.
import {
  askedFirst,
  codeOf,
  expect,
  inventedCode,
  node,
  openTab,
  ownerOf,
  ownMenu,
  requestsOf,
  rowOf,
  rowsOf,
  test,
} from './portal.ts'

test('login, browsing, sorting, searching and pages', async ({ page, portal }) => {
  portal.import({
    groups: [{ key: 'many', name: 'Many', parent: null }],
    tickets: Array.from({ length: 60 }, (_, at) => ({
      owner: { group: 'many' },
      licenses: [{ product: 'Bulk', quantity: at + 1 }],
    })),
  })
  await portal.login(page, 'isv-admin', 'wrong')
  await expect(page.getByRole('alert').filter({ hasText: 'Login or password is wrong' })).toBeVisible()
  await portal.login(page, 'isv-admin')

  await test.step('browse', async () => {
    const tree = page.getByRole('treegrid', { name: 'Groups and people' })
    await tree.getByRole('link', { name: 'Group 1', exact: true }).click()
    await expect(page.getByRole('heading', { level: 1, name: 'Group 1' })).toBeVisible()
    await expect(node(page, 'Group 1')).toHaveAttribute('aria-selected', 'true')
    await tree.getByRole('link', { name: 'Group 1.1', exact: true }).click()
    await expect(page.getByRole('heading', { level: 1, name: 'Group 1.1' })).toBeVisible()
    await expect(rowsOf(page)).toHaveCount(5)
    await tree.getByRole('link', { name: 'Group 1', exact: true }).click()
    await expect(rowsOf(page)).toHaveCount(13)
    await page.getByRole('switch', { name: 'with subgroups' }).click()
    await expect(page.getByRole('switch', { name: 'with subgroups' })).not.toBeChecked()
    await expect(rowsOf(page)).toHaveCount(4)
  })

  await test.step('filter the tree', async () => {
    const tree = page.getByRole('treegrid', { name: 'Groups and people' })
    await page.getByRole('searchbox', { name: 'Filter groups and people' }).fill('user 1.2.1')
    await page.getByRole('button', { name: 'Filter', exact: true }).click()
    await expect(page.getByRole('status').filter({ hasText: '1 found' })).toBeVisible()
    await expect(tree.getByRole('row')).toHaveCount(3)
    await expect(node(page, 'User 1.2.1')).toBeVisible()
    await page.getByRole('link', { name: 'Show the whole tree' }).click()
    await expect(node(page, 'Group 1')).toBeVisible()
  })

  await test.step('sort and search', async () => {
    await page.goto('/tickets/none')
    const rows = rowsOf(page)
    await page.getByRole('columnheader').getByRole('link', { name: 'Content' }).click()
    await expect(page.getByRole('columnheader', { name: 'Content' })).toHaveAttribute('aria-sort', 'ascending')
    await expect(rows).toContainText([/Field Analyzer/, /Studio Professional/, /Viewer/])
    await page.getByRole('columnheader').getByRole('link', { name: 'Content' }).click()
    await expect(page.getByRole('columnheader', { name: 'Content' })).toHaveAttribute('aria-sort', 'descending')
    await expect(rows).toContainText([/Viewer/, /Studio Professional/, /Field Analyzer/])
    await page.getByRole('searchbox', { name: 'Search tickets' }).fill('viewer')
    await page.getByRole('button', { name: 'Search' }).click()
    await expect(rows).toContainText([/50 × Viewer/])
    await page.getByRole('searchbox', { name: 'Search tickets' }).fill('nothing of that kind')
    await page.getByRole('button', { name: 'Search' }).click()
    await expect(page.getByText('No ticket matches.')).toBeVisible()
  })

  await test.step('pages', async () => {
    await page.goto('/tickets/all')
    await page.getByRole('treegrid').getByRole('link', { name: 'Many', exact: true }).click()
    const pages = page.getByRole('navigation', { name: 'Pages' })
    await expect(pages).toContainText('1–50 of 60')
    await pages.getByRole('link', { name: 'Next page' }).click()
    await expect(pages).toContainText('51–60 of 60')
    await expect(rowsOf(page)).toHaveCount(10)
  })
})

test('a ticket is moved by a form, once, and its history tells', async ({ page, portal }) => {
  await portal.login(page, 'admin-1.1')
  await page.goto('/tickets/all')
  const ticket = rowOf(page, '25 × Studio Professional')
  const code = await codeOf(ticket)
  await ticket.getByRole('link', { name: `Move to… ${code}` }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Move 25 × Studio Professional to…' })).toBeVisible()
  // Where it is already is no target, and every target has its full path.
  await expect(page.getByRole('radio', { name: /^Group 1 / })).toHaveCount(0)
  await page.getByRole('searchbox', { name: 'Search targets' }).fill('1.2')
  await page.getByRole('button', { name: 'Search' }).click()
  await expect(page.getByRole('radio')).toHaveCount(3)
  await page.getByRole('radio', { name: 'User 1.2.1 Group 1 › Group 1.2' }).check()
  const sent = requestsOf(page)
  await page.getByRole('button', { name: 'Move', exact: true }).click()
  await expect(page.getByRole('status').filter({ hasText: 'The tickets were moved.' })).toBeVisible()
  await expect(ownerOf(rowOf(page, '25 × Studio Professional'))).toHaveText('User 1.2.1 via Group 1 › Group 1.2')
  expect(sent).toEqual(['reassign'])
  await rowOf(page, '25 × Studio Professional').getByRole('link', { name: code, exact: true }).click()
  await openTab(page, 'History')
  await expect(page.getByRole('listitem').filter({ hasText: 'Assigned · Admin 1.1' })).toContainText(
    'Group 1 → User 1.2.1 (via Group 1 › Group 1.2)',
  )
})

test('a form that was overtaken says where the ticket is, and only as much as the reader may know', async ({ page, portal, browser }) => {
  await portal.login(page, 'admin-1.1')
  await page.goto('/tickets/all')
  await rowOf(page, '25 × Studio Professional').getByRole('link', { name: /^Move to…/ }).click()
  const other = await portal.other(browser, 'isv-admin')
  await other.move('25 × Studio Professional', /^Group 1\.1 /)
  await page.getByRole('radio', { name: /^Group 1\.2 / }).check()
  await page.getByRole('button', { name: 'Move', exact: true }).click()
  await expect(
    page.getByRole('alert').filter({ hasText: /Somebody else was faster: ticket .* is now here: Group 1 › Group 1\.1\./ }),
  ).toBeVisible()
  await page.goto('/tickets/all')
  await expect(ownerOf(rowOf(page, '25 × Studio Professional'))).toHaveText('Group 1 › Group 1.1')
})

test('a person joins a group and leaves it, in their own form', async ({ page, portal }) => {
  await portal.login(page, 'admin-1.1')
  await page.goto('/users?q=1.2.1')
  await page.getByRole('link', { name: 'User 1.2.1' }).click()
  const memberships = page.getByRole('table', { name: 'Memberships' }).getByRole('rowheader')
  await page.getByRole('searchbox', { name: 'Search groups' }).fill('1.1')
  await page.getByRole('button', { name: 'Search', exact: true }).click()
  const group = page.getByRole('combobox', { name: 'Group', exact: true })
  await expect(group.getByRole('option')).toHaveText(['Group 1 › Group 1.1'])
  await page.getByRole('button', { name: 'Add to group' }).click()
  await expect(memberships).toHaveText(['Group 1 › Group 1.1', 'Group 1 › Group 1.2'])
  await askedFirst(page, 'Remove: Group 1 › Group 1.1')
  await expect(memberships).toHaveText(['Group 1 › Group 1.2'])
})

test('codes are redeemed, and a wrong one is told', async ({ page, portal, browser }) => {
  const other = await portal.other(browser, 'isv-admin')
  await other.page.goto('/tickets/none')
  const code = await codeOf(rowOf(other.page, '50 × Viewer'))
  await portal.login(page, 'user-2.1')
  await page.goto('/add')
  await page.getByRole('textbox', { name: 'Ticket codes' }).fill(`${code}; ${inventedCode()}`)
  await page.getByRole('button', { name: 'Redeem code' }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'Code 2 cannot be redeemed.' })).toBeVisible()
  await page.getByRole('textbox', { name: 'Ticket codes' }).fill(code.toLowerCase())
  await page.getByRole('combobox', { name: 'For' }).selectOption('Myself, via Group 2')
  await page.getByRole('button', { name: 'Redeem code' }).click()
  await expect(ownerOf(rowOf(page, '50 × Viewer'))).toHaveText('User 2.1 via Group 2')
})

test('the language is switched and remembered, and logging out ends the session', async ({ page, portal }) => {
  await portal.login(page, 'user-2.1')
  await page.goto('/tickets/mine')
  await ownMenu(page)
  await page.getByRole('button', { name: 'Deutsch' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Meine Tickets' })).toBeVisible()
  await expect(page.getByRole('treegrid', { name: 'Gruppen und Personen' })).toBeVisible()
  await ownMenu(page)
  await page.getByRole('button', { name: 'Abmelden' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Anmelden' })).toBeVisible()
  await page.goto('/tickets/mine')
  await expect(page.getByRole('heading', { level: 1, name: 'Anmelden' })).toBeVisible()
})

test('everything is found by a form, and a result leads there', async ({ page, portal }) => {
  await portal.login(page, 'admin-1.1')
  await page.getByRole('banner').getByRole('searchbox', { name: 'Find anything' }).fill('1.2.1')
  await page.getByRole('banner').getByRole('button', { name: 'Find', exact: true }).click()
  const main = page.getByRole('main')
  await expect(main.getByRole('heading', { level: 1, name: 'Search' })).toBeVisible()
  await main.getByRole('link', { name: 'User 1.2.1' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'User 1.2.1' })).toBeVisible()
  await page.goto('/search?q=nothing+like+that')
  await expect(page.getByText('Nothing matches “nothing like that”.')).toBeVisible()
})
