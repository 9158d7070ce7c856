-- 0020: attachments (附件). The contents lie in the blob directory under their SHA-256; a row is written only after its content is durable.

CREATE TABLE file (
    province           TEXT   NOT NULL CHECK (length(province) = 2),
    id                 TEXT   NOT NULL,                          -- FileId, UUIDv7
    owner_kind         TEXT   NOT NULL,
    owner_id           TEXT   NOT NULL,
    kind               TEXT   NOT NULL CHECK (length(kind) BETWEEN 1 AND 60),
    name               TEXT   NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    note               TEXT   NOT NULL,
    hash               TEXT   NOT NULL CHECK (length(hash) = 64),
    size               BIGINT NOT NULL CHECK (size > 0),
    media_type         TEXT   NOT NULL,
    uploaded_at        TEXT   NOT NULL,
    uploaded_by        TEXT   NOT NULL,
    uploaded_by_name   TEXT   NOT NULL,
    withdrawn_at       TEXT,
    withdrawn_by_name  TEXT   NOT NULL DEFAULT '',
    withdrawn_reason   TEXT   NOT NULL DEFAULT '',
    PRIMARY KEY (province, id)
);
CREATE UNIQUE INDEX file_by_id ON file (id);
CREATE INDEX file_by_owner ON file (owner_kind, owner_id, id);
