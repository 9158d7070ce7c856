-- 0044: comments (批注): threads on anything.

CREATE TABLE comment_thread (
    province          TEXT   NOT NULL CHECK (length(province) = 2),
    id                TEXT   NOT NULL,                           -- ThreadId, UUIDv7
    subject_kind      TEXT   NOT NULL,
    subject_id        TEXT   NOT NULL,
    anchor            TEXT   NOT NULL CHECK (length(anchor) <= 300),
    resolved          BIGINT NOT NULL CHECK (resolved IN (0, 1)),
    resolved_by_name  TEXT   NOT NULL,
    resolved_at       TEXT,
    version           BIGINT NOT NULL,                           -- the ETag
    PRIMARY KEY (province, id)
);
CREATE UNIQUE INDEX comment_thread_by_id ON comment_thread (id);
CREATE INDEX comment_thread_by_subject ON comment_thread (subject_kind, subject_id, id);

CREATE TABLE comment (
    province     TEXT NOT NULL CHECK (length(province) = 2),
    id           TEXT NOT NULL,                                  -- CommentId, UUIDv7
    thread_id    TEXT NOT NULL REFERENCES comment_thread (id),
    author_id    TEXT NOT NULL,
    author_name  TEXT NOT NULL,
    post         TEXT NOT NULL,                                  -- as of then
    text         TEXT NOT NULL CHECK (length(text) BETWEEN 1 AND 4000),
    at           TEXT NOT NULL,
    PRIMARY KEY (province, id)
);
CREATE INDEX comment_by_thread ON comment (thread_id, id);
