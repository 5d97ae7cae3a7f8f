// The second factor of a login: adding it, being asked for its code, losing the phone.
import { createHmac } from 'node:crypto'
import { demoPassword, expect, expectAccessible, openTab, test, type Page, type Portal } from './portal.ts'

const alert = (page: Page, text: string | RegExp) => page.getByRole('alert').filter({ hasText: text })

/** The code that an authenticator app shows (RFC 6238), so many steps from now. */
function code(secret: string, steps = 0): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  const bits = [...secret].map((letter) => letters.indexOf(letter).toString(2).padStart(5, '0')).join('')
  const key = Buffer.from(bits.match(/.{8}/g)?.map((byte) => parseInt(byte, 2)) ?? [])
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps))
  const sum = createHmac('sha1', key).update(counter).digest()
  const number = sum.readUInt32BE((sum[19] ?? 0) & 15) & 0x7fffffff
  return String(number % 1_000_000).padStart(6, '0')
}

/** Adds a second factor on its page, and returns its secret and the recovery codes. */
async function add(page: Page, portal: Portal) {
  // The page before has a field for the present password, too.
  await expect(page.getByRole('heading', { level: 1, name: 'Second factor' })).toBeVisible()
  await portal.ready(page)
  await page.getByLabel('Present password').fill(demoPassword)
  await page.getByRole('button', { name: 'Add a second factor' }).click()
  await expect(page.getByRole('img', { name: 'QR code of the secret' })).toBeVisible()
  await expectAccessible(page)
  const secret = (await page.getByRole('code').innerText()).trim()
  expect(secret).toMatch(/^[A-Z2-7]{32}$/)
  await page.getByLabel('Code of the app').fill('000000')
  await page.getByRole('button', { name: 'Confirm' }).click()
  await expect(alert(page, 'The code is wrong, or was used already.')).toBeVisible()
  await page.getByLabel('Code of the app').fill(code(secret))
  await page.getByRole('button', { name: 'Confirm' }).click()
  const list = page.getByRole('list', { name: 'Recovery codes' })
  await expect(list.getByRole('listitem')).toHaveCount(10)
  await expect(page.getByText('Recovery codes left: 10.')).toBeVisible()
  await expectAccessible(page)
  return { secret, recovery: await list.getByRole('listitem').allInnerTexts() }
}

async function enterCode(page: Page, typed: string) {
  await page.getByLabel('Code of the app, or a recovery code').fill(typed)
  await page.getByRole('button', { name: 'Log in' }).click()
}

test('a second factor is added, asked for at login, and removed', async ({ page, portal }) => {
  test.setTimeout(60_000)
  await portal.login(page, 'user-2.1')
  await expect(page.getByRole('treegrid')).toBeVisible()
  await page.goto('/me')
  await portal.ready(page)
  await page.getByRole('link', { name: 'Second factor' }).click()
  const { secret, recovery } = await add(page, portal)
  await page.getByRole('link', { name: 'Go on' }).click()
  await expect(page.getByRole('treegrid')).toBeVisible()
  const logOut = async () => {
    await page.goto('/me')
    await page.getByRole('main').getByRole('button', { name: 'Log out' }).click()
    await expect(page.getByRole('heading', { level: 1, name: 'Log in' })).toBeVisible()
  }
  await logOut()
  await portal.login(page, 'user-2.1')
  await expect(page.getByRole('heading', { level: 1, name: 'Enter the code' })).toBeVisible()
  await expectAccessible(page)
  await page.goto('/tickets/all')
  await expect(page.getByRole('heading', { level: 1, name: 'Log in' }), 'half a login is none').toBeVisible()
  await portal.login(page, 'user-2.1')
  await enterCode(page, '000000')
  await expect(alert(page, 'The code is wrong, or was used already.')).toBeVisible()
  await enterCode(page, code(secret, 1))
  await expect(page.getByRole('treegrid')).toBeVisible()
  await logOut()
  await portal.login(page, 'user-2.1')
  await enterCode(page, recovery[0] ?? '')
  await expect(page.getByRole('treegrid')).toBeVisible()
  await page.goto('/me/second-factor')
  await portal.ready(page)
  await expect(page.getByText('Recovery codes left: 9.')).toBeVisible()
  await page.getByLabel('Present password').last().fill(demoPassword)
  await page.getByRole('button', { name: 'Remove the second factor' }).click()
  await expect(page.getByText('There is no second factor yet.')).toBeVisible()
  await logOut()
  await portal.login(page, 'user-2.1')
  await expect(page.getByRole('treegrid')).toBeVisible()
})

test('an ISV admin demands it of admins, and helps who lost it', async ({ page, portal, browser }) => {
  test.setTimeout(60_000)
  await portal.login(page, 'isv-admin')
  await expect(page.getByRole('treegrid')).toBeVisible()
  await page.goto('/instance')
  await portal.ready(page)
  await openTab(page, 'Security of logins')
  await page.getByRole('button', { name: 'Demand a second factor of all admins' }).click()
  // It holds for whoever demands it, too.
  await expect(page.getByText('Admins need a second factor here. Add one to go on.').first()).toBeVisible()
  await page.getByRole('link', { name: 'Go on' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Second factor' })).toBeVisible()
  await page.goto('/users')
  await expect(page.getByRole('heading', { level: 1, name: 'Second factor' })).toBeVisible()
  await add(page, portal)
  await page.getByRole('link', { name: 'Go on' }).click()
  await expect(page.getByRole('treegrid')).toBeVisible()

  const admin = await (await browser.newContext({ baseURL: portal.url, locale: 'en-US' })).newPage()
  await portal.login(admin, 'admin-1.1')
  await expect(admin.getByRole('heading', { level: 1, name: 'Second factor' })).toBeVisible()
  await add(admin, portal)
  const member = await (await browser.newContext({ baseURL: portal.url, locale: 'en-US' })).newPage()
  await portal.login(member, 'user-2.2')
  await expect(member.getByRole('treegrid'), 'of plain members nothing is demanded').toBeVisible()

  await page.goto('/users?q=admin-1.1')
  await portal.ready(page)
  await page.getByRole('link', { name: 'Admin 1.1', exact: true }).click()
  await openTab(page, 'Sign-in')
  await page.getByRole('button', { name: 'Remove the second factor' }).click()
  await expect(page.getByRole('status').filter({ hasText: 'The second factor was removed.' })).toBeVisible()
  await admin.goto('/tickets/all')
  await expect(admin.getByRole('heading', { level: 1, name: 'Second factor' })).toBeVisible()
})
