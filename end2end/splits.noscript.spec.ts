// N17 without wasm: a part of a ticket is split off by a form, and joined again.
import { chooseAction, expect, rowOf, test } from './portal.ts'

test('N17: a part is split off and joined again by forms', async ({ page, portal }) => {
  portal.import({
    groups: [{ key: 'acme', name: 'Acme', parent: null }],
    tickets: [{ owner: { group: 'acme' }, licenses: [{ product: 'Splittable', quantity: 10 }] }],
  })
  await portal.begin(page.context(), 'isv-admin')
  await page.goto('/tickets/all')
  await rowOf(page, '10 × Splittable').getByRole('link', { name: /^[0-9A-Z]{5}-/ }).click()
  await chooseAction(page, 'Split off…')
  await page.getByRole('spinbutton', { name: 'Quantity: Splittable' }).fill('4')
  await page.getByRole('button', { name: 'Split off' }).click()
  await expect(page.getByRole('status').filter({ hasText: 'This part was split off' })).toBeVisible()
  await expect(page.getByRole('heading', { level: 1, name: '4 × Splittable' })).toBeVisible()
  await chooseAction(page, 'Join…')
  await expect(page.getByRole('radio', { name: /6 × Splittable/ })).toBeChecked()
  await page.getByRole('button', { name: 'Join' }).click()
  await expect(page.getByRole('heading', { level: 1, name: '10 × Splittable' })).toBeVisible()
  await expect(page.getByRole('status').filter({ hasText: 'The two tickets are one now.' })).toBeVisible()
})
