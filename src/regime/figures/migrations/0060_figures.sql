-- 0060: the ledger of figures (数据台账): slots, claims, revisions, inputs of derived figures, frozen editions.
-- Nothing here is deleted or overwritten but a slot's pointer to its adopted claim.

CREATE TABLE figure_slot (
    province      TEXT   NOT NULL CHECK (length(province) = 2),
    id            TEXT   NOT NULL,                               -- SlotId, UUIDv7
    subject_kind  TEXT   NOT NULL,
    subject_id    TEXT   NOT NULL,
    key           TEXT   NOT NULL CHECK (length(key) BETWEEN 1 AND 120),
    scope         TEXT   NOT NULL CHECK (length(scope) <= 120),  -- '' = the whole plant
    period        TEXT   NOT NULL,                               -- canonical; '' = timeless
    aspect        TEXT   NOT NULL CHECK (aspect IN ('measured', 'reconciled', 'planned', 'verified')),
    version       BIGINT NOT NULL CHECK (version >= 1),
    claim_id      TEXT   NOT NULL,                               -- the adopted one
    PRIMARY KEY (province, id)
);
CREATE UNIQUE INDEX figure_slot_by_place ON figure_slot (subject_kind, subject_id, key, scope, period, aspect);
CREATE UNIQUE INDEX figure_slot_by_id ON figure_slot (id);

CREATE TABLE figure_claim (
    province        TEXT   NOT NULL,
    id              TEXT   NOT NULL,                             -- ClaimId, UUIDv7
    slot_id         TEXT   NOT NULL,
    kind            TEXT   NOT NULL CHECK (kind IN ('number', 'text', 'date', 'choice', 'not_applicable', 'retracted')),
    number          TEXT,                                        -- exact decimal as written
    unit            TEXT   NOT NULL,
    text            TEXT   NOT NULL,                             -- text, choice, reason
    day             TEXT,
    basis           TEXT   NOT NULL CHECK (basis IN ('metered', 'billed', 'monitored', 'calculated', 'estimated', 'claimed')),
    evidence_file   TEXT   NOT NULL,                             -- FileId or ''
    evidence_place  TEXT   NOT NULL,
    note            TEXT   NOT NULL,
    formula         TEXT   NOT NULL,                             -- '' = entered
    standing        BIGINT NOT NULL CHECK (standing IN (0, 1)),  -- 0: replaced by a later word of the same source
    at              TEXT   NOT NULL,
    by_id           TEXT   NOT NULL,
    by_name         TEXT   NOT NULL,
    CHECK ((kind = 'number') = (number IS NOT NULL)),
    CHECK ((kind = 'date') = (day IS NOT NULL)),
    PRIMARY KEY (province, id),
    FOREIGN KEY (province, slot_id) REFERENCES figure_slot (province, id)
);
CREATE INDEX figure_claim_by_slot ON figure_claim (slot_id, id);
CREATE UNIQUE INDEX figure_claim_by_id ON figure_claim (id);

-- Which claim a slot adopted from which version on.
CREATE TABLE figure_revision (
    province  TEXT   NOT NULL,
    slot_id   TEXT   NOT NULL,
    version   BIGINT NOT NULL CHECK (version >= 1),
    claim_id  TEXT   NOT NULL,
    at        TEXT   NOT NULL,
    by_name   TEXT   NOT NULL,
    PRIMARY KEY (province, slot_id, version),
    FOREIGN KEY (province, slot_id) REFERENCES figure_slot (province, id)
);
CREATE INDEX figure_revision_by_slot ON figure_revision (slot_id, version);

-- What a derived figure was computed from, with the revision each input had (0 = it was empty).
CREATE TABLE figure_input (
    province  TEXT   NOT NULL,
    claim_id  TEXT   NOT NULL,
    position  BIGINT NOT NULL,
    slot_id   TEXT   NOT NULL,                                   -- '' = it was empty
    version   BIGINT NOT NULL CHECK (version >= 0),
    key       TEXT   NOT NULL,
    scope     TEXT   NOT NULL,
    period    TEXT   NOT NULL,
    aspect    TEXT   NOT NULL,
    PRIMARY KEY (province, claim_id, position),
    FOREIGN KEY (province, claim_id) REFERENCES figure_claim (province, id)
);
CREATE INDEX figure_input_by_claim ON figure_input (claim_id, position);

CREATE TABLE figure_edition (
    province      TEXT   NOT NULL CHECK (length(province) = 2),
    id            TEXT   NOT NULL,                               -- EditionId, UUIDv7
    subject_kind  TEXT   NOT NULL,
    subject_id    TEXT   NOT NULL,
    label         TEXT   NOT NULL CHECK (length(label) BETWEEN 1 AND 60),
    number        BIGINT NOT NULL CHECK (number >= 1),
    root          TEXT   NOT NULL CHECK (length(root) = 64),
    entries       BIGINT NOT NULL,
    at            TEXT   NOT NULL,
    by_id         TEXT   NOT NULL,
    by_name       TEXT   NOT NULL,
    PRIMARY KEY (province, id)
);
CREATE UNIQUE INDEX figure_edition_by_number ON figure_edition (subject_kind, subject_id, number);
CREATE UNIQUE INDEX figure_edition_by_id ON figure_edition (id);

CREATE TABLE figure_edition_entry (
    province        TEXT   NOT NULL,
    edition_id      TEXT   NOT NULL,
    position        BIGINT NOT NULL,
    slot_id         TEXT   NOT NULL,
    key             TEXT   NOT NULL,
    scope           TEXT   NOT NULL,
    period          TEXT   NOT NULL,
    aspect          TEXT   NOT NULL,
    version         BIGINT NOT NULL,
    claim_id        TEXT   NOT NULL,
    kind            TEXT   NOT NULL,
    number          TEXT,
    unit            TEXT   NOT NULL,
    text            TEXT   NOT NULL,
    day             TEXT,
    basis           TEXT   NOT NULL,
    evidence_file   TEXT   NOT NULL,
    evidence_place  TEXT   NOT NULL,
    note            TEXT   NOT NULL,
    formula         TEXT   NOT NULL,
    inputs          TEXT   NOT NULL,                             -- canonical JSON
    at              TEXT   NOT NULL,
    by_name         TEXT   NOT NULL,
    PRIMARY KEY (province, edition_id, position),
    FOREIGN KEY (province, edition_id) REFERENCES figure_edition (province, id)
);
CREATE INDEX figure_edition_entry_by_edition ON figure_edition_entry (edition_id, position);
