// The menu of a page by keys, as ARIA has menu buttons, and its tabs: each with an address, on a narrow phone, too.
import { expect, expectAccessible, openActions, openTab, openTicket, test } from './portal.ts'

test('the menu of a ticket opens by keys, is walked through, and gives the focus back', async ({ page, portal }) => {
  await portal.desk(page, 'admin-1.1')
  await openTicket(page, portal, '10 × Studio Professional')
  const button = page.getByRole('main').getByText('Actions', { exact: true })
  const items = page.getByRole('menu', { name: 'Actions' }).getByRole('menuitem')
  await expect(page.getByRole('menu')).toHaveCount(0)
  await button.focus()
  await page.keyboard.press('Enter')
  await expect(items.first()).toBeFocused()
  await expectAccessible(page)
  await page.keyboard.press('ArrowUp')
  await expect(items.last(), 'round the end').toBeFocused()
  await page.keyboard.press('Home')
  await expect(items.first()).toBeFocused()
  await page.keyboard.press('w')
  await expect(items.filter({ hasText: 'Who can see this?' })).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('menu')).toHaveCount(0)
  await expect(button).toBeFocused()
  await page.keyboard.press('ArrowUp')
  await expect(items.last()).toBeFocused()
  await page.keyboard.press('Escape')
  await openActions(page)
  await page.mouse.click(20, 120)
  await expect(page.getByRole('menu')).toHaveCount(0)

  await openActions(page)
  await items.filter({ hasText: 'Switch Protected Mode on' }).press('Space')
  await expect(page.getByText('Protected Mode', { exact: true })).toBeVisible()
})

test('every part of a ticket has an address, on a phone of 320 px, too', async ({ page, portal }) => {
  await page.setViewportSize({ width: 320, height: 700 })
  await portal.desk(page, 'admin-1.1')
  await openTicket(page, portal, '10 × Studio Professional')
  const ticket = page.url()
  const wide = () => page.evaluate(() => document.documentElement.scrollWidth)
  for (const [tab, heading, address] of [
    ['Term and quantity', 'Term and quantity', '?tab=term'],
    ['History', 'History', '?tab=history'],
    ['Licences', 'Licences', ''],
  ] as const) {
    await openTab(page, tab)
    await expect(page.getByRole('heading', { level: 2, name: heading })).toBeVisible()
    await expect(page).toHaveURL(ticket + address)
    expect(await wide()).toBeLessThanOrEqual(320)
    await expectAccessible(page)
  }
  await page.goBack()
  await expect(page.getByRole('heading', { level: 2, name: 'History' })).toBeVisible()
  await openActions(page)
  await expect(page.getByRole('menuitem').first()).toBeInViewport()
  expect(await wide()).toBeLessThanOrEqual(320)
  await expectAccessible(page)
})
