/** One wrong field: where (a JSON pointer such as "#/rows/3/name", or a cell such as "Sheet1!B7"), which rule, and the sentence to show there. */
export interface FieldProblem {
  pointer: string
  code: string
  detail: string
}

/** What a server said when it refused (RFC 9457), or what stood between us and it (`network.*`). */
export class Problem extends Error {
  constructor(
    readonly status: number,
    /** Stable and dotted: "option.stale". Decides what the view offers; `message` is what people read. */
    readonly code: string,
    detail: string,
    readonly fields: FieldProblem[] = [],
    /** The request's id, for whoever looks into the logs. */
    readonly instance = '',
  ) {
    super(detail)
    this.name = 'Problem'
  }

  /** The sentences about the field `name` ("title", "rows/3/name", "#/title"), joined; undefined when it is fine. */
  field(name: string): string | undefined {
    const pointer = name.startsWith('#') ? name : `#/${name}`
    const found = this.fields.filter((field) => field.pointer === pointer)
    return found.length ? found.map((field) => field.detail).join(' ') : undefined
  }

  /** Somebody else saved first. */
  get stale() {
    return this.status === 412
  }
}

/** Reads a problem document; anything else becomes a problem with the status alone. */
export function problemFrom(status: number, body: unknown, fallback: string): Problem {
  const text = (value: unknown) => (typeof value === 'string' ? value : '')
  const document = (body !== null && typeof body === 'object' ? body : {}) as Record<string, unknown>
  const fields = (Array.isArray(document.errors) ? document.errors : [])
    .filter((field): field is Record<string, unknown> => field !== null && typeof field === 'object')
    .map((field) => ({ pointer: text(field.pointer), code: text(field.code), detail: text(field.detail) }))
  return new Problem(status, text(document.code) || `http.${status}`, text(document.detail) || text(document.title) || fallback, fields, text(document.instance))
}
