// S16, N12: more seats, or another variant, are asked for in the licence administration.
import { expect, expectAccessible, openTab, test } from './portal.ts'

test('12: a request is recorded, mailed to the maker, and withdrawn', async ({ page, portal }) => {
  await portal.login(page, 'isv-admin')
  await expect(page.getByRole('treegrid')).toBeVisible()
  await page.goto('/instance')
  await portal.ready(page)
  await openTab(page, 'Requests')
  await expect(page.getByText('The request is mailed to maker@example.org.')).toBeVisible()
  const send = async (seats: string) => {
    await page.getByRole('spinbutton', { name: 'Number of active users' }).fill(seats)
    await page.getByRole('textbox', { name: 'Note to the maker' }).fill('Before May, please.')
    await page.getByRole('button', { name: 'Send the request' }).click()
  }
  await send('12')
  await expect(page.getByRole('alert').filter({ hasText: 'This is what the instance has already.' })).toBeVisible()
  await send('40')
  await expect(page.getByRole('status').filter({ hasText: 'The request was recorded.' })).toBeVisible()
  const request = page.getByRole('list', { name: 'Requests' }).getByRole('listitem')
  await expect(request).toContainText('Number of active users: 40')
  const [mail = ''] = await portal.mails(1)
  expect(mail).toContain('To: maker@example.org')
  expect(mail).toContain('12 -> 40')
  await expect(request, 'without loading the page again').toContainText('mailed to the maker')
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Withdraw: Number of active users: 40' }).click()
  await expect(request).toContainText('withdrawn')
})
