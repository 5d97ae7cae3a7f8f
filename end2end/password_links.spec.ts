// S12: the forgotten password, by mail.
import { demoPassword, expect, expectAccessible, passwordLink, test, type Page } from './portal.ts'

const alert = (page: Page, text: string | RegExp) => page.getByRole('alert').filter({ hasText: text })
const status = (page: Page, text: string | RegExp) => page.getByRole('status').filter({ hasText: text })

const languages = {
  English: {
    locale: 'en-US',
    forgot: 'Forgot your password?',
    address: 'Mail address',
    send: 'Send the link',
    sent: 'If there is an active account with this address',
    subject: 'License Portal: set a new password',
    set: 'Set a new password',
    chosen: 'New password',
    guessable: 'The new password is easy to guess',
    done: 'The new password is set. Log in with it.',
    expired: 'This link was used already, or its time is over.',
    again: 'Ask for another link',
  },
  German: {
    locale: 'de-DE',
    forgot: 'Passwort vergessen?',
    address: 'E-Mail-Adresse',
    send: 'Link senden',
    sent: 'Wenn es ein aktives Konto mit dieser Adresse gibt',
    subject: 'License Portal: neues Passwort setzen',
    set: 'Neues Passwort setzen',
    chosen: 'Neues Passwort',
    guessable: 'Das neue Passwort ist leicht zu erraten',
    done: 'Das neue Passwort ist gesetzt. Melden Sie sich damit an.',
    expired: 'Dieser Link wurde schon benutzt oder ist abgelaufen.',
    again: 'Neuen Link anfordern',
  },
}

for (const [language, words] of Object.entries(languages)) {
  test.describe(language, () => {
    test.use({ locale: words.locale })

    test('12: a link by mail sets a new password, once', async ({ page, portal, browser }) => {
      test.setTimeout(60_000)
      const me = await portal.other(browser, 'user-2.1')
      await me.page.goto('/me')
      await me.page.getByRole('textbox', { name: 'Mail address' }).fill('user@example.org')
      await me.page.getByLabel('Present password').fill(demoPassword)
      await me.page.getByRole('button', { name: 'Change mail address' }).click()
      await me.page.goto('/me')
      await me.page.getByRole('main').getByRole('button', { name: 'Log out' }).click()
      await me.leave()

      await page.goto(portal.url)
      await page.getByRole('link', { name: words.forgot }).click()
      await expect(page.getByRole('heading', { level: 1, name: words.forgot })).toBeVisible()
      await expectAccessible(page)
      const ask = async (address: string) => {
        await page.getByRole('textbox', { name: words.address }).fill(address)
        await page.getByRole('button', { name: words.send }).click()
        await expect(status(page, words.sent)).toBeVisible()
      }
      await ask('nobody@example.org')
      await ask('user@example.org')
      const [mail = ''] = await portal.mails(1)
      expect(mail).toContain(`Subject: ${words.subject}`)
      const link = passwordLink(mail)
      await page.goto(link)
      await expect(page.getByRole('heading', { level: 1, name: words.set })).toBeVisible()
      await expectAccessible(page)
      const set = async (chosen: string) => {
        await page.getByLabel(words.chosen, { exact: true }).fill(chosen)
        await page.getByRole('button', { name: words.set }).click()
      }
      await set('passwordpassword')
      await expect(alert(page, words.guessable)).toBeVisible()
      await set('three small goats in may')
      await expect(status(page, words.done)).toBeVisible()
      await portal.login(page, 'user-2.1', 'three small goats in may')
      await expect(page.getByRole('treegrid')).toBeVisible()
      await page.goto(link)
      await expect(alert(page, words.expired)).toBeVisible()
      await page.getByRole('link', { name: words.again }).click()
      await expect(page.getByRole('textbox', { name: words.address })).toBeVisible()
    })
  })
}

test('after a wrong password, only the password is typed again', async ({ page, portal }) => {
  await portal.login(page, 'user-2.1', 'wrong')
  await expect(alert(page, 'Login or password is wrong.')).toBeVisible()
  await expect(page.getByRole('textbox', { name: 'Login' })).toHaveValue('user-2.1')
})
