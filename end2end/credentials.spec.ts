// S10, S11, N8: credential files of a container, and what a machine can do with one.
import { containerWithLicence, downloaded, Machine, Program } from './machines.ts'
import { askedFirst, expect, expectAccessible, test } from './portal.ts'

test('27: a credential file is issued once, works, and ends with a reset', async ({ page, portal, browser }) => {
  test.setTimeout(90_000)
  await portal.desk(page, 'user-1.1.1')
  const container = await containerWithLicence(page, portal)
  await expect(page.getByText('There are no credentials yet.')).toBeVisible()
  const issue = page.getByRole('region', { name: 'Credentials' })
  await issue.getByRole('textbox', { name: 'Label' }).fill('ci 1')
  const { name, file } = await downloaded(page, 'Issue and download')
  expect(name).toMatch(/^Build machines-ci 1\.credential\.json$/)
  expect(file).toMatchObject({ format: 'license-portal/credential@1', name: 'Build machines / ci 1' })
  const credential = page.getByRole('row', { name: /^ci 1/ })
  await expect(credential, 'without loading the page again').toContainText('active')
  await expectAccessible(page)
  await page.reload()
  expect(await page.content(), 'neither issued again nor shown').not.toContain('PRIVATE KEY')
  await expect(page.getByRole('row', { name: /^ci 1/ })).toHaveCount(1)

  const machine = new Machine(portal.url, file)
  expect(await machine.login()).toBe(200)
  const lease = await machine.ask('POST', '/leases', { product: 'ST-PRO', holder: 'runner-1' })
  expect(lease).toMatchObject({ status: 201, body: { article: 'ST-PRO', holder: 'runner-1' } })
  expect(await machine.ask('POST', '/leases', { product: 'ST-PRO', holder: 'runner-2' })).toMatchObject({ status: 409 })
  expect(await machine.ask('POST', `/leases/${String(lease.body.id)}/renew`)).toMatchObject({ status: 200 })

  await test.step('an admin of the group resets the credentials', async () => {
    const { page: admin } = await portal.other(browser, 'admin-1.1.1')
    await admin.goto(container)
    await expect(admin.getByRole('row', { name: /^ci 1/ })).toContainText('active')
    await askedFirst(admin, 'Reset credentials')
    await expect(admin.getByRole('row', { name: /^ci 1/ })).toContainText('revoked')
  })
  expect(await machine.ask('POST', `/leases/${String(lease.body.id)}/renew`), 'the very next request').toMatchObject({ status: 401 })
  expect(await machine.login()).toBe(401)
})

test('27: a credential is replaced with an overlap, disabled, and then revoked', async ({ page, portal }) => {
  await portal.desk(page, 'user-1.1.1')
  await page.goto('/containers/new')
  await portal.ready(page)
  await page.getByRole('textbox', { name: 'Name' }).fill('Build machines')
  await page.getByRole('button', { name: 'Create', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Build machines' })).toBeVisible()
  await portal.ready(page)
  await page.getByRole('region', { name: 'Credentials' }).getByRole('textbox', { name: 'Label' }).fill('old')
  const old = new Machine(portal.url, (await downloaded(page, 'Issue and download')).file)
  const row = page.getByRole('row', { name: /^old/ })
  await row.getByText('Replace, revoke').click()
  const fresh = new Machine(portal.url, (await downloaded(page, 'Replace and download: old')).file)
  expect([await old.login(), await fresh.login()]).toEqual([200, 200])
  await expect(page.getByRole('row', { name: /^old/ })).toHaveCount(2)
  const first = page.getByRole('row', { name: /^old/ }).last()
  await first.getByRole('button', { name: 'Disable: old' }).click()
  await expect(page.getByText('disabled', { exact: true })).toBeVisible()
  const enabled = [await old.login(), await fresh.login()]
  expect(enabled.sort()).toEqual([200, 401])
  // What was opened for the old one is still open, and still belongs to it.
  const disabled = page.getByRole('row', { name: /disabled/ })
  await disabled.getByRole('button', { name: 'Revoke: old' }).click()
  await expect(page.getByText('revoked', { exact: true })).toBeVisible()
  await expect(page.getByRole('heading', { name: 'Credentials', exact: true }), 'what had the focus is gone').toBeFocused()
})

test('N9: a program runs under a licence until an admin resets the credentials', async ({ page, portal, browser }) => {
  test.setTimeout(90_000)
  await portal.desk(page, 'user-1.1.1')
  const container = await containerWithLicence(page, portal)
  await page.getByRole('region', { name: 'Credentials' }).getByRole('textbox', { name: 'Label' }).fill('ci 1')
  const { path } = await downloaded(page, 'Issue and download')

  const first = new Program(path)
  await first.runs()
  const second = new Program(path)
  expect(await second.code(), 'none is free').toBe(75)
  // The first one is gone without a word: its lease ends by itself, and the one that waits gets the place.
  const third = new Program(path, '--wait', '30')
  first.process.kill('SIGKILL')
  await third.runs()

  const { page: admin } = await portal.other(browser, 'admin-1.1.1')
  await admin.goto(container)
  await askedFirst(admin, 'Reset credentials')
  await expect(admin.getByRole('row', { name: /^ci 1/ })).toContainText('revoked')
  expect(await third.code(), third.output).toBe(77)
  expect(await new Program(path).code()).toBe(77)
})
