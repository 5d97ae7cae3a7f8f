// Access tokens: made on one's own page, used by a program, taken back there and by an admin.
import { demoPassword, expect, expectAccessible, test } from './portal.ts'

test('a token works as far as its scopes go, until it is taken back', async ({ page, portal, request }) => {
  await portal.login(page, 'admin-1.1')
  await page.goto('/me')
  await portal.ready(page)
  await page.getByRole('link', { name: 'Access tokens' }).click()
  await expect(page.getByText('There are no access tokens.')).toBeVisible()
  await expectAccessible(page)
  const make = async () => {
    await page.getByLabel('Present password').fill(demoPassword)
    await page.getByRole('button', { name: 'Make the token' }).click()
  }
  // Nothing is good for nothing.
  await page.getByLabel('What is it for?').fill('Nightly report of everything that is in the branch')
  await make()
  await expect(page.getByRole('alert').filter({ hasText: 'Choose what the token may be used for.' })).toBeVisible()
  await page.getByLabel('What is it for?').fill('Nightly report of everything that is in the branch')
  await page.getByLabel('Tickets').selectOption('read')
  await make()
  await expect(page.getByText('The token is shown only now.')).toBeVisible()
  const token = await page.getByRole('status').getByRole('code').innerText()
  const row = page.getByRole('row', { name: /Nightly report/ })
  await expect(row).toContainText('tickets:read')
  await expect(row).toContainText('never')
  await expectAccessible(page)
  const ask = (path: string) =>
    request.get(new URL(`/api/v1${path}`, page.url()).href, { headers: { authorization: `Bearer ${token}` } })
  const list = await ask('/tickets?node=all&below=true')
  expect(list.status(), await list.text()).toBe(200)
  expect((await list.json()).total).toBeGreaterThan(0)
  expect((await ask('/users')).status()).toBe(403)
  await page.reload()
  await portal.ready(page)
  await expect(row).not.toContainText('never')
  await expect(page.getByText(token)).toHaveCount(0)
  await page.getByRole('button', { name: /^Take back/ }).click()
  await expect(page.getByText('There are no access tokens.')).toBeVisible()
  expect((await ask('/tickets?node=all&below=true')).status()).toBe(401)
})
