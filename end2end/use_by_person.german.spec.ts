// N18 in German: one's own page says whether use is kept by person, what, and for how long.
import { expect, expectAccessible, test } from './portal.ts'

test.use({ locale: 'de-DE' })

test('N18: die eigene Seite sagt, was festgehalten wird und wie lange', async ({ page, portal }) => {
  await portal.begin(page.context(), 'isv-admin')
  const answer = await page.context().request.post(`${portal.url}/api/keep_use_by_person`, { form: { on: 'true' } })
  expect(answer.status(), await answer.text()).toBe(200)
  await page.goto('/me')
  await portal.ready(page)
  await page.getByRole('link', { name: 'Meine Nutzung' }).click()
  await portal.ready(page)
  await expect(page.getByRole('heading', { level: 1, name: 'Meine Nutzung' })).toBeVisible()
  await expect(page.getByRole('main')).toContainText('Jeder Tag wird nach 90 Tagen gelöscht')
  await expectAccessible(page)
})
