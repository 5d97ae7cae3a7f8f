// N2: who can see a ticket, why, and why somebody cannot.
import { expect, expectAccessible, openTicket, test } from './portal.ts'

test('N2: an admin reads who sees a ticket, and why a colleague does not', async ({ page, portal }) => {
  await portal.desk(page, 'admin-1.1')
  await openTicket(page, portal, '10 × Studio Professional')
  await page.getByRole('link', { name: 'Who can see this?' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Who can see this ticket' })).toBeVisible()
  const row = (name: string) => page.getByRole('row', { name: new RegExp(`^${name} `) })
  await expect(row('Admin 1.1')).toContainText('Sees it')
  await expect(row('Admin 1.1')).toContainText('Is an admin of Group 1.')
  await expect(page.getByText('Also the admins of the groups above those named here')).toBeVisible()
  await expectAccessible(page)
  await page.getByRole('searchbox', { name: 'Ask about a person' }).fill('user 1.2')
  await expect(row('User 1.2.1')).toContainText('Does not see it')
  await expect(row('User 1.2.1')).toContainText('A member would see it.')
  await expect(row('Admin 1.1')).toHaveCount(0)
  await expectAccessible(page)
  await page.getByRole('searchbox', { name: 'Ask about a person' }).fill('nobody at all')
  await expect(page.getByText('Nobody of the people you may know of.')).toBeVisible()
})

test.describe('auf Deutsch', () => {
  test.use({ locale: 'de-DE' })
  test('N2: ein Mitglied erfährt, warum es selbst das Ticket sieht, und sonst niemanden', async ({ page, portal }) => {
    await portal.desk(page, 'user-1.1.1')
    await openTicket(page, portal, '10 × Studio Professional')
    await page.getByRole('link', { name: 'Wer kann das sehen?' }).click()
    await expect(page.getByRole('row')).toHaveCount(2)
    await expect(page.getByRole('row', { name: /User 1\.1\.1/ })).toContainText('Ist Mitglied von Group 1.1.')
    await expectAccessible(page)
  })
})
