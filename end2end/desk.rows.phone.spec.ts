// The menu of a row on a phone: its button, large enough for a finger, opens a sheet.
import { codeOf, expect, expectAccessible, rowOf, test } from './portal.ts'

test('the button of a row opens its menu as a sheet, in which moving is, too', async ({ page, portal }) => {
  await portal.desk(page, 'admin-1.1', '/tickets/all')
  const row = rowOf(page, '10 × Studio Professional')
  const button = row.getByRole('link', { name: `Actions for ${await codeOf(row)}` })
  const box = await button.boundingBox()
  expect(Math.min(box!.width, box!.height)).toBeGreaterThanOrEqual(44)
  await expect(row.getByRole('link', { name: /^Move to…/ })).toHaveCount(0)
  await button.tap()
  const menu = page.getByRole('menu')
  await expect(menu.getByRole('menuitem').first()).toBeFocused()
  const sheet = await menu.boundingBox()
  expect(sheet!.x).toBe(0)
  expect(sheet!.width).toBe(390)
  for (const item of await menu.getByRole('menuitem').all()) {
    expect((await item.boundingBox())!.height).toBeGreaterThanOrEqual(44)
  }
  await expectAccessible(page)
  await menu.getByRole('menuitem', { name: 'Move to…' }).tap()
  const dialog = page.getByRole('dialog', { name: 'Move to…' })
  await expect(dialog).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
  await expect(button).toBeFocused()
})
