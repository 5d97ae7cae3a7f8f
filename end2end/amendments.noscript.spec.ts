// N17 without wasm: what is to be done stands in the address of a page, and forms do it.
import { chooseAction, expect, openTab, rowOf, test, type Page } from './portal.ts'

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 19) + 'Z'

const previewOf = (page: Page) => page.getByRole('group', { name: 'Preview' })

test('N17: a licence is renewed by forms, that is taken back, and it is revoked', async ({ page, portal }) => {
  portal.import({
    groups: [{ key: 'acme', name: 'Acme', parent: null }],
    tickets: [{ owner: { group: 'acme' }, licenses: [{ product: 'Renewable', quantity: 7, valid_until: inDays(5.5) }] }],
  })
  await portal.begin(page.context(), 'isv-admin')
  await page.goto('/tickets/all')
  await rowOf(page, '7 × Renewable').getByRole('link', { name: /^[0-9A-Z]{5}-/ }).click()
  await chooseAction(page, 'Renew…')
  await expect(page.getByRole('heading', { level: 1, name: 'Renew: 7 × Renewable' })).toBeVisible()
  await expect(previewOf(page)).toHaveCount(0)
  await page.getByRole('radio', { name: '24 months' }).check()
  await page.getByRole('textbox', { name: 'Reason' }).fill('order 4711')
  await page.getByRole('button', { name: 'Preview' }).click()
  await expect(previewOf(page)).toContainText('at once')
  await expect(previewOf(page)).toContainText('Reason: order 4711')
  await expect(page.getByRole('radio', { name: '24 months' }), 'what was entered is still there').toBeChecked()
  await previewOf(page).getByRole('button', { name: 'Renew', exact: true }).click()
  await expect(page.getByRole('status').filter({ hasText: 'The licences were changed.' })).toBeVisible()
  // The part of the page that tells of it.
  await expect(page).toHaveURL(/[?&]tab=term\b/)
  const amendments = page.getByRole('list', { name: 'Amendments: Renewable', exact: true }).getByRole('listitem')
  await expect(amendments).toContainText('Renew for 24 months')
  await expect(amendments).toContainText('Reason: order 4711')
  await page.getByRole('button', { name: 'Undo, Amendment 1: Renewable' }).click()
  await expect(amendments).toContainText('taken back')

  await page.getByRole('link', { name: 'Revoke…: Renewable' }).click()
  await page.getByRole('button', { name: 'Preview' }).click()
  await expect(previewOf(page)).toContainText('This ends for good')
  await previewOf(page).getByRole('checkbox', { name: /^Yes, all of this ends for good/ }).check()
  await previewOf(page).getByRole('button', { name: 'Revoke for good' }).click()
  await expect(page.getByRole('region', { name: 'Term and quantity' })).toContainText('revoked since')
  await expect(page.getByRole('link', { name: /…: Renewable$/ })).toHaveCount(0)
})

test('N17: many are renewed by forms, and the refused ones are left out', async ({ page, portal }) => {
  const owner = { group: 'acme' }
  portal.import({
    groups: [{ key: 'acme', name: 'Acme', parent: null }],
    tickets: [
      { owner, licenses: [{ product: 'Bulk', quantity: 1, valid_until: inDays(5.5) }] },
      { owner, licenses: [{ product: 'Bulk', quantity: 2, valid_until: inDays(9.5) }] },
      { owner, licenses: [{ product: 'Bulk', quantity: 3 }] },
      { owner, licenses: [{ product: 'Bulk', quantity: 4 }] },
    ],
  })
  await portal.begin(page.context(), 'isv-admin')
  await page.goto('/tickets/all?q=bulk')
  await page.getByRole('link', { name: 'Change all 4 licences listed…' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Change licences: 4 items' })).toBeVisible()
  await page.getByRole('checkbox', { name: /^4 × Bulk/ }).uncheck()
  await page.getByRole('button', { name: 'Preview' }).click()
  await expect(previewOf(page)).toContainText('2 allowed, 1 refused')
  await previewOf(page).getByRole('link', { name: 'Leave the refused ones out' }).click()
  await page.getByRole('button', { name: 'Preview' }).click()
  await previewOf(page).getByRole('button', { name: 'Renew: 2 items' }).click()
  await expect(page.getByRole('status').filter({ hasText: 'The licences were changed.' })).toBeVisible()
  await rowOf(page, '1 × Bulk').getByRole('link', { name: /^[0-9A-Z]{5}-/ }).click()
  await openTab(page, 'Term and quantity')
  await expect(page.getByRole('list', { name: 'Amendments: Bulk', exact: true })).toContainText('Renew for 12 months')
})
