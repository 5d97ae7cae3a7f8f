// The list of tickets: facets with counts, columns, saved views, and what can be done with many.
import { expect, expectAccessible, rowOf, rowsOf, test, type Page } from './portal.ts'

/** What opens something above the list; how many filters are set stands behind its name. */
const opener = (page: Page, name: string) => page.getByRole('main').getByRole('link', { name: new RegExp(`^${name}( \\d+)?$`) })

const filter = (page: Page) => page.getByRole('form', { name: 'Filter tickets' })

/** A facet of the filter. */
const facet = (page: Page, name: string) => filter(page).getByRole('group', { name, exact: true })

/** One of its values. */
const value = (page: Page, name: string, value: string) => facet(page, name).getByRole('checkbox', { name: new RegExp(`^${value} \\(`) })

/** How many tickets a value of a facet is said to have. */
async function counted(page: Page, name: string, value: string) {
  const words = facet(page, name).getByText(new RegExp(`^${value} \\(\\d+\\)$`))
  await expect(words).toHaveCount(1)
  return Number((await words.textContent())?.match(/\((\d+)\)/)?.[1])
}

test('facets say how many there are, narrow the list, stand in the address, and are taken away one by one', async ({ page, portal }) => {
  await portal.desk(page, 'isv-admin')
  const all = await rowsOf(page).count()
  await opener(page, 'Filter').click()
  const persons = await counted(page, 'Owner', 'Person')
  const groups = await counted(page, 'Owner', 'Group')
  const nobodys = await counted(page, 'Owner', 'Unassigned')
  expect(persons + groups + nobodys).toBe(all)
  await expectAccessible(page)

  await test.step('one', async () => {
    await value(page, 'Owner', 'Person').check()
    await expect(page).toHaveURL(/[?&]owner=person\b/)
    await expect(rowsOf(page)).toHaveCount(persons)
    await expect(page.getByRole('list', { name: 'Active filters' })).toContainText('Owner: Person')
    // The other values of the same facet are counted as before, those of others as far as they are left.
    expect(await counted(page, 'Owner', 'Group')).toBe(groups)
    expect(await counted(page, 'State', 'Protected Mode')).toBe(0)
  })

  await test.step('two, and back', async () => {
    await value(page, 'State', 'Protected Mode').check()
    await expect(page.getByText('No ticket matches.')).toBeVisible()
    await page.goBack()
    await expect(rowsOf(page)).toHaveCount(persons)
    await page.goForward()
    await expect(rowsOf(page)).toHaveCount(0)
  })

  await test.step('taken away', async () => {
    const active = page.getByRole('list', { name: 'Active filters' })
    await active.getByRole('link', { name: 'Remove filter: Owner: Person' }).click()
    await expect(active).not.toContainText('Person')
    await expect(rowsOf(page).first()).toBeVisible()
    await active.getByRole('link', { name: 'Clear all' }).click()
    await expect(active).toHaveCount(0)
    await expect(rowsOf(page)).toHaveCount(all)
    await expect(page).not.toHaveURL(/owner=|state=/)
  })

  await test.step('by keys', async () => {
    await opener(page, 'Filter').focus()
    await page.keyboard.press('Enter')
    await expect(page.getByRole('form', { name: 'Filter tickets' })).toHaveCount(0)
    await page.keyboard.press('Enter')
    await filter(page).getByRole('combobox', { name: 'Order by' }).selectOption('Product, A to Z')
    await expect(page.getByRole('columnheader', { name: 'Content' })).toHaveAttribute('aria-sort', 'ascending')
  })
})

test('of several values of a facet any will do, each facet counts without its own choice, and a view keeps them', async ({ page, portal }) => {
  await portal.desk(page, 'isv-admin')
  const all = await rowsOf(page).count()
  await opener(page, 'Filter').click()
  const persons = await counted(page, 'Owner', 'Person')
  const groups = await counted(page, 'Owner', 'Group')
  const free = await counted(page, 'State', 'Free')
  await value(page, 'Owner', 'Person').check()
  await expect(rowsOf(page)).toHaveCount(persons)
  await expect(value(page, 'Owner', 'Person'), 'the focus stays where one chooses').toBeFocused()
  await value(page, 'Owner', 'Group').check()
  await expect(rowsOf(page)).toHaveCount(persons + groups)
  await expect(page).toHaveURL(/owner=group&owner=person/)
  expect(await counted(page, 'Owner', 'Person')).toBe(persons)
  await expect.poll(() => counted(page, 'State', 'Free')).toBeLessThanOrEqual(free)
  const active = page.getByRole('list', { name: 'Active filters' })
  await expect(active.getByRole('link', { name: /^Remove filter: Owner: / })).toHaveCount(2)
  await expectAccessible(page)

  await test.step('the address keeps them, and so does a view', async () => {
    await page.reload()
    await portal.ready(page)
    await expect(rowsOf(page)).toHaveCount(persons + groups)
    for (const kind of ['Person', 'Group']) await expect(value(page, 'Owner', kind)).toBeChecked()
    await expect(value(page, 'Owner', 'Unassigned')).not.toBeChecked()
    await opener(page, 'Views').click()
    const views = page.getByRole('region', { name: 'Views' })
    await views.getByRole('textbox', { name: 'Name of the view' }).fill('Owned')
    await views.getByRole('button', { name: 'Save view' }).click()
    await expect(views.getByRole('link', { name: 'Owned' })).toBeVisible()
    await page.goto('/tickets/all?panel=views')
    await portal.ready(page)
    await expect(rowsOf(page)).toHaveCount(all)
    await views.getByRole('link', { name: 'Owned' }).click()
    await expect(rowsOf(page)).toHaveCount(persons + groups)
  })

  await test.step('all of them as a file', async () => {
    await page.getByRole('checkbox', { name: 'Select all' }).check()
    const download = page.waitForEvent('download')
    await page.getByRole('link', { name: `Export ${persons + groups} (CSV)` }).click()
    expect((await download).suggestedFilename()).toMatch(/\.csv$/)
  })

  await test.step('one taken away', async () => {
    await active.getByRole('link', { name: 'Remove filter: Owner: Person' }).click()
    await expect(rowsOf(page)).toHaveCount(groups)
  })
})

