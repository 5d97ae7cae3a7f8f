// The filter, the columns and the views of the list, without JavaScript.
import { expect, rowsOf, test } from './portal.ts'

test('the list is filtered, laid out and saved by forms', async ({ page, portal }) => {
  await portal.login(page, 'isv-admin')
  await page.goto('/tickets/all')
  await page.getByRole('link', { name: 'Filter', exact: true }).click()
  const filter = page.getByRole('form', { name: 'Filter tickets' })
  const person = filter.getByRole('combobox', { name: 'Owner', exact: true }).getByRole('option', { name: /^Person \(\d+\)$/ })
  const persons = Number((await person.textContent())?.match(/\d+/)?.[0])
  await filter.getByRole('combobox', { name: 'Owner', exact: true }).selectOption('person')
  await filter.getByRole('combobox', { name: 'Order by' }).selectOption('Code, Z to A')
  await filter.getByRole('button', { name: 'Show' }).click()
  await expect(rowsOf(page)).toHaveCount(persons)
  await expect(page.getByRole('list', { name: 'Active filters' })).toContainText('Owner: Person')

  await page.getByRole('link', { name: 'Columns', exact: true }).click()
  const columns = page.getByRole('form', { name: 'Columns' })
  await columns.getByRole('combobox', { name: 'Column 5' }).selectOption('Since')
  await columns.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('columnheader', { name: 'Since' })).toBeVisible()
  await expect(rowsOf(page)).toHaveCount(persons)

  await page.getByRole('link', { name: 'Views', exact: true }).click()
  const views = page.getByRole('region', { name: 'Views' })
  await views.getByRole('textbox', { name: 'Name of the view' }).fill('Of people')
  await views.getByRole('button', { name: 'Save view' }).click()
  await expect(rowsOf(page)).toHaveCount(persons)
  await page.goto('/tickets/all?panel=views')
  await views.getByRole('link', { name: 'Of people' }).click()
  await expect(rowsOf(page)).toHaveCount(persons)
  await page.getByRole('list', { name: 'Active filters' }).getByRole('link', { name: 'Clear all' }).click()
  await expect(page.getByRole('list', { name: 'Active filters' })).toHaveCount(0)
})
