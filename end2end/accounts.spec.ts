// S12, S16, S17: the licence administration, users within the pool of seats, and passwords.
import { demoPassword, expect, expectAccessible, openTab, passwordLink, test, type Page, type Portal } from './portal.ts'

const alert = (page: Page, text: string | RegExp) => page.getByRole('alert').filter({ hasText: text })
const status = (page: Page, text: string | RegExp) => page.getByRole('status').filter({ hasText: text })

async function isv(page: Page, portal: Portal, path: string) {
  await portal.login(page, 'isv-admin')
  await expect(page.getByRole('treegrid')).toBeVisible()
  await page.goto(path)
  await portal.ready(page)
}

test('16: the overview shows what was bought; a licence that cannot be used is refused', async ({ page, portal }) => {
  await isv(page, portal, '/instance')
  for (const [name, value] of [
    ['Maximum number of active users', '12'],
    ['Current number of active users', '11'],
    ['Customer ID', 'C-10042'],
    ['Instance number', 'I-2026-0001'],
    ['Server IP', portal.url.replace('http://', '')],
    ['Current version', /^\d+\.\d+\.\d+$/],
    ['Special functions', 'resellers, cloud-containers'],
    ['Main contact person', 'Erika Mustermann'],
  ] as const) {
    await expect(page.getByRole('term').filter({ hasText: name })).toHaveCount(1)
    await expect(page.getByRole('definition').filter({ hasText: value }).first()).toBeVisible()
  }
  await expectAccessible(page)
  await openTab(page, 'Licence file')
  await page.getByRole('textbox', { name: 'Contents of the licence file' }).fill('nonsense')
  await page.getByRole('button', { name: 'Replace the licence' }).click()
  await expect(alert(page, 'This is not a licence file. Paste the whole file.')).toBeVisible()
  await openTab(page, 'Licence and seats')
  await expect(page.getByRole('definition').filter({ hasText: 'C-10042' })).toBeVisible()
  // The same list stands in both places.
  for (const link of ['List of users', 'Persons and users']) {
    await page.getByRole('main').getByRole('link', { name: link }).last().click()
    await expect(page.getByRole('heading', { level: 1, name: 'Persons and users' })).toBeVisible()
    await page.goBack()
  }
})

