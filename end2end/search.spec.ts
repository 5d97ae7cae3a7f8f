// Finding everything: the palette by keys, by mouse and on a phone; the page of the search; nothing that is hidden.
import { expect, expectAccessible, makeContainers, rowsOf, test, type Page } from './portal.ts'

const palette = (page: Page) => page.getByRole('dialog', { name: 'Find anything' })
const field = (page: Page) => palette(page).getByRole('combobox', { name: 'Find anything' })
const option = (page: Page, name: RegExp) => palette(page).getByRole('option', { name })

/** The name of the option that Enter opens, as a screen reader is told. */
async function marked(page: Page): Promise<string> {
  const id = await field(page).getAttribute('aria-activedescendant')
  const marked = palette(page).locator(`[id="${id}"]`)
  await expect(marked).toHaveAttribute('aria-selected', 'true')
  return marked.innerText()
}

test('Ctrl+K finds tickets, people, groups and pages, and Enter leads there', async ({ page, portal }) => {
  await portal.desk(page, 'admin-1.1')
  await page.keyboard.press('Control+k')
  await expect(field(page)).toBeFocused()
  await expect(option(page, /^History/)).toBeVisible()
  await expectAccessible(page)

  await field(page).pressSequentially('1.2.1')
  await expect(option(page, /^User 1\.2\.1/)).toBeVisible()
  await expect(palette(page).getByRole('group', { name: 'People' }).getByRole('option')).toHaveCount(1)
  await expectAccessible(page)
  expect(await marked(page)).toContain('1.2.1')

  await field(page).fill('studio')
  await expect(palette(page).getByRole('group', { name: 'Tickets' }).getByRole('option').first()).toContainText('Studio Professional')
  await expect(option(page, /^Move .*Studio Professional.* to…/)).toBeVisible()
  const first = await marked(page)
  await page.keyboard.press('ArrowDown')
  expect(await marked(page)).not.toBe(first)
  await page.keyboard.press('ArrowUp')
  await expect.poll(() => marked(page)).toBe(first)
  await page.keyboard.press('ArrowUp')
  expect(await marked(page), 'round and round').toContain('Move')

  await field(page).fill('group 1.2')
  await expect(option(page, /^Group 1\.2/).first()).toBeVisible()
  await option(page, /^Group 1\.2/).first().click()
  await expect(palette(page)).toBeHidden()
  await expect(page.getByRole('heading', { level: 1, name: 'Group 1.2' })).toBeVisible()

  // What was gone to comes first the next time.
  await page.keyboard.press('Control+k')
  await expect(palette(page).getByRole('group', { name: 'Opened lately' }).getByRole('option')).toHaveText([/^Group 1\.2/])
  await field(page).fill('history')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: 'History' })).toBeFocused()
})

test('the focus returns, and nothing is typed into a field', async ({ page, portal }) => {
  await portal.desk(page, 'user-2.1')
  const search = page.getByRole('searchbox', { name: 'Search tickets' })
  await search.focus()
  await page.keyboard.press('/')
  await expect(search).toHaveValue('/')
  await expect(palette(page)).toBeHidden()
  await search.fill('')
  await page.keyboard.press('Control+k')
  await expect(field(page)).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(palette(page)).toBeHidden()
  await expect(search).toBeFocused()

  await page.getByRole('button', { name: 'Find or jump to…' }).click()
  await expect(field(page)).toBeFocused()
  await page.mouse.click(5, 5)
  await expect(palette(page), 'a press beside it').toBeHidden()
  await page.getByRole('button', { name: 'Find or jump to…' }).focus()
  await page.keyboard.press('?')
  const keys = page.getByRole('dialog', { name: 'Keys' })
  await expect(keys.getByRole('term').filter({ hasText: 'F6' })).toBeVisible()
  await expectAccessible(page)
  await page.keyboard.press('Escape')
  await expect(keys).toBeHidden()
})

