// N17 in German: a licence is renewed, suspended and reinstated.
import { announcement, expect, expectAccessible, openTab, openTicket, test } from './portal.ts'

test.use({ locale: 'de-DE' })

test('N17: eine Lizenz wird verlängert, gesperrt und entsperrt', async ({ page, portal }) => {
  const end = new Date(Date.now() + 5.5 * 86_400_000).toISOString().slice(0, 19) + 'Z'
  portal.import({
    groups: [{ key: 'acme', name: 'Acme', parent: null }],
    tickets: [{ owner: { group: 'acme' }, licenses: [{ product: 'Renewable', quantity: 7, valid_until: end }] }],
  })
  await portal.begin(page.context(), 'isv-admin')
  await openTicket(page, portal, '7 × Renewable')
  await openTab(page, 'Laufzeit und Anzahl')
  const dialog = page.getByRole('dialog', { name: 'Lizenzen ändern' })
  const preview = dialog.getByRole('group', { name: 'Vorschau' })

  await page.getByRole('link', { name: 'Verlängern…: Renewable' }).click()
  await expect(dialog.getByRole('heading', { name: 'Verlängern: 7 × Renewable' })).toBeVisible()
  await expect(preview).toContainText('sofort')
  await dialog.getByRole('textbox', { name: 'Grund' }).fill('Auftrag 4711')
  await expectAccessible(page)
  await preview.getByRole('button', { name: 'Verlängern', exact: true }).click()
  await expect(announcement(page, 'Die Lizenzen wurden geändert.')).toBeVisible()
  const amendments = page.getByRole('list', { name: 'Änderungen: Renewable', exact: true }).getByRole('listitem')
  await expect(amendments).toContainText('Um 12 Monate verlängern')
  await expect(amendments).toContainText('Begründung: Auftrag 4711')

  await page.getByRole('link', { name: 'Sperren…: Renewable' }).click()
  await expect(preview).toContainText('Niemand kann sie nutzen, bis sie entsperrt wird.')
  await preview.getByRole('button', { name: 'Sperren', exact: true }).click()
  await expect(dialog).toBeHidden()
  const term = page.getByRole('region', { name: 'Laufzeit und Anzahl' })
  await expect(term.getByText(/^gesperrt seit/)).toBeVisible()
  await expectAccessible(page)
  await page.getByRole('link', { name: 'Entsperren…: Renewable' }).click()
  await preview.getByRole('button', { name: 'Entsperren', exact: true }).click()
  await expect(term.getByRole('definition').filter({ hasText: 'nutzbar' })).toBeVisible()
})
