-- 更正公告: corrections of a published list. What was published stays in the rows of 0130; a corrected_* column repeats
-- the newest correction of its neighbour (NULL: never corrected), so that lists stay quick to read and to search.

CREATE TABLE list_correction (
    province         TEXT   NOT NULL,
    id               TEXT   NOT NULL UNIQUE,
    list_id          TEXT   NOT NULL REFERENCES audit_list (id),
    seq              BIGINT NOT NULL CHECK (seq >= 1),              -- 1, 2 … within the list, by day of publication
    published_on     TEXT   NOT NULL,                               -- 公布日期 of the correction, never the clocks' day
    dated_on         TEXT,                                          -- 成文日期
    published_where  TEXT   NOT NULL,
    document_number  TEXT,                                          -- 文号, may arrive later
    explanation      TEXT   NOT NULL,
    office_zh        TEXT   NOT NULL,
    office_en        TEXT   NOT NULL,
    version          BIGINT NOT NULL DEFAULT 1,
    created_at       TEXT   NOT NULL,
    PRIMARY KEY (province, id),
    UNIQUE (list_id, seq)
);

CREATE TABLE list_correction_value (
    correction_id    TEXT   NOT NULL REFERENCES list_correction (id),
    seq              BIGINT NOT NULL,
    entry_id         TEXT   REFERENCES list_entry (id),             -- NULL: the list's own wording
    field            TEXT   NOT NULL CHECK (field IN ('title_zh', 'title_en', 'document_number', 'dated_on', 'published_where',
                                                      'enterprise_name', 'reason', 'mode_reason')),
    value_before     TEXT   NOT NULL,
    value_after      TEXT   NOT NULL,
    PRIMARY KEY (correction_id, seq)
);

CREATE INDEX list_correction_value_by_entry ON list_correction_value (entry_id, correction_id);

ALTER TABLE audit_list ADD COLUMN corrected_title_zh TEXT;
ALTER TABLE audit_list ADD COLUMN corrected_title_en TEXT;
ALTER TABLE audit_list ADD COLUMN corrected_document_number TEXT;
ALTER TABLE audit_list ADD COLUMN corrected_dated_on TEXT;
ALTER TABLE audit_list ADD COLUMN corrected_published_where TEXT;

ALTER TABLE list_entry ADD COLUMN corrected_enterprise_name TEXT;
ALTER TABLE list_entry ADD COLUMN corrected_reason TEXT;
ALTER TABLE list_entry ADD COLUMN corrected_mode_reason TEXT;
