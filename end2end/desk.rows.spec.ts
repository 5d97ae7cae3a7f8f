// The menu of a row of the list: by the secondary button, by keys, and by its button.
import { codeOf, expect, expectAccessible, node, ownerOf, rowOf, rowsOf, test, type Page } from './portal.ts'

const menu = (page: Page) => page.getByRole('menu')
const items = (page: Page) => menu(page).getByRole('menuitem')
const item = (page: Page, name: string | RegExp) => menu(page).getByRole('menuitem', { name, exact: true })

test('the secondary button opens the menu of a row, inside the window, and Escape gives the focus back', async ({ page, portal }) => {
  await portal.desk(page, 'admin-1.1')
  const row = rowOf(page, '10 × Studio Professional')
  const code = await codeOf(row)
  await row.getByRole('cell').nth(1).click({ button: 'right' })
  await expect(page.getByRole('menu', { name: `Actions for ${code}` })).toBeVisible()
  await expect(items(page).first()).toBeFocused()
  for (const name of ['Open', 'Move to…', 'Copy the code', 'Use', 'Who can see this?']) {
    await expect(item(page, name), name).toBeVisible()
  }
  // What a menu covers for the moment is no target, though axe measures it as one.
  await expectAccessible(page, 'colours')
  const box = await menu(page).boundingBox()
  expect(box!.x + box!.width).toBeLessThanOrEqual(1280)
  expect(box!.y + box!.height).toBeLessThanOrEqual(800)
  await page.keyboard.press('End')
  await expect(items(page).last()).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await expect(items(page).first(), 'round the end').toBeFocused()
  await page.keyboard.press('Escape')
  await expect(menu(page)).toHaveCount(0)
  await expect(row).toBeFocused()

  await test.step('a press beside it closes it, and one on another row opens that of the other', async () => {
    await row.getByRole('cell').nth(1).click({ button: 'right' })
    await expect(menu(page)).toBeVisible()
    await page.getByRole('heading', { level: 1 }).click()
    await expect(menu(page)).toHaveCount(0)
    const other = rowOf(page, '25 × Studio Professional')
    await other.getByRole('cell').nth(1).click({ button: 'right' })
    await expect(page.getByRole('menu', { name: `Actions for ${await codeOf(other)}` })).toBeVisible()
    await expect(menu(page)).toHaveCount(1)
    await page.keyboard.press('Escape')
  })

  await test.step('nothing is selected by it, and its first item leads to the ticket', async () => {
    await expect(row.getByRole('checkbox')).not.toBeChecked()
    await row.getByRole('cell').nth(1).click({ button: 'right' })
    await item(page, 'Open').click()
    await expect(page.getByRole('heading', { level: 1, name: '10 × Studio Professional' })).toBeVisible()
  })
})

test('the keys for it open the menu of the row that has the focus, and what it offers is done', async ({ page, portal }) => {
  await portal.desk(page, 'admin-1.1')
  const row = rowOf(page, '10 × Studio Professional')
  for (const key of ['Shift+F10', 'ContextMenu']) {
    await row.getByRole('checkbox').focus()
    await page.keyboard.press(key)
    await expect(items(page).first(), key).toBeFocused()
    await expect(menu(page)).toHaveCount(1)
    await page.keyboard.press('Escape')
    await expect(row, key).toBeFocused()
  }

  await test.step('by letter and Enter: protected, and taken back', async () => {
    await page.keyboard.press('Shift+F10')
    await expect(items(page).first()).toBeFocused()
    await page.keyboard.press('s')
    await expect(item(page, 'Split off…')).toBeFocused()
    // The next one that begins so.
    await page.keyboard.press('s')
    await expect(item(page, 'Switch Protected Mode on')).toBeFocused()
    await page.keyboard.press('Enter')
    await expect(page.getByRole('status').filter({ hasText: 'in Protected Mode now' })).toBeVisible()
    await expect(row.getByText('Protected Mode', { exact: true })).toBeVisible()
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect(row.getByText('Protected Mode', { exact: true })).toHaveCount(0)
  })

  await test.step('Tab closes it and goes on from the row', async () => {
    await row.focus()
    await page.keyboard.press('Shift+F10')
    await expect(items(page).first()).toBeFocused()
    await page.keyboard.press('Tab')
    await expect(menu(page)).toHaveCount(0)
    await expect(row.getByRole('checkbox')).toBeFocused()
  })
})

