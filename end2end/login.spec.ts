import { expect, expectAccessible, test } from './portal.ts'

test('an administrator logs in and sees the groups and the tickets', async ({ page, portal }) => {
  await portal.login(page, 'admin-1.1')
  await expect(page.getByRole('treegrid', { name: 'Groups and people' })).toBeVisible()
  await expect(page.getByRole('table', { name: 'Tickets' })).toBeVisible()
  await expectAccessible(page)
})

test('a wrong password is refused, and the page says so', async ({ page, portal }) => {
  await portal.login(page, 'admin-1.1', 'not the password')
  await expect(page.getByRole('alert')).toBeVisible()
  await expect(page.getByRole('treegrid')).toHaveCount(0)
  await expectAccessible(page)
})
