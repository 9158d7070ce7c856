-- 0100: the register (企业名录): legal persons, their sites, what is known of them; parties; units kept offline.
-- Runs unchanged on SQLite and PostgreSQL. Released migrations are never edited: add 0102.

CREATE TABLE legal_person (
    id                TEXT   NOT NULL PRIMARY KEY,                  -- LegalPersonId, UUIDv7
    province          TEXT   NOT NULL CHECK (length(province) = 2),
    credit_code       TEXT   CHECK (length(credit_code) = 18),      -- NULL: older or unknown
    name              TEXT   NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    match_name        TEXT   NOT NULL,                              -- normalised for matching
    registered_region TEXT   NOT NULL DEFAULT '',
    UNIQUE (province, credit_code)
);
CREATE INDEX legal_person_by_name ON legal_person (match_name);

CREATE TABLE legal_person_former_name (
    legal_person_id   TEXT   NOT NULL REFERENCES legal_person (id),
    name              TEXT   NOT NULL,
    match_name        TEXT   NOT NULL,
    until             TEXT   NOT NULL,                              -- the day of the change
    PRIMARY KEY (legal_person_id, name, until)
);
CREATE INDEX former_name_by_name ON legal_person_former_name (match_name);

CREATE TABLE register_party (
    id                TEXT   NOT NULL PRIMARY KEY,                  -- PartyId, UUIDv7
    province          TEXT   NOT NULL CHECK (length(province) = 2),
    kind              TEXT   NOT NULL CHECK (kind IN ('consultancy', 'expert', 'park', 'association', 'institute', 'evaluation_body')),
    name              TEXT   NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    match_name        TEXT   NOT NULL,
    credit_code       TEXT   CHECK (length(credit_code) = 18),
    region            TEXT   NOT NULL CHECK (length(region) = 6),
    address           TEXT   NOT NULL DEFAULT '',
    employer          TEXT   NOT NULL DEFAULT '',
    title             TEXT   NOT NULL DEFAULT '',
    fields            TEXT   NOT NULL DEFAULT '[]',                 -- JSON array of texts
    qualifications    TEXT   NOT NULL DEFAULT '[]',
    contact_name      TEXT   NOT NULL DEFAULT '',
    contact_phone     TEXT   NOT NULL DEFAULT '',
    active            BIGINT NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
    note              TEXT   NOT NULL DEFAULT '',
    version           BIGINT NOT NULL DEFAULT 1,
    changed_at        TEXT   NOT NULL,
    UNIQUE (province, kind, credit_code)
);
CREATE INDEX register_party_by_kind ON register_party (kind, region, name, id);

CREATE TABLE enterprise (
    id                TEXT   NOT NULL PRIMARY KEY,                  -- EnterpriseId, UUIDv7: a site
    province          TEXT   NOT NULL CHECK (length(province) = 2),
    legal_person_id   TEXT   NOT NULL REFERENCES legal_person (id),
    name              TEXT   NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    match_name        TEXT   NOT NULL,
    region            TEXT   NOT NULL CHECK (length(region) = 6),   -- GB/T 2260 code of the county
    address           TEXT   NOT NULL DEFAULT '',
    industry          TEXT   NOT NULL DEFAULT '',                   -- GB/T 4754 code, '' = not known
    scale             TEXT   NOT NULL DEFAULT '' CHECK (scale IN ('', 'large', 'medium', 'small', 'micro')),
    legal_representative TEXT NOT NULL DEFAULT '',
    contact_name      TEXT   NOT NULL DEFAULT '',
    contact_phone     TEXT   NOT NULL DEFAULT '',
    longitude         TEXT,                                         -- decimal degrees
    latitude          TEXT,
    status            TEXT   NOT NULL CHECK (status IN ('operating', 'stopped', 'closed')),
    status_since      TEXT,
    park_id           TEXT   REFERENCES register_party (id),
    note              TEXT   NOT NULL DEFAULT '',
    last_round_on     TEXT,                                         -- projection of enterprise_round and former_round
    last_entered_later BIGINT NOT NULL DEFAULT 0 CHECK (last_entered_later IN (0, 1)),
    level             TEXT   NOT NULL DEFAULT '',                   -- of the newest enterprise_round
    level_on          TEXT,
    rounds            BIGINT NOT NULL DEFAULT 0,
    version           BIGINT NOT NULL DEFAULT 1,                    -- the ETag
    created_at        TEXT   NOT NULL,                              -- UTC, ISO, milliseconds
    changed_at        TEXT   NOT NULL,
    UNIQUE (legal_person_id, region, match_name)
);
CREATE INDEX enterprise_by_region ON enterprise (region, name, id, status);
CREATE INDEX enterprise_by_name ON enterprise (match_name, region);
CREATE INDEX enterprise_by_round ON enterprise (region, last_round_on);