test('the button of a row opens it, too, and gets the focus back', async ({ page, portal }) => {
  await portal.desk(page, 'admin-1.1')
  const row = rowOf(page, '25 × Studio Professional')
  const button = row.getByRole('link', { name: `Actions for ${await codeOf(row)}` })
  await button.click()
  await expect(items(page).first()).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(button).toBeFocused()
  await button.click()
  await item(page, 'Move to…').click()
  const dialog = page.getByRole('dialog', { name: 'Move to…' })
  await dialog.getByRole('radio', { name: 'User 1.2.2 Group 1 › Group 1.2' }).check()
  await dialog.getByRole('button', { name: 'Move', exact: true }).click()
  await expect(ownerOf(row)).toContainText('User 1.2.2')
})

test('what one may not do is not offered', async ({ page, portal }) => {
  await portal.desk(page, 'user-2.1')
  await rowsOf(page).first().getByRole('cell').nth(1).click({ button: 'right' })
  await expect(item(page, 'Open')).toBeVisible()
  await expect(item(page, /Protected Mode/)).toHaveCount(0)
  await expect(item(page, /Term and quantity/)).toHaveCount(0)
})

test('who may amend a licence is offered its term and quantity, once that is known', async ({ page, portal }) => {
  await portal.desk(page, 'isv-admin')
  const row = rowOf(page, '50 × Viewer')
  await row.getByRole('cell').nth(1).click({ button: 'right' })
  await item(page, 'Term and quantity…').click()
  const dialog = page.getByRole('dialog', { name: 'Change licences' })
  await expect(dialog).toContainText('50 × Viewer')
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
  await expect(row).toBeFocused()
})

test('on a row that is selected with others, the menu acts upon all of them', async ({ page, portal }) => {
  await portal.desk(page, 'isv-admin', '/tickets/all?owner=group')
  const rows = rowsOf(page)
  for (const at of [0, 1]) await rows.nth(at).getByRole('checkbox').check()
  await rows.nth(1).getByRole('cell').nth(1).click({ button: 'right' })
  await expect(page.getByRole('menu', { name: '2 selected' })).toBeVisible()
  for (const name of ['Copy 2 codes', 'Export 2 (CSV)', 'Change… 2']) await expect(item(page, name), name).toBeVisible()
  await expect(item(page, 'Open')).toHaveCount(0)
  await item(page, 'Move to… 2').click()
  const dialog = page.getByRole('dialog', { name: 'Move to…' })
  await expect(dialog.getByRole('heading', { name: 'Move 2 tickets to…' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()

  await test.step('on one beside them, upon that one', async () => {
    await rows.nth(2).getByRole('cell').nth(1).click({ button: 'right' })
    await expect(page.getByRole('menu', { name: /^Actions for / })).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(rows.nth(0).getByRole('checkbox')).toBeChecked()
  })
})

test('the menu of a group in the tree offers its page, and what its admins can make in it', async ({ page, portal }) => {
  await portal.desk(page, 'admin-1.1')
  const group = node(page, 'Group 1.1')
  await group.click({ button: 'right' })
  await expect(page.getByRole('menu', { name: 'Actions for Group 1.1' })).toBeVisible()
  await expect(items(page).first()).toBeFocused()
  await expect(item(page, 'New subgroup')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(group).toBeFocused()
  await page.keyboard.press('Shift+F10')
  await expect(items(page).first()).toBeFocused()
  await item(page, 'Manage Group 1.1').click()
  await expect(page.getByRole('heading', { level: 1, name: 'Group 1.1' })).toBeVisible()

  await test.step('not to who is a member only', async () => {
    await page.context().clearCookies()
    await portal.desk(page, 'user-1.1.1')
    await node(page, 'Group 1.1').click({ button: 'right' })
    await expect(item(page, 'Manage Group 1.1')).toBeVisible()
    await expect(item(page, 'New subgroup')).toHaveCount(0)
  })
})
