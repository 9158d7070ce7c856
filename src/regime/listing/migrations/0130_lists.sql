-- 名单: a list of a year and office, its entries, and the notices publication makes.

CREATE TABLE audit_list (
    province         TEXT   NOT NULL,
    id               TEXT   NOT NULL UNIQUE,
    region           TEXT   NOT NULL,                               -- of the drafting office
    jurisdiction     TEXT   NOT NULL,
    year             BIGINT NOT NULL CHECK (year BETWEEN 2003 AND 2199),
    batch            BIGINT NOT NULL CHECK (batch >= 1),            -- 1 the yearly list, 2… supplementary batches
    title_zh         TEXT   NOT NULL,
    title_en         TEXT   NOT NULL,
    state            TEXT   NOT NULL,
    document_number  TEXT,                                          -- 文号, may arrive after publication
    dated_on         TEXT,                                          -- 成文日期
    published_on     TEXT,                                          -- 公布日期, the clocks' day
    published_where  TEXT   NOT NULL DEFAULT '',
    drafted_by       TEXT   NOT NULL,                               -- OfficeId
    version          BIGINT NOT NULL DEFAULT 1,
    created_at       TEXT   NOT NULL,
    PRIMARY KEY (province, id),
    UNIQUE (region, year, batch)
);

CREATE INDEX audit_list_by_year ON audit_list (year, region, batch);

CREATE TABLE list_entry (
    province         TEXT   NOT NULL,
    id               TEXT   NOT NULL UNIQUE,
    list_id          TEXT   NOT NULL REFERENCES audit_list (id),
    enterprise_id    TEXT   NOT NULL,
    enterprise_name  TEXT   NOT NULL,
    region           TEXT   NOT NULL,
    industry         TEXT   NOT NULL,
    categories       TEXT   NOT NULL,
    lead_line        TEXT   NOT NULL,
    cosign_line      TEXT   NOT NULL,
    reason           TEXT   NOT NULL,
    mode             TEXT   NOT NULL,
    mode_reason      TEXT   NOT NULL,
    cosigned         BIGINT NOT NULL DEFAULT 0 CHECK (cosigned IN (0, 1)),
    cosign_record    TEXT   NOT NULL DEFAULT '',                    -- who, or the paper's scan and its recorder
    status           TEXT   NOT NULL DEFAULT 'listed' CHECK (status IN ('listed', 'removed')),
    status_reason    TEXT   NOT NULL DEFAULT '',
    version          BIGINT NOT NULL DEFAULT 1,
    PRIMARY KEY (province, id),
    UNIQUE (list_id, enterprise_id)
);

CREATE INDEX list_entry_by_enterprise ON list_entry (enterprise_id, list_id);
CREATE INDEX list_entry_by_list ON list_entry (list_id, region, enterprise_name);

-- 一次性告知书. The activation code inside is kept only as identity's hash.
CREATE TABLE notice (
    province      TEXT   NOT NULL,
    id            TEXT   NOT NULL UNIQUE,
    entry_id      TEXT   NOT NULL REFERENCES list_entry (id),
    list_id       TEXT   NOT NULL REFERENCES audit_list (id),
    code          TEXT   NOT NULL UNIQUE,
    dated_on      TEXT   NOT NULL,
    file_id       TEXT,                                             -- NULL until the paper is made
    office_zh     TEXT   NOT NULL,
    office_en     TEXT   NOT NULL,
    delivered_on  TEXT,
    delivery      TEXT   NOT NULL DEFAULT '',
    delivery_file TEXT,
    withdrawn     BIGINT NOT NULL DEFAULT 0 CHECK (withdrawn IN (0, 1)),
    version       BIGINT NOT NULL DEFAULT 1,
    PRIMARY KEY (province, id)
);

CREATE INDEX notice_by_entry ON notice (entry_id);
CREATE INDEX notice_by_list ON notice (list_id, file_id);