CREATE TABLE enterprise_tag (
    enterprise_id     TEXT   NOT NULL REFERENCES enterprise (id),
    tag               TEXT   NOT NULL,
    PRIMARY KEY (enterprise_id, tag)
);

CREATE TABLE enterprise_category (                                  -- 审核类别, written down when an enterprise is listed
    enterprise_id     TEXT   NOT NULL REFERENCES enterprise (id),
    category          TEXT   NOT NULL,
    PRIMARY KEY (enterprise_id, category)
);

CREATE TABLE enterprise_permit (
    enterprise_id     TEXT   NOT NULL REFERENCES enterprise (id),
    seq               BIGINT NOT NULL,
    kind              TEXT   NOT NULL CHECK (kind IN ('permit', 'registration', 'other')),
    number            TEXT   NOT NULL CHECK (length(number) BETWEEN 1 AND 60),
    valid_from        TEXT,
    valid_to          TEXT,
    PRIMARY KEY (enterprise_id, seq)
);

CREATE TABLE enterprise_alias (                                     -- names that people matched by hand: certain from then on
    region            TEXT   NOT NULL,
    match_name        TEXT   NOT NULL,
    enterprise_id     TEXT   NOT NULL REFERENCES enterprise (id),
    PRIMARY KEY (region, match_name)
);

CREATE TABLE enterprise_revision (                                  -- who changed what, field by field
    enterprise_id     TEXT   NOT NULL REFERENCES enterprise (id),
    version           BIGINT NOT NULL,
    at                TEXT   NOT NULL,
    actor_id          TEXT   NOT NULL,
    actor_name        TEXT   NOT NULL,
    post              TEXT   NOT NULL,
    source            TEXT   NOT NULL CHECK (source IN ('form', 'import', 'queue', 'system')),
    import_id         TEXT   NOT NULL DEFAULT '',
    changes           TEXT   NOT NULL,                              -- {"field": [before, after]}
    PRIMARY KEY (enterprise_id, version)
);

CREATE TABLE enterprise_round (                                     -- standings written down by higher rooms
    enterprise_id     TEXT   NOT NULL REFERENCES enterprise (id),
    reference         TEXT   NOT NULL,
    accepted_on       TEXT   NOT NULL,
    level             TEXT   NOT NULL DEFAULT '',
    PRIMARY KEY (enterprise_id, reference)
);

CREATE TABLE former_round (                                         -- 补录: counts for intervals only
    id                TEXT   NOT NULL PRIMARY KEY,
    province          TEXT   NOT NULL,
    enterprise_id     TEXT   NOT NULL REFERENCES enterprise (id),
    year              BIGINT NOT NULL CHECK (year BETWEEN 1990 AND 2199),
    document_number   TEXT   NOT NULL DEFAULT '',
    accepted_on       TEXT   NOT NULL,
    level             TEXT   NOT NULL DEFAULT '',
    scan              TEXT   NOT NULL DEFAULT '',                   -- FileId
    recorded_by       TEXT   NOT NULL,
    recorded_at       TEXT   NOT NULL,
    version           BIGINT NOT NULL DEFAULT 1,
    UNIQUE (enterprise_id, year)
);

CREATE TABLE secret_unit (                                          -- 涉密单位: a number kept offline, nothing else
    id                TEXT   NOT NULL PRIMARY KEY,
    province          TEXT   NOT NULL,
    region            TEXT   NOT NULL CHECK (length(region) = 6),
    year              BIGINT NOT NULL CHECK (year BETWEEN 2000 AND 2199),
    number            TEXT   NOT NULL CHECK (length(number) BETWEEN 1 AND 20),
    stage             TEXT   NOT NULL CHECK (stage IN ('listed', 'reported', 'accepted')),
    version           BIGINT NOT NULL DEFAULT 1,
    UNIQUE (region, year, number)
);
