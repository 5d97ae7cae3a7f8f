import {
  announcement,
  askedFirst,
  dragByMouse,
  expect,
  node,
  openTab,
  ownerOf,
  requestsOf,
  rowOf,
  test,
} from './portal.ts'

test('a group is made, renamed, moved and dissolved; its tickets go to the heir', async ({ page, portal }) => {
  await portal.desk(page, 'admin-1.1')
  await node(page, 'Group 1').getByRole('link', { name: 'Manage Group 1' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Group 1', exact: true })).toBeVisible()
  await page.getByRole('link', { name: 'New subgroup' }).click()

  await test.step('create', async () => {
    const name = page.getByRole('textbox', { name: 'Name of the group' })
    await name.fill('   ')
    await page.getByRole('button', { name: 'Create group' }).click()
    await expect(page.getByRole('alert').filter({ hasText: 'Enter a name.' })).toBeVisible()
    await name.fill('Gruppe „Süd“ 🌍')
    await page.getByRole('button', { name: 'Create group' }).click()
    await expect(page.getByRole('heading', { level: 1, name: 'Gruppe „Süd“ 🌍' })).toBeVisible()
    await expect(page.getByRole('navigation', { name: 'Groups', exact: true }).getByRole('link')).toHaveText(['Group 1'])
    await expect(page.getByText('0 tickets · 0 subgroups')).toBeVisible()
  })

  await test.step('rename', async () => {
    await openTab(page, 'Settings')
    await page.getByRole('textbox', { name: 'Name of the group' }).fill('South')
    await page.getByRole('button', { name: 'Rename', exact: true }).click()
    await expect(page.getByRole('heading', { level: 1, name: 'South' })).toBeVisible()
    await expect(page.getByRole('status').filter({ hasText: 'Saved.' })).toBeVisible()
  })

  await test.step('move', async () => {
    const parent = page.getByRole('combobox', { name: 'New parent group' })
    // The top level is the ISV admins'; below itself it cannot come.
    await expect(parent.getByRole('option')).toHaveText(['Group 1', 'Group 1 › Group 1.1', 'Group 1 › Group 1.2'])
    await parent.selectOption('Group 1 › Group 1.2')
    await page.getByRole('button', { name: 'Move group' }).click()
    await expect(page.getByRole('navigation', { name: 'Groups', exact: true }).getByRole('link')).toHaveText([
      'Group 1',
      'Group 1.2',
    ])
  })

  await test.step('give it a ticket, and dissolve it', async () => {
    await page.getByRole('link', { name: 'Show tickets' }).click()
    await expect(page.getByText('No tickets here yet.')).toBeVisible()
    await expect(node(page, 'South')).toHaveAttribute('aria-level', '3')
    await node(page, 'All tickets').getByRole('link', { name: 'All tickets' }).click()
    await dragByMouse(page, rowOf(page, '100 × Viewer').getByRole('cell').nth(3), node(page, 'South'))
    await expect(announcement(page, /assigned to South/)).toBeVisible()
    await node(page, 'South').getByRole('link', { name: 'Manage South' }).click()
    await openTab(page, 'Settings')
    await expect(page.getByText('It holds 0 subgroups, 1 ticket and 0 members. A deleted group does not come back.')).toBeVisible()
    await page.getByRole('button', { name: 'Delete group' }).click()
    await expect(page.getByRole('alert').filter({ hasText: 'The group is not empty.' })).toBeVisible()
    await page.getByRole('combobox', { name: 'Who gets what it holds' }).selectOption('Group 1 › Group 1.1')
    await page.getByRole('button', { name: 'Delete group' }).click()
    await expect(page.getByRole('heading', { level: 1, name: 'Group 1.1' })).toBeVisible()
    await page.goto('/tickets/all')
    await expect(ownerOf(rowOf(page, '100 × Viewer'))).toHaveText('Group 1 › Group 1.1')
    await expect(node(page, 'South')).toHaveCount(0)
  })
})

test('members come, get rights and go; nobody gives what they do not have', async ({ page, portal, browser }) => {
  await portal.desk(page, 'admin-1.1')
  await node(page, 'Group 1.1').getByRole('link', { name: 'Manage Group 1.1' }).click()
  const members = page.getByRole('table', { name: 'Members' }).getByRole('rowheader')
  await expect(members).toHaveText([/Admin 1\.1\.1/, /User 1\.1\.1/])

  await page.getByRole('searchbox', { name: 'Search people' }).fill('1.2.1')
  const person = page.getByRole('combobox', { name: 'Person' })
  await expect(person.getByRole('option')).toHaveText(['User 1.2.1 (user-1.2.1)'])
  await page.getByRole('button', { name: 'Add member' }).click()
  await expect(members).toHaveText([/Admin 1\.1\.1/, /User 1\.1\.1/, /User 1\.2\.1/])

  // This admin creates no tickets, and so gives nobody the right to.
  await expect(page.getByRole('checkbox', { name: 'Creates tickets: User 1.2.1' })).toBeDisabled()
  await page.getByRole('checkbox', { name: 'Admin: User 1.2.1' }).check()
  await expect(page.getByRole('status').filter({ hasText: 'Saved.' })).toBeVisible()
  await expect(announcement(page, 'Permissions of User 1.2.1 changed.')).toBeVisible()
  const other = await portal.other(browser, 'user-1.2.1')
  await other.page.goto('/tickets/all')
  // Protected tickets are for admins.
  await expect(rowOf(other.page, '1 × Automation SDK')).toBeVisible()

  const admin = page.getByRole('checkbox', { name: 'Admin: User 1.2.1' })
  await page.getByRole('button', { name: 'Undo', exact: true }).click()
  await expect(admin).not.toBeChecked()
  await admin.check()
  await expect(announcement(page, 'Permissions of User 1.2.1 changed.')).toBeVisible()
  await expect(admin, 'the list is made anew around it').toBeFocused()
  await expect(admin).toBeChecked()

  await askedFirst(page, 'Remove: User 1.2.1')
  await expect(members).toHaveText([/Admin 1\.1\.1/, /User 1\.1\.1/])
  await other.page.reload()
  await expect(rowOf(other.page, '1 × Automation SDK')).toHaveCount(0)
})

test('a group is dragged to another place, and back by undo; without the right there is nothing to drag', async ({
  page,
  portal,
}) => {
  await portal.desk(page, 'isv-admin')
  const sent = requestsOf(page)
  const name = (group: string) => node(page, group).getByRole('link', { name: group, exact: true })
  await page.getByRole('button', { name: 'Open Group 1' }).click()
  await expect(node(page, 'Group 1.1')).toBeVisible()
  await dragByMouse(page, name('Group 1.1'), name('Group 2'))
  await expect(announcement(page, 'Group 1.1 moved to Group 2')).toBeVisible()
  await expect(node(page, 'Group 2')).toHaveAccessibleName('Group 2, 10 tickets')
  await expect(node(page, 'Group 1')).toHaveAccessibleName('Group 1, 8 tickets')
  await expect(node(page, 'Group 1.1')).toHaveAttribute('aria-level', '2')
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(announcement(page, 'Group 1.1: the move was undone')).toBeVisible()
  await expect(node(page, 'Group 1')).toHaveAccessibleName('Group 1, 13 tickets')
  expect(sent).toEqual(['move_group', 'move_group'])

  await portal.forget(page)
  await portal.desk(page, 'admin-1.1')
  await dragByMouse(page, name('Group 1'), name('Group 1.2'))
  await expect(announcement(page, 'lifted')).toHaveCount(0)
  expect(sent).toHaveLength(2)
})

test('who does not administer a group is shown no forms, and no group that is not theirs', async ({ page, portal }) => {
  await portal.desk(page, 'user-1.2.1')
  await node(page, 'Group 1.2').getByRole('link', { name: 'Manage Group 1.2' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Group 1.2' })).toBeVisible()
  for (const button of ['Rename', 'Move group', 'Delete group', 'Add member']) {
    await expect(page.getByRole('button', { name: button, exact: true })).toHaveCount(0)
  }
  await expect(page.getByRole('link', { name: 'New subgroup' })).toHaveCount(0)
  const answer = await page.goto('/groups/new')
  expect(answer?.status()).toBe(404)
  await expect(page.getByRole('heading', { level: 1, name: 'Not found' })).toBeVisible()
})
