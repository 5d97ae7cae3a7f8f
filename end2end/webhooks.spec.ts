// A webhook: made on the page of its group, tested, checked by what docs/webhooks.md says, and found in the log.
import { readFileSync } from 'node:fs'
import type { IncomingHttpHeaders } from 'node:http'
import { join } from 'node:path'
import { expect, expectAccessible, node, test } from './portal.ts'
import { Receiver } from './receiver.ts'

type Opened = (portal: string, headers: IncomingHttpHeaders, body: string) => Promise<{ type: string }>

/** The receiver of docs/webhooks.md, as it stands there. */
async function example(): Promise<Opened> {
  const document = readFileSync(join(import.meta.dirname, '../docs/webhooks.md'), 'utf8')
  const code = /^```js\n(.*?)^```/ms.exec(document)?.[1] ?? ''
  return ((await import(`data:text/javascript,${encodeURIComponent(code)}`)) as { opened: Opened }).opened
}

test('a webhook tells a receiver what happens, and its log what became of it', async ({ page, portal }) => {
  const receiver = await Receiver.start()
  const { messages, url } = receiver

  await portal.desk(page, 'admin-1.1')
  await node(page, 'Group 1.1').getByRole('link', { name: 'Manage Group 1.1' }).click()
  await page.getByRole('link', { name: 'Webhooks' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Webhooks' })).toBeVisible()
  await expect(page.getByText('There are no webhooks yet.')).toBeVisible()
  await expectAccessible(page)
  await page.getByRole('textbox', { name: 'Name' }).fill('Service desk')
  await page.getByRole('textbox', { name: 'Address of the receiver' }).fill('http://example.org/')
  await page.getByRole('button', { name: 'Create webhook' }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'has to begin with https://' })).toBeVisible()
  await page.getByRole('textbox', { name: 'Address of the receiver' }).fill(`${url}?token=secret`)
  await page.getByRole('checkbox', { name: 'Tickets' }).check()
  await page.getByRole('button', { name: 'Create webhook' }).click()

  await expect(page.getByRole('heading', { level: 1, name: 'Service desk' })).toBeVisible()
  await page.getByRole('button', { name: 'Send a test' }).click()
  const rows = page.getByRole('table', { name: 'Log' }).getByRole('row').filter({ has: page.getByRole('cell') })
  await expect(rows.filter({ hasText: 'Test' })).toContainText('Delivered (status 204)')
  const opened = await example()
  const [ping] = messages
  expect((await opened(portal.url, ping!.headers, ping!.body)).type).toBe('ping')
  await expect(opened(portal.url, ping!.headers, ping!.body.replace('ping', 'pong'))).rejects.toThrow('not from the portal')
  await expectAccessible(page)

  await test.step('what is not taken says so; switched off, it says nothing more', async () => {
    receiver.status = 503
    await page.getByRole('button', { name: 'Send again' }).click()
    await expect(rows).toContainText('Not taken (status 503)')
    await page.getByRole('button', { name: 'Switch off' }).click()
    await expect(page.getByRole('button', { name: 'Switch on' })).toBeVisible()
  })
  expect(messages.map(({ headers }) => headers['webhook-id'])).toEqual([ping!.headers['webhook-id'], ping!.headers['webhook-id']])

  await page.getByRole('group').getByText('Delete webhook').first().click()
  await page.getByRole('button', { name: 'Delete webhook' }).click()
  await expect(page.getByRole('status').filter({ hasText: 'The webhook was deleted.' })).toBeVisible()
  await expect(page.getByText('There are no webhooks yet.')).toBeVisible()
  receiver.stop()
})
