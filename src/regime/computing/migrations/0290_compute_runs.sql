-- 0290: runs of the engines (计算任务) that take too long for one request. Swept after some days; they leave no province.

CREATE TABLE compute_run (
    id                  TEXT   NOT NULL PRIMARY KEY,             -- RunId, UUIDv7
    owner_id            TEXT   NOT NULL REFERENCES app_user (id),
    name                TEXT   NOT NULL,                         -- of the computation
    input               TEXT   NOT NULL,                         -- JSON
    time_limit_seconds  BIGINT NOT NULL CHECK (time_limit_seconds > 0),
    state               TEXT   NOT NULL CHECK (state IN ('queued', 'running', 'finished', 'failed', 'cancelled')),
    progress            BIGINT NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 1000),  -- per mille
    answer              TEXT   NOT NULL DEFAULT '',              -- JSON, when finished
    problem             TEXT   NOT NULL DEFAULT '',              -- JSON of the error, when failed
    created_at          TEXT   NOT NULL,
    started_at          TEXT,
    ended_at            TEXT
);
CREATE INDEX compute_run_by_owner ON compute_run (owner_id, id);
CREATE INDEX compute_run_by_age ON compute_run (created_at);
