// S20: who does nothing is warned, and logged out.
import { expect, expectAccessible, test } from './portal.ts'

// The shortest that the portal takes: the warning comes a minute before the end.
test.use({ idle: '66s' })

test('20: a warning a minute before; staying; and the end', async ({ page, portal }) => {
  test.setTimeout(150_000)
  await portal.desk(page, 'user-2.1')
  const warning = page.getByRole('alertdialog', { name: 'Are you still there?' })
  await expect(warning).toBeVisible({ timeout: 15_000 })
  await expect(warning).toContainText(/You are logged out in \d+ seconds/)
  await expectAccessible(page)
  const stay = warning.getByRole('button', { name: 'Stay logged in' })
  await expect(stay).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(warning).toBeHidden()
  await expect(page.getByRole('treegrid')).toBeVisible()
  // Nobody comes back.
  await expect(warning).toBeVisible({ timeout: 15_000 })
  await expect(page).toHaveURL(/\/login\?next=/, { timeout: 75_000 })
  await expect(page.getByRole('heading', { level: 1, name: 'Log in' })).toBeVisible()
})
