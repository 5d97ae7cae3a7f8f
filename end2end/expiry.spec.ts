// N15: what expires soon, by branch and one by one; mailed unless switched off.
import { expect, expectAccessible, test } from './portal.ts'

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 19) + 'Z'

test('N15: what expires soon, and the mails about it', async ({ page, portal }) => {
  portal.import({
    groups: [
      { key: 'a', name: 'Acme', parent: null },
      { key: 'b', name: 'Acme South', parent: 'a' },
    ],
    tickets: [
      { owner: { group: 'a' }, licenses: [{ product: 'VIEW', quantity: 4, valid_until: inDays(5.5) }] },
      { owner: { group: 'b' }, licenses: [{ product: 'FIELD', quantity: 2, valid_until: inDays(50.5) }] },
      { owner: { group: 'b' }, licenses: [{ product: 'VIEW', quantity: 1, valid_until: inDays(200) }] },
    ],
  })
  await portal.desk(page, 'isv-admin', '/expiring')
  await expect(page.getByRole('heading', { level: 1, name: 'Expiring' })).toBeVisible()
  const rows = page.getByRole('table', { name: 'Expiring' }).getByRole('row').filter({ has: page.getByRole('cell') })
  const figures = page.getByRole('table', { name: 'Licences by the time they have left' }).getByRole('row')
  await expect(rows).toHaveCount(2)
  await expect(rows.first()).toContainText(/2–7 days.*4 × Viewer.*Acme/)
  await expect(figures.filter({ hasText: 'Acme' })).toContainText('2')
  await expectAccessible(page)

  await figures.getByRole('link', { name: 'Acme' }).click()
  await expect(figures.filter({ hasText: 'Acme (directly here)' })).toBeVisible()
  await figures.getByRole('link', { name: 'Acme South' }).click()
  await expect(rows).toHaveCount(1)
  await page.getByRole('link', { name: 'All branches' }).click()
  await expect(rows).toHaveCount(2)
  const filter = page.getByRole('main').getByRole('search')
  await filter.getByRole('combobox', { name: 'Within' }).selectOption('7 days')
  await filter.getByRole('combobox', { name: 'Product' }).selectOption('Viewer')
  await filter.getByRole('button', { name: 'Show' }).click()
  await expect(page).toHaveURL(/days=7/)
  await expect(rows).toHaveCount(1)
  await rows.getByRole('link', { name: /^[0-9A-Z]{5}-/ }).click()
  await expect(page.getByRole('heading', { level: 1, name: '4 × Viewer' })).toBeVisible()

  await page.goto('/me')
  await portal.ready(page)
  const mails = page.getByRole('group', { name: /^Mail me what expires/ })
  await expect(mails.getByRole('radio', { name: 'Yes' })).toBeChecked()
  await mails.getByRole('radio', { name: 'No' }).check()
  await page.getByRole('button', { name: 'Save: Mails' }).click()
  await expect(page.getByRole('status').filter({ hasText: 'Saved.' })).toBeVisible()
  await page.reload()
  await expect(mails.getByRole('radio', { name: 'No' })).toBeChecked()
  await expectAccessible(page)
})
