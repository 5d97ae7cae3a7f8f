// S1, S17: the memberships of a person, changed in the person's own form.
import { askedFirst, expect, expectAccessible, rowOf, test } from './portal.ts'

test('17: an admin adds a user to a group in the form of the user, makes them admin, and removes them', async ({
  page,
  portal,
  browser,
}) => {
  await portal.desk(page, 'admin-1.1')
  await page.goto('/users')
  await portal.ready(page)
  await page.getByRole('link', { name: 'User 1.2.1' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'User 1.2.1' })).toBeVisible()
  const memberships = page.getByRole('table', { name: 'Memberships' }).getByRole('rowheader')
  await expect(memberships).toHaveText(['Group 1 › Group 1.2'])

  const group = page.getByRole('combobox', { name: 'Group', exact: true })
  // Neither the groups of others, nor those that the person is in already.
  await expect(group.getByRole('option')).toHaveText(['Group 1', 'Group 1 › Group 1.1'])
  await page.getByRole('searchbox', { name: 'Search groups' }).fill('1.1')
  await expect(group.getByRole('option')).toHaveText(['Group 1 › Group 1.1'])
  await page.getByRole('button', { name: 'Add to group' }).click()
  await expect(memberships).toHaveText(['Group 1 › Group 1.1', 'Group 1 › Group 1.2'])
  await expect(group.getByRole('option')).toHaveText(['There is no other group.'])
  await expectAccessible(page)

  // This admin creates no tickets, and so gives nobody the right to.
  await expect(page.getByRole('checkbox', { name: 'Creates tickets: Group 1 › Group 1.1' })).toBeDisabled()
  await page.getByRole('checkbox', { name: 'Admin: Group 1 › Group 1.1' }).check()
  await expect(page.getByRole('status').filter({ hasText: 'Saved.' })).toBeVisible()
  const other = await portal.other(browser, 'user-1.2.1')
  await other.page.goto('/tickets/all')
  // Protected tickets are for admins.
  await expect(rowOf(other.page, '1 × Automation SDK')).toBeVisible()

  await askedFirst(page, 'Remove: Group 1 › Group 1.1')
  await expect(memberships).toHaveText(['Group 1 › Group 1.2'])
  await other.page.reload()
  await expect(rowOf(other.page, '1 × Automation SDK')).toHaveCount(0)
})
