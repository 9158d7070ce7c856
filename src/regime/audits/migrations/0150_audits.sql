-- 审核任务: the case as projected from its actions, its events, and the mandates of consultancies.

CREATE TABLE audit (
    province         TEXT   NOT NULL,                               -- two digits, immutable
    id               TEXT   NOT NULL UNIQUE,                        -- AuditId, UUIDv7
    number           TEXT   NOT NULL UNIQUE,                        -- 99-2026-0001
    enterprise_id    TEXT   NOT NULL,
    enterprise_name  TEXT   NOT NULL,                               -- as of listing
    region           TEXT   NOT NULL,
    industry         TEXT   NOT NULL,
    tags             TEXT   NOT NULL,                               -- comma separated process tags
    entry_id         TEXT,                                          -- list entry; NULL for a voluntary audit
    year             BIGINT NOT NULL,
    jurisdiction     TEXT   NOT NULL,
    procedure_id     TEXT   NOT NULL,
    categories       TEXT   NOT NULL,                               -- comma separated
    lead_line        TEXT   NOT NULL CHECK (lead_line IN ('ecology', 'development_reform', 'industry')),
    cosign_line      TEXT   NOT NULL CHECK (cosign_line IN ('', 'ecology', 'development_reform', 'industry')),
    mode             TEXT   NOT NULL,
    state            TEXT   NOT NULL,
    phase            TEXT   NOT NULL,
    holder           TEXT   NOT NULL CHECK (holder IN ('enterprise', 'authority', 'experts', 'none')),
    packs_hash       TEXT   NOT NULL,
    indicator_system TEXT   NOT NULL DEFAULT '',
    published_on     TEXT,
    disclosed_on     TEXT,
    started_on       TEXT,
    submitted_on     TEXT,
    evaluated_on     TEXT,
    implemented_on   TEXT,
    accepted_on      TEXT,
    level            TEXT   CHECK (level IS NULL OR level IN ('I', 'II', 'III', 'none')),
    version          BIGINT NOT NULL DEFAULT 1 CHECK (version >= 1),
    opened_at        TEXT   NOT NULL,
    changed_at       TEXT   NOT NULL,
    PRIMARY KEY (province, id)
);

CREATE UNIQUE INDEX audit_by_entry ON audit (entry_id);
CREATE INDEX audit_by_enterprise ON audit (enterprise_id, id);
CREATE INDEX audit_by_region_state ON audit (region, state, id);
CREATE INDEX audit_by_year_region ON audit (year, region, id);

-- Events of engine/clock, in order; each belongs to an entry of the action log.
CREATE TABLE audit_event (
    audit_id     TEXT   NOT NULL REFERENCES audit (id),
    seq          BIGINT NOT NULL,
    type         TEXT   NOT NULL,
    happened_on  TEXT   NOT NULL,
    rule         TEXT   NOT NULL DEFAULT '',                        -- of a postponement: whose deadline
    until_day    TEXT,                                              -- and until when
    PRIMARY KEY (audit_id, seq)
);

-- 委托授权: a consultancy's dated right to edit.
CREATE TABLE audit_mandate (
    id              TEXT   NOT NULL PRIMARY KEY,
    audit_id        TEXT   NOT NULL REFERENCES audit (id),
    consultancy_id  TEXT   NOT NULL,
    consultancy_name TEXT  NOT NULL,
    from_day        TEXT   NOT NULL,
    to_day          TEXT   NOT NULL,
    given_by        TEXT   NOT NULL,
    given_at        TEXT   NOT NULL,
    CHECK (from_day <= to_day)
);

CREATE INDEX audit_mandate_by_consultancy ON audit_mandate (consultancy_id, audit_id);
CREATE INDEX audit_mandate_by_audit ON audit_mandate (audit_id);

-- Experts of a panel and entrusted bodies who may see a case for a time; higher rooms decide who.
CREATE TABLE audit_guest (
    audit_id  TEXT NOT NULL REFERENCES audit (id),
    party     TEXT NOT NULL,
    party_id  TEXT NOT NULL,
    from_day  TEXT NOT NULL,
    to_day    TEXT NOT NULL,
    PRIMARY KEY (audit_id, party, party_id)
);

CREATE INDEX audit_guest_by_party ON audit_guest (party, party_id);
