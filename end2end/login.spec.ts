import { demoPassword, expect, rowsOf, test } from './portal.ts'

test('an administrator logs in and sees the groups and the tickets', async ({ page, portal }) => {
  await portal.login(page, 'admin-1.1')
  await expect(page.getByRole('treegrid', { name: 'Groups and people' })).toBeVisible()
  await page.goto('/tickets/all')
  await expect(rowsOf(page)).toHaveCount(13)
  await expect(page).toHaveTitle('All tickets – Tickets – License Portal')
})

for (const [locale, words] of Object.entries({
  'en-US': {
    login: 'Login',
    password: 'Password',
    logIn: 'Log in',
    logOut: 'Log out',
    refusal: 'Login or password is wrong. Check both and try again.',
  },
  'de-DE': {
    login: 'Benutzername',
    password: 'Passwort',
    logIn: 'Anmelden',
    logOut: 'Abmelden',
    refusal: 'Benutzername oder Passwort ist falsch. Prüfen Sie beides und versuchen Sie es erneut.',
  },
})) {
  test.describe(locale, () => {
    test.use({ locale })

    test('a wrong password is refused, in the language of the browser; logging out ends the session', async ({
      page,
      portal,
    }) => {
      await portal.login(page, 'admin-1.1', 'not the password')
      await expect(page.getByRole('alert').filter({ hasText: words.refusal })).toBeVisible()
      await expect(page.getByRole('treegrid')).toHaveCount(0)
      // Whether there is such a person is not told.
      await page.getByRole('textbox', { name: words.login }).fill('nobody-at-all')
      await page.getByRole('textbox', { name: words.password }).fill(demoPassword)
      await page.getByRole('button', { name: words.logIn, exact: true }).click()
      await expect(page.getByRole('alert').filter({ hasText: words.refusal })).toBeVisible()

      await portal.login(page, 'admin-1.1')
      await expect(page.getByRole('treegrid')).toBeVisible()
      await page.goto('/me')
      await page.getByRole('main').getByRole('button', { name: words.logOut }).click()
      await expect(page.getByRole('heading', { level: 1, name: words.logIn })).toBeVisible()
      await page.goto('/tickets/all')
      await expect(page.getByRole('heading', { level: 1, name: words.logIn })).toBeVisible()
    })
  })
}

test('the login page lists the demo people, and warns', async ({ page }) => {
  await page.goto('/login')
  await expect(page.getByText('This server runs with demo data. Do not enter anything real')).toBeVisible()
  await expect(page.getByText(demoPassword)).toBeVisible()
  await expect(page.getByRole('button', { name: /^Log in as / })).toHaveCount(11)
  await page.getByRole('button', { name: 'Log in as User 2.1' }).click()
  await expect(page.getByRole('treegrid')).toBeVisible()
  await page.goto('/me')
  await expect(page.getByRole('heading', { level: 1, name: 'User 2.1' })).toBeVisible()
})

test('after the login comes the page that was asked for, never another site', async ({ page, portal }) => {
  await page.goto('/add')
  await expect(page).toHaveURL(/\/login\?next=%2Fadd$/)
  await page.getByRole('button', { name: 'Log in as User 2.1' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Redeem code' })).toBeVisible()
  await portal.forget(page)
  await page.goto('/login?next=//example.org/')
  await page.getByRole('button', { name: 'Log in as User 2.2' }).click()
  await expect(page.getByRole('treegrid')).toBeVisible()
  expect(new URL(page.url()).origin).toBe(portal.url)
})
