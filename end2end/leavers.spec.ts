// N7: somebody leaves: seen before it is done, done as a whole, told afterwards.
import { activateOne, chooseAction, expect, expectAccessible, makeContainers, test } from './portal.ts'

test('N7: an admin sees somebody off, who is logged in', async ({ page, portal, browser }) => {
  test.setTimeout(90_000)
  const leaver = await browser.newPage({ baseURL: portal.url, locale: 'en-US' })
  await portal.desk(leaver, 'user-1.1.1')
  await makeContainers(leaver, 'Laptop')
  await activateOne(leaver, portal)

  await portal.desk(page, 'admin-1.1', '/users')
  await page.getByRole('link', { name: 'User 1.1.1' }).click()
  await chooseAction(page, 'Process leaver')
  await expect(page.getByRole('heading', { level: 1, name: 'Leaver: User 1.1.1' })).toBeVisible()
  await expectAccessible(page)
  // What is proposed is chosen already; who takes over gets the tickets instead of the group.
  await expect(page.getByRole('checkbox', { name: /^Switch the account off/ })).toBeChecked()
  await page.getByRole('combobox', { name: 'Person' }).selectOption('Admin 1.1.1')
  await page.getByRole('button', { name: 'Show', exact: true }).click()
  const tickets = page.getByRole('combobox', { name: 'Group 1 › Group 1.1 (1)' })
  await tickets.selectOption('Admin 1.1.1 (via Group 1 › Group 1.1)')
  await page.getByRole('checkbox', { name: 'Group 1 › Group 1.1' }).uncheck()
  await page.getByRole('button', { name: 'Preview' }).click()
  const what = page.getByRole('heading', { level: 2, name: 'What will happen' })
  await expect(what).toBeFocused()
  await page.getByRole('button', { name: 'Preview' }).click()
  await expect(what, 'each time').toBeFocused()
  await expect(what).toBeInViewport()

  const lines = page.getByRole('table', { name: 'What will happen' }).getByRole('row')
  await expect(lines).toContainText([
    'Step',
    /Take licences back.*1 × Studio Professional · Laptop.*will be done/,
    /Assign ticket.*1 × Studio Professional.* → Admin 1\.1\.1 .*will be done/,
    /End the login/,
    /Switch the account off.*its seat is free/,
  ])
  await expect(page.getByRole('status').filter({ hasText: 'Steps: 4, none refused.' })).toBeVisible()
  await expectAccessible(page)

  await page.getByRole('textbox', { name: /^Reason for ending the login/ }).fill('Left the company.')
  await page.getByRole('button', { name: 'Do all of it' }).click()
  await expect(page).toHaveURL(/\/leavers\/\d+$/)
  const report = page.getByRole('table', { name: 'Leaver: report' }).getByRole('row')
  await expect(report).toContainText([
    'What happened',
    /Licence withdrawn.*1 × Studio Professional · Laptop · User 1\.1\.1/,
    /Assigned.*Admin 1\.1\.1/,
    /Login ended.*User 1\.1\.1/,
    /switched off.*User 1\.1\.1/i,
  ])
  await expectAccessible(page)

  await page.getByRole('main').getByRole('link', { name: 'History' }).click()
  const event = page.getByRole('row').filter({ hasText: 'Leaver processed User 1.1.1' })
  await event.getByRole('link', { name: 'Report' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Leaver: User 1.1.1' })).toBeVisible()
  await leaver.goto('/')
  await expect(leaver.getByRole('button', { name: 'Log in', exact: true })).toBeVisible()
  await leaver.close()
})