test('17: a new user gets a password, the last seat, and replaces the password at the first login', async ({
  page,
  portal,
  browser,
}) => {
  test.setTimeout(60_000)
  await isv(page, portal, '/users')
  await expect(page.getByText('11 of 12 seats are taken; left: 1.')).toBeVisible()
  await expectAccessible(page)
  for (const login of ['nina.neu', 'one.too.many']) {
    await page.goto('/users/new')
    await portal.ready(page)
    await page.getByRole('textbox', { name: 'Login' }).fill(login)
    await page.getByRole('combobox', { name: 'Group' }).selectOption('Group 1 › Group 1.1')
    await page.getByRole('button', { name: 'Create user' }).click()
    await expect(page.getByRole('heading', { level: 1, name: login })).toBeVisible()
  }
  await page.goto('/users?q=nina')
  await portal.ready(page)
  await page.getByRole('link', { name: 'nina.neu' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'nina.neu' })).toBeVisible()
  const switchOn = async () => {
    await page.getByRole('combobox', { name: 'State' }).selectOption('Active')
    await page.getByRole('button', { name: 'Save: State' }).click()
  }
  await switchOn()
  await expect(alert(page, 'The account has no password. Generate one first')).toBeVisible()
  await openTab(page, 'Sign-in')
  await page.getByRole('button', { name: 'Generate a password' }).click()
  const shown = status(page, 'New password:')
  await expect(shown).toContainText('It works for 72 hours and must be replaced at the first login.')
  await expectAccessible(page)
  const password = (await shown.innerText()).match(/[a-z2-9]{5}(-[a-z2-9]{5}){3}/)?.[0] ?? ''
  await switchOn()
  await expect(page.getByText('12 of 12 seats are taken; left: 0.')).toBeVisible()
  // Shown once.
  await page.reload()
  await expect(page.getByText(password)).toHaveCount(0)
  // The pool is exhausted: from the list, with the function next to the user.
  await page.goto('/users?q=one')
  await portal.ready(page)
  await page.getByRole('button', { name: 'Generate a password: one.too.many' }).click()
  await expect(status(page, 'New password:')).toBeVisible()
  await page.getByRole('checkbox', { name: 'Select one.too.many' }).check()
  await page.getByRole('button', { name: 'Switch on' }).click()
  await expect(alert(page, 'Not enough seats: 1 needed, 0 left.')).toBeVisible()

  const nina = await (await browser.newContext({ baseURL: portal.url, locale: 'en-US' })).newPage()
  await portal.login(nina, 'nina.neu', password)
  await expect(nina.getByRole('heading', { level: 1, name: 'Change password' })).toBeVisible()
  await nina.goto('/tickets/all')
  await expect(nina.getByRole('heading', { level: 1, name: 'Change password' })).toBeVisible()
  await expectAccessible(nina)
  const change = async (chosen: string) => {
    await nina.getByLabel('Present password').fill(password)
    await nina.getByLabel('New password').fill(chosen)
    await nina.getByRole('button', { name: 'Change password' }).click()
  }
  await change('passwordpassword')
  await expect(alert(nina, 'The new password is easy to guess')).toBeVisible()
  await change('three small goats in may')
  await expect(status(nina, 'The password was changed.')).toBeVisible()
  await nina.goto('/tickets/all')
  await expect(nina.getByRole('heading', { level: 1, name: 'All tickets' })).toBeVisible()

  // Switched off, the running login stays until logout.
  await page.goto('/users?q=nina')
  await portal.ready(page)
  await page.getByRole('checkbox', { name: 'Select nina.neu' }).check()
  await page.getByRole('button', { name: 'Switch off' }).click()
  await expect(page.getByText('11 of 12 seats are taken; left: 1.')).toBeVisible()
  await nina.goto('/me')
  await nina.getByRole('main').getByRole('button', { name: 'Log out' }).click()
  await expect(nina.getByRole('heading', { level: 1, name: 'Log in' })).toBeVisible()
  await portal.login(nina, 'nina.neu', 'three small goats in may')
  await expect(alert(nina, 'This account is inactive. Ask your administrator to switch it on.')).toBeVisible()
})

test('17: a new colleague is invited in one step, and chooses a password by the link', async ({ page, portal, browser }) => {
  await portal.begin(page.context(), 'admin-1.1')
  await page.goto('/users/new')
  await portal.ready(page)
  const invite = page.getByRole('button', { name: 'Create and invite by mail' })
  await page.getByRole('textbox', { name: 'Login' }).fill('kim')
  await invite.click()
  await expect(alert(page, 'Enter the mail address: the invitation goes there.')).toBeVisible()
  await expect(page.getByRole('textbox', { name: 'Login' }), 'nothing typed is lost').toHaveValue('kim')
  await page.getByRole('textbox', { name: 'Mail address' }).fill('kim@example.org')
  await invite.click()
  await expect(page.getByRole('heading', { level: 1, name: 'kim' })).toBeVisible()
  await expect(page.getByRole('combobox', { name: 'State' })).toHaveValue('true')

  const [mail = ''] = await portal.mails(1)
  expect(mail).toContain('To: kim@example.org')
  // The inviter sees that it went out; another one is not sent at once.
  await page.reload()
  await openTab(page, 'Sign-in')
  await expect(page.getByText(/^The person was invited on .+ works until /)).toBeVisible()
  await page.getByRole('button', { name: 'Send another link' }).click()
  await expect(alert(page, 'The person was sent a link within the last hour.')).toBeVisible()
  await page.goto('/users?q=kim')
  await expect(page.getByText('invited', { exact: true })).toBeVisible()
  const kim = await (await browser.newContext({ baseURL: portal.url, locale: 'en-US' })).newPage()
  await kim.goto(passwordLink(mail))
  await kim.getByLabel('New password', { exact: true }).fill('three small goats in may')
  await kim.getByRole('button', { name: 'Set a new password' }).click()
  await portal.login(kim, 'kim', 'three small goats in may')
  await expect(kim.getByRole('treegrid')).toBeVisible()
})

