// N16: the portal as another person sees it.
import { chooseAction, expect, expectAccessible, rowsOf, test } from './portal.ts'

test('N16: an admin views the portal as a user, changes nothing, and it is recorded', async ({ page, portal }) => {
  await portal.desk(page, 'admin-1.1', '/users?q=1.1.1')
  await page.getByRole('link', { name: 'User 1.1.1' }).click()
  await chooseAction(page, 'View as this person')
  const banner = page.getByRole('region', { name: 'View as somebody else' })
  await expect(banner).toContainText('You are viewing the portal as User 1.1.1, until ')
  await portal.ready(page)
  // The tree of User 1.1.1: nothing above their own group.
  const tree = page.getByRole('treegrid', { name: 'Groups and people' })
  await expect(tree.getByRole('link', { name: 'Group 1.1', exact: true })).toBeVisible()
  await expect(tree.getByRole('link', { name: 'Group 1', exact: true })).toHaveCount(0)
  await expectAccessible(page)

  await test.step('what would change something is refused in words', async () => {
    await page.goto('/me')
    await portal.ready(page)
    await page.getByRole('textbox', { name: 'Name' }).fill('Somebody else')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await expect(
      page.getByRole('alert').filter({ hasText: 'You are viewing the portal as somebody else: nothing can be changed' }),
    ).toBeVisible()
    await expect(banner).toBeVisible()
  })

  await banner.getByRole('button', { name: 'End the view' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'User 1.1.1' })).toBeVisible()
  await expect(banner).toHaveCount(0)
  await page.goto('/history?about=accounts')
  const events = page.getByRole('table', { name: 'History' }).getByRole('row').filter({ hasText: 'User 1.1.1' })
  await expect(events.filter({ hasText: 'View as this person ended' })).toContainText('Admin 1.1')
  await expect(events.filter({ hasText: 'View as this person began' })).toContainText('Admin 1.1')
  await page.goto('/tickets/all')
  await expect(rowsOf(page)).not.toHaveCount(0)
})
