import { Problem, problemFrom } from './problem'
import type { components, operations } from './schema'

export { Problem, type FieldProblem } from './problem'

/** A schema of the API by name: `Schema<'Enterprise'>`. */
export type Schema<Name extends keyof components['schemas']> = components['schemas'][Name]
/** What an operation takes in its query: `QueryOf<'list_enterprises'>`. */
export type QueryOf<Name extends keyof operations> = operations[Name] extends { parameters: { query?: infer Query } } ? NonNullable<Query> : never

/** A page of a list. */
export interface Page<Row> {
  items: Row[]
  total: number
  page: number
  page_size: number
}

/** A resource with the ETag that a later write has to bring back. */
export interface Read<T> {
  value: T
  etag: string
}

export type QueryValue = string | number | boolean | readonly (string | number)[] | null | undefined
export type Query = Record<string, QueryValue>

export interface CallOptions {
  /** The ETag last read; sent as If-Match. */
  etag?: string
  /** Sent as Idempotency-Key. POSTs get a new one by themselves; give one to make retries of one intent count once. */
  key?: string
  signal?: AbortSignal
  /** A 401 is an answer here, not a reason to leave for the log-in page (the log-in itself, a password asked again). */
  quiet?: boolean
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** What the client needs from the rest of the program; the app fills it in at start. */
interface Surroundings {
  language: () => string
  post: () => string
  words: (key: 'offline' | 'unreadable' | 'refused', status?: number) => string
  onUnauthenticated: () => void
}

const surroundings: Surroundings = {
  language: () => 'zh',
  post: () => '',
  words: (key) => key,
  onUnauthenticated: () => {},
}

export function configureClient(parts: Partial<Surroundings>) {
  Object.assign(surroundings, parts)
}

let csrfToken = ''
/** The token of the session under way, sent with every write. */
export function setCsrfToken(token: string) {
  csrfToken = token
}

/** `?a=1&b=2&b=3`: empty values are left out, lists are repeated. "" when nothing remains. */
export function queryString(query: Query = {}): string {
  const pairs = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    const values = Array.isArray(value) ? value : [value]
    for (const one of values) if (one !== undefined && one !== null && one !== '') pairs.append(name, String(one))
  }
  const text = pairs.toString()
  return text ? `?${text}` : ''
}

/** Random enough to tell two intents apart; `crypto.randomUUID` is missing on plain HTTP. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function headersFor(method: Method, options: CallOptions): Headers {
  const headers = new Headers({ Accept: 'application/json', 'Accept-Language': surroundings.language() })
  if (surroundings.post()) headers.set('X-Post', surroundings.post())
  if (method !== 'GET' && csrfToken) headers.set('X-CSRF-Token', csrfToken)
  if (method === 'POST') headers.set('Idempotency-Key', options.key ?? newKey())
  else if (options.key) headers.set('Idempotency-Key', options.key)
  if (options.etag) headers.set('If-Match', options.etag)
  return headers
}

async function refusal(response: Response): Promise<Problem> {
  const body = await response.json().catch(() => undefined)
  return problemFrom(response.status, body, surroundings.words('refused', response.status))
}

async function send(method: Method, url: string, body: unknown, options: CallOptions): Promise<Response> {
  const headers = headersFor(method, options)
  let payload: BodyInit | undefined
  if (body instanceof FormData || body instanceof Blob) payload = body
  else if (body !== undefined) {
    headers.set('Content-Type', 'application/json')
    payload = JSON.stringify(body)
  }
  let response: Response
  try {
    response = await fetch(url, { method, headers, body: payload, signal: options.signal, credentials: 'same-origin', cache: 'no-store' })
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new Problem(0, 'network.offline', surroundings.words('offline'))
  }
  if (response.ok) return response
  if (response.status === 401 && !options.quiet) surroundings.onUnauthenticated()
  throw await refusal(response)
}

async function valueOf<T>(response: Response): Promise<T> {
  if (response.status === 204) return undefined as T
  // The connection may go while the answer is still coming in.
  const text = await response.text().catch(() => {
    throw new Problem(0, 'network.offline', surroundings.words('offline'))
  })
  if (text === '') return undefined as T
  try {
    return JSON.parse(text) as T
  } catch {
    throw new Problem(response.status, 'network.unreadable', surroundings.words('unreadable'))
  }
}

async function call<T>(method: Method, path: string, body: unknown, options: CallOptions): Promise<Read<T>> {
  const response = await send(method, path, body, options)
  return { value: await valueOf<T>(response), etag: response.headers.get('ETag') ?? '' }
}

/** A file name from Content-Disposition, RFC 5987 form first. */
export function fileNameOf(disposition: string | null): string {
  const extended = /filename\*=UTF-8''([^;]+)/i.exec(disposition ?? '')
  if (extended) return decodeURIComponent(extended[1])
  return /filename="?([^";]+)"?/i.exec(disposition ?? '')?.[1] ?? ''
}

/** Hands a blob to the browser's downloads. */
export function saveBlob(blob: Blob, name: string) {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}

/** The server. Every function throws `Problem` when it is refused. Paths are whole: "/api/v1/enterprises". */
export const api = {
  get: async <T>(path: string, query?: Query, options: CallOptions = {}) => (await call<T>('GET', path + queryString(query), undefined, options)).value,
  /** A resource with its ETag. */
  read: <T>(path: string, query?: Query, options: CallOptions = {}) => call<T>('GET', path + queryString(query), undefined, options),
  list: async <Row>(path: string, query?: Query, options: CallOptions = {}) =>
    (await call<Page<Row>>('GET', path + queryString(query), undefined, options)).value,
  /** A command; the answer with its ETag, because it is often the resource as it is now. */
  post: <T = unknown>(path: string, body?: unknown, options: CallOptions = {}) => call<T>('POST', path, body ?? {}, options),
  put: <T = unknown>(path: string, body: unknown, etag = '', options: CallOptions = {}) => call<T>('PUT', path, body, { ...options, etag }),
  patch: <T = unknown>(path: string, body: unknown, etag = '', options: CallOptions = {}) => call<T>('PATCH', path, body, { ...options, etag }),
  remove: <T = unknown>(path: string, etag = '', options: CallOptions = {}) => call<T>('DELETE', path, undefined, { ...options, etag }),

  /** Fetches a file and hands it to the browser's downloads; problems are thrown instead of saved as a file. */
  async download(path: string, query?: Query, name = '') {
    const response = await send('GET', path + queryString(query), undefined, {})
    saveBlob(await response.blob(), name || fileNameOf(response.headers.get('Content-Disposition')) || 'download')
  },

  /** multipart/form-data with progress (0…1), which fetch cannot tell. */
  upload<T>(path: string, form: FormData, onProgress: (share: number) => void = () => {}, options: CallOptions = {}): Promise<T> {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest()
      request.open('POST', path)
      headersFor('POST', options).forEach((value, name) => request.setRequestHeader(name, value))
      request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total)
      request.onerror = () => reject(new Problem(0, 'network.offline', surroundings.words('offline')))
      request.onabort = () => reject(new DOMException('aborted', 'AbortError'))
      request.onload = () => {
        let body: unknown
        try {
          body = request.responseText ? JSON.parse(request.responseText) : undefined
        } catch {
          body = undefined
        }
        if (request.status >= 200 && request.status < 300) return resolve(body as T)
        if (request.status === 401) surroundings.onUnauthenticated()
        reject(problemFrom(request.status, body, surroundings.words('refused', request.status)))
      }
      options.signal?.addEventListener('abort', () => request.abort())
      request.send(form)
    })
  },
}
