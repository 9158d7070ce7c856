-- 审核结果: what was decided and published, and the verified effects that count in statistics.

CREATE TABLE audit_result (
    province      TEXT   NOT NULL,
    audit_id      TEXT   NOT NULL UNIQUE REFERENCES audit (id),
    enterprise_id TEXT   NOT NULL,
    region        TEXT   NOT NULL,
    year          BIGINT NOT NULL,
    outcome       TEXT   NOT NULL CHECK (outcome IN ('accepted', 'failed')),
    level         TEXT   CHECK (level IS NULL OR level IN ('I', 'II', 'III', 'none')),
    decided_on    TEXT   NOT NULL,
    published_on  TEXT   NOT NULL,
    published_where TEXT NOT NULL,
    PRIMARY KEY (province, audit_id)
);

CREATE INDEX audit_result_by_enterprise ON audit_result (enterprise_id, published_on);
CREATE INDEX audit_result_by_region ON audit_result (region, year);

-- One verified effect of one case: an integer of 10^-4 of the column's unit, rounded once.
CREATE TABLE result_effect (
    audit_id      TEXT   NOT NULL REFERENCES audit_result (audit_id),
    column_id     TEXT   NOT NULL,
    value         BIGINT NOT NULL,
    PRIMARY KEY (audit_id, column_id)
);

CREATE INDEX result_effect_by_column ON result_effect (column_id, audit_id);
