-- 0001: what the database floor itself keeps: the action log with its hash chains, sealed roots, jobs, remembered answers.
-- Runs unchanged on SQLite and PostgreSQL. Released migrations are never edited: add another.

-- One hash chain per subject; advanced only by UPDATE … WHERE seq = :expected.
CREATE TABLE chain_head (
    subject_kind  TEXT   NOT NULL,
    subject_id    TEXT   NOT NULL,
    seq           BIGINT NOT NULL CHECK (seq >= 1),
    hash          TEXT   NOT NULL CHECK (length(hash) = 64),
    PRIMARY KEY (subject_kind, subject_id)
);

-- Append-only. The person's name is outside the hash: the chain holds its salted hash, so that a name can be erased later.
CREATE TABLE action (
    province      TEXT   NOT NULL CHECK (length(province) = 2),
    id            TEXT   NOT NULL,                               -- UUIDv7
    subject_kind  TEXT   NOT NULL,
    subject_id    TEXT   NOT NULL,
    seq           BIGINT NOT NULL CHECK (seq >= 1),
    name          TEXT   NOT NULL CHECK (length(name) BETWEEN 1 AND 60),
    at            TEXT   NOT NULL,                               -- UTC, ISO, milliseconds
    actor_id      TEXT   NOT NULL,                               -- '' for the system itself
    actor_name    TEXT   NOT NULL,
    actor_salt    TEXT   NOT NULL,
    actor_hash    TEXT   NOT NULL,
    post          TEXT   NOT NULL,
    as_deputy     BIGINT NOT NULL CHECK (as_deputy IN (0, 1)),
    basis         TEXT   NOT NULL,                               -- canonical JSON
    payload       TEXT   NOT NULL,                               -- canonical JSON
    hash          TEXT   NOT NULL CHECK (length(hash) = 64),
    PRIMARY KEY (province, id),
    UNIQUE (subject_kind, subject_id, seq)
);
CREATE INDEX action_by_time ON action (at, id);

-- Signed Merkle roots over all chain heads.
CREATE TABLE sealed_root (
    at            TEXT   NOT NULL PRIMARY KEY,
    root          TEXT   NOT NULL CHECK (length(root) = 64),
    heads         BIGINT NOT NULL CHECK (heads >= 0),
    signature     TEXT   NOT NULL,
    public_key    TEXT   NOT NULL
);

CREATE TABLE job (
    id            TEXT   NOT NULL PRIMARY KEY,                   -- UUIDv7
    kind          TEXT   NOT NULL,
    unique_key    TEXT   NOT NULL,                               -- '' = none
    payload       TEXT   NOT NULL,                               -- JSON
    state         TEXT   NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed')),
    not_before    TEXT   NOT NULL,
    lease_until   TEXT   NOT NULL,                               -- '' unless running
    worker        TEXT   NOT NULL,
    attempt       BIGINT NOT NULL DEFAULT 0 CHECK (attempt >= 0),
    problem       TEXT   NOT NULL DEFAULT '',
    ended_at      TEXT   NOT NULL DEFAULT ''
);
CREATE INDEX job_by_state ON job (state, not_before, id);
CREATE INDEX job_by_key ON job (unique_key);
CREATE UNIQUE INDEX job_queued_once ON job (kind, unique_key) WHERE state = 'queued' AND unique_key <> '';

-- Idempotency-Key: what a POST answered, so that its repetition answers the same and does nothing.
CREATE TABLE remembered_answer (
    scope         TEXT   NOT NULL,                               -- whose key it is
    key           TEXT   NOT NULL CHECK (length(key) BETWEEN 1 AND 200),
    fingerprint   TEXT   NOT NULL,                               -- of the request
    at            TEXT   NOT NULL,
    status        BIGINT NOT NULL,                               -- 0 while the first request is still under way
    headers       TEXT   NOT NULL,                               -- JSON object
    body          TEXT   NOT NULL,
    PRIMARY KEY (scope, key)
);
CREATE INDEX remembered_answer_by_time ON remembered_answer (at);
