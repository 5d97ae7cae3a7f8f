// N18 in German: a ticket that nobody uses is asked back, and given back at once.
import { expect, expectAccessible, test } from './portal.ts'

test.use({ locale: 'de-DE' })

test('N18: ein ungenutztes Ticket wird zurückverlangt und sofort zurückgegeben', async ({ page, portal }) => {
  await portal.begin(page.context(), 'admin-1.1')
  await page.goto('/tickets/all')
  await portal.ready(page)
  const contents = '1 × Studio Professional'
  const row = page.getByRole('table', { name: 'Tickets' }).getByRole('row').filter({ hasText: contents }).filter({ hasText: 'User 1.1.1' })
  const ticket = (await row.getByRole('link', { name: /^[0-9A-Z]{5}-/ }).getAttribute('href')) ?? ''
  const form = { 'new[tickets][0]': ticket.replace('/ticket/', ''), 'new[to]': '', 'new[days]': '7' }
  const answer = await page.context().request.post(`${portal.url}/api/ask_take_back`, { form })
  expect(answer.status(), await answer.text()).toBe(200)

  await portal.forget(page)
  await portal.begin(page.context(), 'user-1.1.1')
  await page.goto(`${portal.url}/take-backs`)
  await portal.ready(page)
  await expect(page.getByRole('heading', { level: 1, name: 'Rücknahmen' })).toBeVisible()
  await expectAccessible(page)
  const asked = page.getByRole('table', { name: 'Rücknahmen' }).getByRole('row').filter({ hasText: contents })
  await expect(asked).toContainText('zurückverlangt')
  await expect(asked, 'kein Name von oben').not.toContainText('Admin 1.1')
  await asked.getByRole('button', { name: `Jetzt zurückgeben: ${contents}` }).click()
  await portal.ready(page)
  await expect(page.getByRole('main')).toContainText('Von Ihnen wird kein Ticket zurückverlangt')
})
