import { describe, expect, it } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import { linkFrom, linkTo, rememberRouter } from './routes'

const component = { template: '<div/>' }
rememberRouter(
  createRouter({
    history: createMemoryHistory(),
    routes: [
      { path: '/app/audits/:id', component, meta: { subject: 'audit' } },
      { path: '/app/audits/:id/benchmark', component, meta: { subject: 'benchmark' } },
      { path: '/app/accounts/:party/:id', component },
      { path: '/app/:rest(.*)*', component },
    ],
  }),
)

describe('where things lead', () => {
  it('finds the page of a kind', () => {
    expect(linkTo('audit', 'a b')).toEqual({ path: '/app/audits/a%20b' })
    expect(linkTo('benchmark', 'x')).toEqual({ path: '/app/audits/x/benchmark' })
    expect(linkTo('nothing', 'x')).toBeUndefined()
  })
  it('takes the server’s path where it leads somewhere, else the subject’s page', () => {
    expect(linkFrom('/audits/x')).toBe('/app/audits/x')
    expect(linkFrom('/app/audits/x/benchmark')).toBe('/app/audits/x/benchmark')
    expect(linkFrom('/no/such/page', 'audit', 'x')).toEqual({ path: '/app/audits/x' })
    expect(linkFrom('https://elsewhere.example/', 'audit', 'x')).toEqual({ path: '/app/audits/x' })
    expect(linkFrom('')).toBeUndefined()
  })
})
