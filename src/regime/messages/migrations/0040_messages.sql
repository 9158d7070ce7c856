-- 0040: messages (消息), their receipts, and the outbox of channels beyond the inbox.

CREATE TABLE message (
    province      TEXT NOT NULL CHECK (length(province) = 2),
    id            TEXT NOT NULL,                                 -- MessageId, UUIDv7
    party         TEXT NOT NULL,                                 -- 'none' when it is to one person
    party_id      TEXT NOT NULL,
    role          TEXT NOT NULL,                                 -- '' = everybody of the party
    user_id       TEXT NOT NULL,                                 -- '' = to the party
    code          TEXT NOT NULL CHECK (length(code) BETWEEN 1 AND 120),
    params        TEXT NOT NULL,                                 -- JSON array of [name, value]
    link          TEXT NOT NULL,
    subject_kind  TEXT NOT NULL,
    subject_id    TEXT NOT NULL,
    sent_at       TEXT NOT NULL,
    PRIMARY KEY (province, id)
);
CREATE UNIQUE INDEX message_by_id ON message (id);
CREATE INDEX message_by_party ON message (party, party_id, id);
CREATE INDEX message_by_user ON message (user_id, id);
CREATE INDEX message_by_subject ON message (subject_kind, subject_id, id);

CREATE TABLE message_receipt (
    message_id  TEXT NOT NULL REFERENCES message (id),
    user_id     TEXT NOT NULL,
    user_name   TEXT NOT NULL,                                   -- as of then
    read_at     TEXT NOT NULL,
    PRIMARY KEY (message_id, user_id)
);

CREATE TABLE message_delivery (
    message_id  TEXT   NOT NULL REFERENCES message (id),
    channel     TEXT   NOT NULL,
    user_id     TEXT   NOT NULL,
    user_name   TEXT   NOT NULL,
    address     TEXT   NOT NULL,
    state       TEXT   NOT NULL CHECK (state IN ('queued', 'sent', 'failed')),
    attempts    BIGINT NOT NULL DEFAULT 0,
    not_before  TEXT   NOT NULL,
    problem     TEXT   NOT NULL DEFAULT '',
    PRIMARY KEY (message_id, channel, user_id)
);
CREATE INDEX message_delivery_queued ON message_delivery (state, not_before);
