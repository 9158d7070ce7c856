-- 0101: import of enterprises from spreadsheets: what was uploaded, how it was read, what it would do, and the names nobody could place.

CREATE TABLE import_mapping (                                       -- saved by name per office: titles of columns → fields
    id                TEXT   NOT NULL PRIMARY KEY,
    province          TEXT   NOT NULL,
    office_id         TEXT   NOT NULL,
    name              TEXT   NOT NULL CHECK (length(name) BETWEEN 1 AND 60),
    mapping           TEXT   NOT NULL,
    changed_at        TEXT   NOT NULL,
    UNIQUE (office_id, name)
);

CREATE TABLE enterprise_import (
    id                TEXT   NOT NULL PRIMARY KEY,                  -- ImportId, UUIDv7
    province          TEXT   NOT NULL,
    office_id         TEXT   NOT NULL,
    file_name         TEXT   NOT NULL,
    file_hash         TEXT   NOT NULL,                              -- SHA-256 of the bytes
    state             TEXT   NOT NULL CHECK (state IN ('uploaded', 'previewed', 'confirmed', 'discarded')),
    sheets            TEXT   NOT NULL,                              -- names, sizes, detected headers
    mapping           TEXT   NOT NULL DEFAULT '{}',
    counts            TEXT   NOT NULL DEFAULT '{}',
    plan_hash         TEXT   NOT NULL DEFAULT '',
    actor_name        TEXT   NOT NULL,
    uploaded_at       TEXT   NOT NULL,
    confirmed_at      TEXT,
    version           BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX enterprise_import_by_office ON enterprise_import (office_id, id);

CREATE TABLE import_chunk (                                         -- the cells, some rows at a time; removed when the import is over
    import_id         TEXT   NOT NULL REFERENCES enterprise_import (id),
    sheet             BIGINT NOT NULL,
    first_row         BIGINT NOT NULL,
    cells             TEXT   NOT NULL,
    PRIMARY KEY (import_id, sheet, first_row)
);

CREATE TABLE import_row (                                           -- the preview
    import_id         TEXT   NOT NULL REFERENCES enterprise_import (id),
    seq               BIGINT NOT NULL,
    outcome           TEXT   NOT NULL CHECK (outcome IN ('new', 'changed', 'unchanged', 'unmatched', 'wrong', 'merged')),
    content           TEXT   NOT NULL,                              -- sheet, row, name, diff, errors, candidates
    PRIMARY KEY (import_id, seq)
);
CREATE INDEX import_row_by_outcome ON import_row (import_id, outcome, seq);

CREATE TABLE unmatched_row (                                        -- the queue: names that nothing certain matches
    id                TEXT   NOT NULL PRIMARY KEY,
    province          TEXT   NOT NULL,
    region            TEXT   NOT NULL CHECK (length(region) = 6),
    office_id         TEXT   NOT NULL,
    import_id         TEXT   NOT NULL,
    source            TEXT   NOT NULL,                              -- file, sheet and row, for people
    name              TEXT   NOT NULL,
    match_name        TEXT   NOT NULL,
    facts             TEXT   NOT NULL,
    state             TEXT   NOT NULL CHECK (state IN ('open', 'matched', 'created', 'dismissed')),
    enterprise_id     TEXT   REFERENCES enterprise (id),
    decided_by        TEXT   NOT NULL DEFAULT '',
    decided_at        TEXT,
    version           BIGINT NOT NULL DEFAULT 1,
    UNIQUE (region, match_name)
);
CREATE INDEX unmatched_row_by_state ON unmatched_row (state, region, id);
