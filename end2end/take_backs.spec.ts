// N18: a ticket that nobody uses is asked back: kept, given back, cancelled, undone.
import { expect, expectAccessible, test, type Page, type Portal } from './portal.ts'

/** The ticket with one Studio Professional of User 1.1.1, as their page names it. */
const contents = '1 × Studio Professional'

/** Asks for the ticket as the form on the list of unused licences does: nothing of the demo has been unused for long enough. */
async function askBack(page: Page, portal: Portal): Promise<string> {
  await portal.begin(page.context(), 'admin-1.1')
  await page.goto('/tickets/all')
  await portal.ready(page)
  const row = page.getByRole('table', { name: 'Tickets' }).getByRole('row').filter({ hasText: contents }).filter({ hasText: 'User 1.1.1' })
  const link = row.getByRole('link', { name: /^[0-9A-Z]{5}-/ })
  const address = (await link.getAttribute('href')) ?? ''
  const form = { 'new[tickets][0]': address.replace('/ticket/', ''), 'new[to]': '', 'new[days]': '7' }
  const answer = await page.context().request.post(`${portal.url}/api/ask_take_back`, { form })
  expect(answer.status(), await answer.text()).toBe(200)
  return address
}

async function as(page: Page, portal: Portal, login: 'admin-1.1' | 'user-1.1.1', path: string) {
  await portal.forget(page)
  await portal.begin(page.context(), login, true)
  await page.goto(portal.url + path)
  await portal.ready(page)
}

test('N18: who has the ticket keeps it, and who asked is told', async ({ page, portal }) => {
  const ticket = await askBack(page, portal)
  await page.goto('/take-backs')
  await portal.ready(page)
  const asked = page.getByRole('table', { name: 'Taken back' }).getByRole('row').filter({ hasText: contents })
  await expect(asked).toContainText('Asked back for')
  await expect(asked.getByRole('button', { name: `Cancel: ${contents}` })).toBeVisible()
  await expectAccessible(page)

  await as(page, portal, 'user-1.1.1', '/overview')
  const waits = page.getByRole('region', { name: 'Waits for you' })
  await waits.getByRole('link', { name: /^Ticket [0-9A-Z-]+ will be taken back on / }).click()
  await expect(page).toHaveURL(new RegExp(`${ticket}$`))
  const notice = page.getByRole('region', { name: /^Asked back for / })
  await expect(notice, 'no name from above').not.toContainText('Admin 1.1')
  await expectAccessible(page)
  await notice.getByRole('button', { name: `Keep it: ${contents}` }).click()
  await portal.ready(page)
  await expect(notice).toHaveCount(0)
  await expect(page).toHaveURL(new RegExp(`${ticket}$`))

  const mails = await portal.mails(2)
  expect(mails.join(), 'the holder is asked').toContain('a ticket will be taken back')
  expect(mails.join(), 'who asked is told').toContain('a ticket is kept')
  await as(page, portal, 'admin-1.1', '/take-backs')
  await expect(asked).toContainText('It is kept.')
  await expect(asked.getByRole('button')).toHaveCount(0)
})

test('N18: who has the ticket gives it back at once, and who asked undoes that', async ({ page, portal }) => {
  const ticket = await askBack(page, portal)
  await as(page, portal, 'user-1.1.1', ticket)
  const notice = page.getByRole('region', { name: /^Asked back for / })
  await notice.getByRole('button', { name: `Give it back now: ${contents}` }).click()
  await portal.ready(page)
  await expect(notice).toHaveCount(0)

  await as(page, portal, 'admin-1.1', '/take-backs')
  const row = page.getByRole('table', { name: 'Taken back' }).getByRole('row').filter({ hasText: contents })
  await expect(row).toContainText('Taken back')
  await row.getByRole('button', { name: `Undo: ${contents}` }).click()
  await portal.ready(page)
  await page.goto(portal.url + ticket)
  await portal.ready(page)
  await expect(page.getByRole('main')).toContainText('User 1.1.1')
})

test('N18: who asked cancels it', async ({ page, portal }) => {
  const ticket = await askBack(page, portal)
  await page.goto(portal.url + ticket)
  await portal.ready(page)
  const notice = page.getByRole('region', { name: /^Asked back for / })
  await notice.getByRole('button', { name: `Cancel: ${contents}` }).click()
  await portal.ready(page)
  await expect(notice).toHaveCount(0)
  await page.goto(`${portal.url}/take-backs`)
  await portal.ready(page)
  await expect(page.getByRole('table', { name: 'Taken back' })).toContainText('No longer asked back')
})
