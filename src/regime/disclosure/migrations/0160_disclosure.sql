-- 信息公布: what a listed enterprise discloses at first (Order 38 Art. 11), as a draft and as published.

CREATE TABLE disclosure (
    province      TEXT   NOT NULL,
    audit_id      TEXT   NOT NULL UNIQUE REFERENCES audit (id),
    contents      TEXT   NOT NULL,                                  -- canonical JSON: item id → value
    published_on  TEXT,
    elsewhere     TEXT   NOT NULL DEFAULT '',                       -- address or newspaper where it also stands
    root          TEXT   NOT NULL DEFAULT '',                       -- SHA-256 of what was published
    version       BIGINT NOT NULL DEFAULT 1,
    changed_at    TEXT   NOT NULL,
    PRIMARY KEY (province, audit_id)
);

CREATE INDEX disclosure_by_day ON disclosure (published_on);
