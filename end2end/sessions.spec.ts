// S18, S19: one login at a time, and administrators who end logins. Two browsers side by side.
import { expect, expectAccessible, openTab, test, type Page } from './portal.ts'

/** The line of somebody's login. */
const login = (page: Page, name: string) => page.getByRole('row', { name: new RegExp(`^\\S* *${name} `) })
const refusal = /^This account is logged in already, since .*, and its browser tab is open/

test('18: a second login is refused with the reason; once the tab is shut, the right password may end it', async ({
  page,
  portal,
  browser,
}) => {
  await portal.desk(page, 'user-2.1')
  const other = await (await browser.newContext({ baseURL: portal.url, locale: 'en-US' })).newPage()
  await portal.login(other, 'user-2.1')
  await expect(other.getByRole('alert').filter({ hasText: refusal })).toBeVisible()
  await expect(other.getByRole('checkbox')).toHaveCount(0)
  // A second tab of the first browser is the same login.
  const tab = await page.context().newPage()
  await tab.goto('/me')
  await portal.ready(tab)
  await expect(tab.getByRole('heading', { level: 1, name: 'User 2.1' })).toBeVisible()
  await tab.close({ runBeforeUnload: true })
  await portal.login(other, 'user-2.1')
  await expect(other.getByRole('alert').filter({ hasText: refusal })).toBeVisible()
  // Both tabs are shut.
  await page.close({ runBeforeUnload: true })
  const gone = other.getByRole('alert').filter({ hasText: 'but its browser tab is gone' })
  await expect(async () => {
    await portal.login(other, 'user-2.1')
    await expect(gone).toBeVisible({ timeout: 1000 })
  }).toPass()
  await other.getByRole('textbox', { name: 'Login' }).fill('user-2.1')
  await other.getByLabel('Password').fill('not the password')
  await other.getByRole('checkbox', { name: 'End my other login and log in here' }).check()
  await other.getByRole('button', { name: 'Log in', exact: true }).click()
  await expect(other.getByRole('alert').filter({ hasText: 'Login or password is wrong' })).toBeVisible()
  await portal.login(other, 'user-2.1')
  await expect(gone).toBeVisible()
  await other.getByRole('textbox', { name: 'Login' }).fill('user-2.1')
  await other.getByLabel('Password').fill('five-tickets-for-the-demo')
  await other.getByRole('checkbox', { name: 'End my other login and log in here' }).check()
  await other.getByRole('button', { name: 'Log in', exact: true }).click()
  await expect(other.getByRole('treegrid')).toBeVisible()
})

test('18: the refusal speaks German', async ({ page, portal, browser }) => {
  await portal.desk(page, 'user-2.1')
  const other = await (await browser.newContext({ baseURL: portal.url, locale: 'de-DE' })).newPage()
  await portal.login(other, 'user-2.1')
  await expect(other.getByRole('alert').filter({ hasText: /^Dieses Konto ist bereits angemeldet, seit / })).toBeVisible()
})

test('19: CLOSE is refused while the tab is open, and ends the login once it is shut', async ({ page, portal, browser }) => {
  const context = await browser.newContext({ baseURL: portal.url, locale: 'en-US' })
  const other = await context.newPage()
  await portal.desk(other, 'user-2.1')
  await portal.login(page, 'isv-admin')
  await expect(page.getByRole('treegrid')).toBeVisible()
  await page.goto('/sessions')
  await portal.ready(page)
  await expect(page.getByText('2 logins')).toBeVisible()
  await expect(login(page, 'ISV Admin').getByText('this is you')).toBeVisible()
  await expectAccessible(page)
  const user = login(page, 'User 2.1')
  await expect(user.getByText('open', { exact: true })).toBeVisible()
  // Idle seconds count by themselves.
  const idle = async () => Number.parseInt((await user.getByText(/^\d+ s$/).innerText()).replace(' s', ''), 10)
  const before = await idle()
  await expect.poll(idle).toBeGreaterThan(before)
  await page.getByRole('button', { name: 'CLOSE: User 2.1' }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'The browser tab is open' })).toBeVisible()
  await other.close({ runBeforeUnload: true })
  await expect(async () => {
    await page.getByRole('button', { name: 'Refresh' }).click()
    await expect(user.getByText('gone', { exact: true })).toBeVisible({ timeout: 1000 })
  }).toPass()
  await page.getByRole('button', { name: 'CLOSE: User 2.1' }).click()
  await expect(page.getByRole('status').filter({ hasText: 'The login was ended.' })).toBeVisible()
  await expect(user).toHaveCount(0)
  await expect(page.getByText('1 login', { exact: true })).toBeVisible()
  // Its next request meets the login page, and leads back to where it was.
  const again = await context.newPage()
  await again.goto('/add')
  await expect(again).toHaveURL(/\/login\?next=%2Fadd$/)
  await openTab(page, 'Ended sessions')
  const list = page.getByRole('navigation', { name: 'Administration' }).getByRole('link', { name: 'Sessions' })
  await expect(list).toHaveAttribute('aria-current', 'page')
  await expect(login(page, 'User 2.1').getByText('closed, the tab was gone · ISV Admin')).toBeVisible()
  await expectAccessible(page)
})

test('19: “End anyway” wants a reason, and records it', async ({ page, portal, browser }) => {
  const other = await (await browser.newContext({ baseURL: portal.url, locale: 'en-US' })).newPage()
  await portal.desk(other, 'user-2.1')
  await portal.login(page, 'isv-admin')
  await expect(page.getByRole('treegrid')).toBeVisible()
  await page.goto('/sessions?q=2.1')
  await portal.ready(page)
  const user = login(page, 'User 2.1')
  await user.getByText('End anyway').click()
  await user.getByRole('textbox', { name: 'Reason' }).fill('Laptop stolen <b>today</b>')
  // What is typed survives that the list is fetched again.
  await page.getByRole('button', { name: 'Refresh' }).click()
  await expect(user.getByRole('textbox', { name: 'Reason' })).toHaveValue('Laptop stolen <b>today</b>')
  await expectAccessible(page)
  await page.getByRole('button', { name: 'End the login: User 2.1' }).click()
  await expect(page.getByRole('status').filter({ hasText: 'The login was ended.' })).toBeVisible()
  // The other browser is out at once; its page says so, or is the login page.
  await other.goto('/me')
  await expect(other.getByRole('heading', { level: 1, name: 'Log in' })).toBeVisible()
  await page.goto('/sessions/ended')
  await expect(login(page, 'User 2.1')).toContainText('ended anyway · ISV Admin')
  await expect(login(page, 'User 2.1')).toContainText('Laptop stolen <b>today</b>')
})

test('19: for all others there is no such page, and no link to it', async ({ page, portal }) => {
  await portal.desk(page, 'admin-1.1')
  await expect(page.getByRole('link', { name: 'Sessions' })).toHaveCount(0)
  for (const address of ['/sessions', '/sessions/ended']) {
    const answer = await page.goto(address)
    expect(answer?.status()).toBe(404)
    await expect(page.getByRole('heading', { level: 1, name: 'Not found' })).toBeVisible()
  }
})

test('after logging out, Back shows nothing private', async ({ page, portal }) => {
  await portal.desk(page, 'user-2.1')
  await page.goto('/me')
  await page.getByRole('main').getByRole('button', { name: 'Log out' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Log in' })).toBeVisible()
  await page.goBack()
  await expect(page.getByRole('heading', { level: 1, name: 'Log in' })).toBeVisible()
  await expect(page.getByText('User 2.1', { exact: true })).toHaveCount(0)
})
