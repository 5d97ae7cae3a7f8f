// N8, N9: two servers over one database. What is done at one of them holds at the other at once.
import { containerWithLicence, downloaded, Program } from './machines.ts'
import { askedFirst, expect, openTab, Portal, test } from './portal.ts'

test.use({ engine: 'postgres' })

test('N9: a licence that is held at one server is lost when an admin resets the credentials at the other', async ({
  page,
  portal,
  browser,
  idle,
}) => {
  test.setTimeout(90_000)
  const other = await Portal.start(portal.database, idle)
  try {
    await portal.desk(page, 'user-1.1.1')
    const container = new URL(await containerWithLicence(page, portal)).pathname
    const label = page.getByRole('region', { name: 'Credentials' }).getByRole('textbox', { name: 'Label' })
    await openTab(page, 'Credentials')
    await label.fill('ci 1')
    const { path: here, file } = await downloaded(page, 'Issue and download')
    // The same login, because cookies do not tell ports apart.
    await page.goto(other.url + container)
    await other.ready(page)
    await openTab(page, 'Credentials')
    await label.fill('ci 2')
    const { path: there, file: second } = await downloaded(page, 'Issue and download')
    expect([file.portal, second.portal]).toEqual([portal.url, other.url])

    const first = new Program(there)
    await first.runs()
    expect(await new Program(here).code(), 'none is free').toBe(75)
    // Nothing is given back: the lease ends by itself, and the one that waits at this server gets the place.
    const third = new Program(here, '--wait', '30')
    await third.waits()
    first.process.kill('SIGKILL')
    await third.runs()

    const { page: admin } = await other.other(browser, 'admin-1.1.1')
    await admin.goto(`${container}?tab=credentials`)
    await askedFirst(admin, 'Reset credentials')
    await expect(admin.getByRole('row', { name: /^ci 1/ })).toContainText('revoked')
    // Had it only not been renewed, it would end with 76.
    expect(await third.code(), third.output).toBe(77)
    expect(await new Program(here).code()).toBe(77)
    expect(await new Program(there).code()).toBe(77)
  } finally {
    await other.stop()
  }
})
