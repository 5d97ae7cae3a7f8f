// S17 in German: a new user, from the list to the first own password.
import { askedFirst, expect, expectAccessible, openTab, test, type Page } from './portal.ts'

test.use({ locale: 'de-DE' })

const alert = (page: Page, text: string) => page.getByRole('alert').filter({ hasText: text })
const status = (page: Page, text: string) => page.getByRole('status').filter({ hasText: text })

test('17: ein neuer Benutzer bekommt ein Passwort und den letzten Platz, und ersetzt das Passwort', async ({
  page,
  portal,
  browser,
}) => {
  test.setTimeout(60_000)
  await portal.login(page, 'isv-admin')
  await expect(page.getByRole('treegrid')).toBeVisible()
  await page.goto('/users')
  await portal.ready(page)
  await expect(page.getByRole('heading', { level: 1, name: 'Personen und Benutzer' })).toBeVisible()
  await expect(page.getByText('11 von 12 Plätzen sind belegt; frei: 1.')).toBeVisible()
  await page.getByRole('link', { name: 'Neuer Benutzer' }).click()
  await page.getByRole('textbox', { name: 'Benutzername' }).fill('nina.neu')
  await page.getByRole('combobox', { name: 'Gruppe' }).selectOption('Group 1 › Group 1.1')
  await page.getByRole('button', { name: 'Benutzer anlegen' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'nina.neu' })).toBeVisible()

  const switchOn = async () => {
    await page.getByRole('combobox', { name: 'Zustand' }).selectOption('Aktiv')
    await page.getByRole('button', { name: 'Speichern: Zustand' }).click()
  }
  await switchOn()
  await expect(alert(page, 'Das Konto hat kein Passwort. Generieren Sie zuerst eines')).toBeVisible()
  await openTab(page, 'Anmeldung')
  await page.getByRole('button', { name: 'Passwort generieren' }).click()
  const shown = status(page, 'Neues Passwort:')
  await expect(shown).toContainText('Es gilt 72 Stunden und muss bei der ersten Anmeldung ersetzt werden.')
  const password = (await shown.innerText()).match(/[a-z2-9]{5}(-[a-z2-9]{5}){3}/)?.[0] ?? ''
  // The page fetches the account again, and with it the form.
  await expect(page.getByText('Ein generiertes Passwort, gültig bis')).toBeVisible()
  await switchOn()
  await expect(page.getByText('12 von 12 Plätzen sind belegt; frei: 0.')).toBeVisible()
  await expectAccessible(page)

  await openTab(page, 'Mitgliedschaften')
  const memberships = page.getByRole('table', { name: 'Mitgliedschaften' }).getByRole('rowheader')
  await page.getByRole('combobox', { name: 'Gruppe', exact: true }).selectOption('Group 2')
  await page.getByRole('button', { name: 'Zu Gruppe hinzufügen' }).click()
  await expect(memberships).toHaveText(['Group 1 › Group 1.1', 'Group 2'])
  await page.getByRole('checkbox', { name: 'Erstellt Tickets: Group 2' }).check()
  await expect(status(page, 'Gespeichert.')).toBeVisible()
  await askedFirst(page, 'Entfernen: Group 2')
  await expect(memberships).toHaveText(['Group 1 › Group 1.1'])

  const nina = await (await browser.newContext({ baseURL: portal.url, locale: 'de-DE' })).newPage()
  await portal.login(nina, 'nina.neu', password)
  await expect(nina.getByRole('heading', { level: 1, name: 'Passwort ändern' })).toBeVisible()
  await expect(nina.getByText('Sie haben sich mit einem generierten Passwort angemeldet.')).toBeVisible()
  const change = async (chosen: string) => {
    await nina.getByLabel('Jetziges Passwort').fill(password)
    await nina.getByLabel('Neues Passwort').fill(chosen)
    await nina.getByRole('button', { name: 'Passwort ändern' }).click()
  }
  await change('passwortpasswort')
  await expect(alert(nina, 'Das neue Passwort ist leicht zu erraten')).toBeVisible()
  await change('drei kleine ziegen im mai')
  await expect(status(nina, 'Das Passwort wurde geändert.')).toBeVisible()
  await nina.goto('/tickets/all')
  await expect(nina.getByRole('heading', { level: 1, name: 'Alle Tickets' })).toBeVisible()

  await page.goto('/users?q=nina')
  await portal.ready(page)
  await page.getByRole('checkbox', { name: 'nina.neu auswählen' }).check()
  await page.getByRole('button', { name: 'Ausschalten' }).click()
  await expect(page.getByText('11 von 12 Plätzen sind belegt; frei: 1.')).toBeVisible()
  await nina.goto('/me')
  await nina.getByRole('main').getByRole('button', { name: 'Abmelden' }).click()
  await expect(nina.getByRole('heading', { level: 1, name: 'Anmelden' })).toBeVisible()
  await portal.login(nina, 'nina.neu', 'drei kleine ziegen im mai')
  await expect(alert(nina, 'Dieses Konto ist inaktiv. Bitten Sie Ihren Administrator')).toBeVisible()
})
