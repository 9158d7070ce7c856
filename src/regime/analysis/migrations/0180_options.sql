-- 清洁生产方案: wording, class and state of each option. What it costs, saves and cuts are figures whose scope is the option.

CREATE TABLE cleaner_option (
    province        TEXT   NOT NULL,
    id              TEXT   NOT NULL UNIQUE,
    audit_id        TEXT   NOT NULL REFERENCES audit (id),
    code            TEXT   NOT NULL,                                -- WD1…, ZG1…
    title           TEXT   NOT NULL CHECK (length(title) >= 1),
    description     TEXT   NOT NULL,
    cost_class      TEXT   NOT NULL CHECK (cost_class IN ('none_or_low', 'medium_or_high')),
    origin          TEXT   NOT NULL CHECK (origin IN ('material', 'process', 'equipment', 'control', 'product', 'waste', 'management', 'staff')),
    state           TEXT   NOT NULL CHECK (state IN ('proposed', 'feasible', 'dropped', 'planned', 'implemented', 'verified')),
    responsible     TEXT   NOT NULL DEFAULT '',
    planned_on      TEXT,
    implemented_on  TEXT,
    drop_reason     TEXT   NOT NULL DEFAULT '',
    version         BIGINT NOT NULL DEFAULT 1,
    created_at      TEXT   NOT NULL,
    created_by      TEXT   NOT NULL,
    PRIMARY KEY (province, id),
    UNIQUE (audit_id, code)
);

CREATE INDEX cleaner_option_by_audit ON cleaner_option (audit_id, cost_class, code);