test('what is hidden is not found, an empty search says what to do, and a failed one too', async ({ page, portal }) => {
  await portal.desk(page, 'user-2.1')
  await page.keyboard.press('/')
  await field(page).fill('group 1')
  await expect(palette(page).getByRole('status')).toHaveText('Nothing matches “group 1”. Fewer or shorter words find more.')
  await expect(palette(page).getByRole('option')).toHaveCount(0)
  await expect(field(page)).not.toHaveAttribute('aria-activedescendant')
  await expectAccessible(page)
  await page.route('**/api/find', (route) => route.abort())
  await field(page).fill('group 2')
  await expect(palette(page).getByRole('status')).toContainText('cannot be reached')
})

test('one search at a time, and the last words win', async ({ page, portal }) => {
  await portal.desk(page, 'isv-admin')
  let running = 0
  let most = 0
  let asked = 0
  await page.route('**/api/find', async (route) => {
    asked += 1
    most = Math.max(most, (running += 1))
    await new Promise((done) => setTimeout(done, 300))
    running -= 1
    await route.continue()
  })
  await page.keyboard.press('Control+k')
  await field(page).pressSequentially('group 1', { delay: 60 })
  await expect(option(page, /^Group 1/).first()).toBeVisible()
  await field(page).pressSequentially('.1', { delay: 200 })
  await expect(palette(page).getByRole('group', { name: 'Groups' }).getByRole('option')).toHaveCount(1)
  expect(most).toBe(1)
  expect(asked).toBeLessThanOrEqual(4)
})

test('what was opened lately is forgotten at log-out', async ({ page, portal }) => {
  await portal.desk(page, 'user-2.1')
  await makeContainers(page, 'Laptop Müller mit einem Namen, der länger ist als jede Zeile auf einem schmalen Telefon')
  await portal.ready(page)
  await page.keyboard.press('Control+k')
  await field(page).fill('MÜLL')
  await expect(option(page, /^Laptop Müller/)).toBeVisible()
  await page.setViewportSize({ width: 320, height: 640 })
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320)
  await expectAccessible(page)
  await page.setViewportSize({ width: 1280, height: 800 })
  await option(page, /^Laptop Müller/).click()
  await expect(page.getByRole('heading', { level: 1, name: /^Laptop Müller/ })).toBeVisible()
  const kept = () => page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('recent.')))
  expect(await kept()).toHaveLength(1)
  await page.getByLabel(/^Menu of /).first().click()
  await page.getByRole('button', { name: 'Log out' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Log in' })).toBeVisible()
  await expect.poll(kept).toEqual([])
})

test('the page of the search finds the same, and leads to the lists', async ({ page, portal }) => {
  await portal.begin(page.context(), 'isv-admin')
  await page.goto('/search?q=user')
  await portal.ready(page)
  const main = page.getByRole('main')
  await expect(main.getByRole('heading', { level: 1, name: 'Search' })).toBeVisible()
  await expect(main.getByRole('heading', { level: 2 }).filter({ hasText: 'People' })).toBeVisible()
  await expectAccessible(page)
  await main.getByRole('link', { name: 'All that match: People' }).click()
  await expect(page).toHaveURL(/\/users\?q=user$/)
  await page.goto('/search')
  await expect(main.getByText(/^Looks for tickets by product/)).toBeVisible()
})

test.describe('on a phone, in German', () => {
  test.use({ locale: 'de-DE', colorScheme: 'dark', viewport: { width: 320, height: 640 } })

  test('the bar at the bottom finds', async ({ page, portal }) => {
    await portal.desk(page, 'isv-admin')
    await page.getByRole('navigation', { name: 'Hauptnavigation' }).getByRole('link', { name: 'Suche' }).click()
    const dialog = page.getByRole('dialog', { name: 'Überall finden' })
    await dialog.getByRole('combobox', { name: 'Überall finden' }).fill('studio')
    await expect(dialog.getByRole('group', { name: 'Tickets' }).getByRole('option').first()).toBeVisible()
    await expectAccessible(page)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320)
    await dialog.getByRole('button', { name: 'Schließen' }).click()
    await expect(dialog).toBeHidden()
    await expect(rowsOf(page).first()).toBeVisible()
  })
})