test('17: group admins see and manage the users of their branch, and no others', async ({ page, portal }) => {
  await portal.desk(page, 'admin-1.1')
  await page.goto('/users')
  await portal.ready(page)
  await expect(page.getByRole('checkbox', { name: /^Select / })).toHaveCount(5)
  await expect(page.getByText('User 2.1')).toHaveCount(0)
  await expect(page.getByRole('link', { name: 'Sessions' })).toHaveCount(0)
  await page.getByRole('link', { name: 'Inactive' }).click()
  await expect(page.getByText('Nobody matches.')).toBeVisible()
  await page.getByRole('link', { name: 'All', exact: true }).click()
  await page.getByRole('link', { name: 'User 1.2.1' }).click()
  await openTab(page, 'Profile')
  await page.getByRole('textbox', { name: 'Name' }).fill('Renamed Person')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Renamed Person' })).toBeVisible()
  const answer = await page.goto('/instance')
  expect(answer?.status()).toBe(404)
})

test('17: what was ticked is meant for who stood there', async ({ page, portal }) => {
  await isv(page, portal, '/users')
  const ticked = page.getByRole('checkbox', { name: /^Select /, checked: true })
  await page.getByRole('checkbox', { name: /^Select / }).first().check()
  await expect(ticked).toHaveCount(1)
  await page.getByRole('searchbox', { name: /^Search/ }).fill('User 1.2')
  await expect(page.getByRole('checkbox', { name: /^Select / })).toHaveCount(2)
  await expect(ticked).toHaveCount(0)
})

test('17: plain members have no administration', async ({ page, portal }) => {
  await portal.desk(page, 'user-2.1')
  await expect(page.getByRole('link', { name: 'Administration' })).toHaveCount(0)
  for (const address of ['/users', '/instance']) {
    const answer = await page.goto(address)
    expect(answer?.status()).toBe(404)
  }
})

test('12: my data and my password', async ({ page, portal }) => {
  await portal.login(page, 'user-2.1')
  await expect(page.getByRole('treegrid')).toBeVisible()
  await page.goto('/me')
  await portal.ready(page)
  const address = page.getByRole('textbox', { name: 'Mail address' })
  await address.fill('user@example.org')
  await page.getByLabel('Present password').fill('not the password')
  await page.getByRole('button', { name: 'Change mail address' }).click()
  await expect(alert(page, 'The present password is wrong. Nothing was changed.')).toBeInViewport()
  await expect(address, 'nothing typed is lost').toHaveValue('user@example.org')
  await page.getByLabel('Present password').fill(demoPassword)
  await page.getByRole('button', { name: 'Change mail address' }).click()
  await expect(status(page, 'Saved.')).toBeVisible()
  await expect(page.getByLabel('Present password')).toHaveValue('')
  await page.reload()
  await expect(address).toHaveValue('user@example.org')
  await page.getByRole('link', { name: 'Change password' }).click()
  // The page before has a field of that name, too.
  await expect(page.getByRole('heading', { name: 'Change password' })).toBeVisible()
  await page.getByLabel('Present password').fill('not the password')
  await page.getByLabel('New password').fill('three small goats in may')
  await page.getByRole('button', { name: 'Change password' }).click()
  await expect(alert(page, 'The present password is wrong. Nothing was changed.')).toBeVisible()
})