test('facets count only what one sees', async ({ page, portal }) => {
  await portal.desk(page, 'user-2.1')
  const all = await rowsOf(page).count()
  await opener(page, 'Filter').click()
  const owners = [await counted(page, 'Owner', 'Person'), await counted(page, 'Owner', 'Group'), await counted(page, 'Owner', 'Unassigned')]
  expect(owners[0]! + owners[1]!).toBe(all)
  expect(owners[2]).toBe(0)
  const products = await facet(page, 'Product').getByText(/ \(\d+\)$/).allTextContents()
  expect(products.length).toBeGreaterThan(0)
  const rows = (await rowsOf(page).allTextContents()).join(' ')
  for (const product of products) {
    expect(rows, product).toContain(product.replace(/ \(\d+\)$/, ''))
  }
})

test('columns are chosen, ordered and remembered', async ({ page, portal }) => {
  await portal.desk(page, 'isv-admin')
  const heads = page.getByRole('table', { name: 'Tickets' }).getByRole('columnheader')
  for (const head of ['Content', 'Used', 'Ends', 'Owner', 'Kind']) {
    await expect(heads.filter({ hasText: head })).toHaveCount(1)
  }
  await opener(page, 'Columns').click()
  const columns = page.getByRole('form', { name: 'Columns' })
  await columns.getByRole('combobox', { name: 'Column 1', exact: true }).selectOption('Used')
  // The two have changed places.
  await expect(columns.getByRole('combobox', { name: 'Column 2', exact: true })).toHaveValue('owner')
  await columns.getByRole('combobox', { name: 'Column 5', exact: true }).selectOption('Binding')
  await columns.getByRole('checkbox', { name: 'Compact rows' }).check()
  const table = page.getByRole('table', { name: 'Tickets' })
  await expect(table.getByRole('columnheader', { name: 'Binding' })).toBeVisible()
  await expect(rowOf(page, '50 × Viewer').getByRole('cell', { name: 'floating' })).toBeVisible()
  await expectAccessible(page)
  await page.goto('/tickets/all')
  await portal.ready(page)
  await expect(table.getByRole('columnheader', { name: 'Binding' })).toBeVisible()
  const names = (await heads.allTextContents()).join(' ')
  expect(names.indexOf('Used')).toBeLessThan(names.indexOf('Owner'))
})

test('a view is saved, chosen elsewhere, and removed; that of a group shows to its members', async ({ page, portal, browser }) => {
  await portal.desk(page, 'admin-1.1', '/tickets/all?owner=group')
  const narrowed = await rowsOf(page).count()
  await opener(page, 'Views').click()
  const views = page.getByRole('region', { name: 'Views' })
  await views.getByRole('textbox', { name: 'Name of the view' }).fill('Of groups')
  await views.getByRole('button', { name: 'Save view' }).click()
  await expect(views.getByRole('link', { name: 'Of groups' })).toBeVisible()
  await page.goto('/tickets/all?panel=views')
  await portal.ready(page)
  await views.getByRole('link', { name: 'Of groups' }).click()
  await expect(page).toHaveURL(/owner=group/)
  await expect(rowsOf(page)).toHaveCount(narrowed)

  await test.step('for a group', async () => {
    const group = await page.getByRole('treegrid').getByRole('link', { name: 'Group 1.1', exact: true }).getAttribute('href')
    await page.goto(`${group}?ends=never&panel=views`)
    await portal.ready(page)
    await views.getByRole('textbox', { name: 'Name of the view' }).fill('Perpetual ones')
    await views.getByRole('checkbox', { name: 'For all who see this group' }).check()
    await views.getByRole('button', { name: 'Save view' }).click()
    await expect(views.getByRole('listitem').filter({ hasText: 'Perpetual ones' })).toContainText('group')
    const member = await portal.other(browser, 'user-1.1.1')
    await member.page.goto(`${group}?panel=views`)
    const seen = member.page.getByRole('region', { name: 'Views' })
    await expect(seen.getByRole('link', { name: 'Perpetual ones' })).toBeVisible()
    await expect(seen.getByRole('link', { name: 'Of groups' })).toHaveCount(0)
    await expect(seen.getByRole('button', { name: 'Remove view Perpetual ones' })).toHaveCount(0)
    await member.leave()
  })

  await test.step('removed', async () => {
    await views.getByRole('button', { name: 'Remove view Of groups' }).click()
    await expect(views.getByRole('link', { name: 'Of groups' })).toHaveCount(0)
    await expect(views.getByRole('link', { name: 'Perpetual ones' })).toBeVisible()
  })
})

test('selected tickets are protected together, and it is taken back', async ({ page, portal }) => {
  await portal.desk(page, 'isv-admin', '/tickets/all?owner=group')
  await page.getByRole('checkbox', { name: 'Select all' }).check()
  const protect = page.getByRole('button', { name: /^Protect \d+$/ })
  const words = await protect.textContent()
  await protect.click()
  const told = page.getByRole('status').filter({ hasText: 'in Protected Mode now' })
  await expect(told).toBeVisible()
  await expect(page.getByRole('button', { name: /^Protect \d+$/ })).toHaveCount(0)
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByRole('button', { name: words! })).toBeVisible()
})
