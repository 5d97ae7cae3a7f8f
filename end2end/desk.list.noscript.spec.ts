// The filter, the columns and the views of the list, without JavaScript.
import { expect, rowsOf, test } from './portal.ts'

test('the list is filtered, laid out and saved by forms', async ({ page, portal }) => {
  await portal.login(page, 'isv-admin')
  await page.goto('/tickets/all')
  await page.getByRole('link', { name: 'Filter', exact: true }).click()
  const filter = page.getByRole('form', { name: 'Filter tickets' })
  const owner = filter.getByRole('group', { name: 'Owner', exact: true })
  let wanted = 0
  for (const kind of ['Person', 'Unassigned']) {
    const words = await owner.getByText(new RegExp(`^${kind} \\(\\d+\\)$`)).textContent()
    wanted += Number(words?.match(/\d+/)?.[0])
    await owner.getByRole('checkbox', { name: new RegExp(`^${kind} `) }).check()
  }
  await filter.getByRole('combobox', { name: 'Order by' }).selectOption('Code, Z to A')
  await filter.getByRole('button', { name: 'Show' }).click()
  await expect(rowsOf(page)).toHaveCount(wanted)
  const active = page.getByRole('list', { name: 'Active filters' })
  await expect(active).toContainText('Owner: Person')
  await expect(active).toContainText('Owner: Unassigned')
  await expect(page).toHaveURL(/owner=person&owner=nobody/)

  await page.getByRole('link', { name: 'Columns', exact: true }).click()
  const columns = page.getByRole('form', { name: 'Columns' })
  await columns.getByRole('combobox', { name: 'Column 5' }).selectOption('Since')
  await columns.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('columnheader', { name: 'Since' })).toBeVisible()
  await expect(rowsOf(page)).toHaveCount(wanted)

  await page.getByRole('link', { name: 'Views', exact: true }).click()
  const views = page.getByRole('region', { name: 'Views' })
  await views.getByRole('textbox', { name: 'Name of the view' }).fill('Of people')
  await views.getByRole('button', { name: 'Save view' }).click()
  await expect(rowsOf(page)).toHaveCount(wanted)
  await page.goto('/tickets/all?panel=views')
  await views.getByRole('link', { name: 'Of people' }).click()
  await expect(rowsOf(page)).toHaveCount(wanted)
  await page.getByRole('list', { name: 'Active filters' }).getByRole('link', { name: 'Clear all' }).click()
  await expect(page.getByRole('list', { name: 'Active filters' })).toHaveCount(0)
})
