-- 评估和验收的专家组: its members, their blind scores, and the conclusion. A panel has its own action chain, joined to the case when it concludes.

CREATE TABLE panel (
    province     TEXT   NOT NULL,
    id           TEXT   NOT NULL UNIQUE,
    audit_id     TEXT   NOT NULL REFERENCES audit (id),
    region       TEXT   NOT NULL,
    kind         TEXT   NOT NULL CHECK (kind IN ('evaluation', 'acceptance')),
    scoring      TEXT   NOT NULL,                                   -- scoring table of the packs, pinned
    state        TEXT   NOT NULL CHECK (state IN ('scoring', 'scored', 'concluded', 'dissolved')),
    root         TEXT   NOT NULL,                                   -- of the edition judged
    edition_id   TEXT   NOT NULL,
    opened_on    TEXT   NOT NULL,
    opened_by    TEXT   NOT NULL,
    total        TEXT,                                              -- decimal
    result       TEXT,
    opinion      TEXT   NOT NULL DEFAULT '',
    level        TEXT,
    concluded_on TEXT,
    concluded_by TEXT,
    version      BIGINT NOT NULL DEFAULT 1,
    PRIMARY KEY (province, id)
);

CREATE INDEX panel_by_audit ON panel (audit_id, id);
CREATE INDEX panel_by_region ON panel (region, state, id);

CREATE TABLE panel_member (
    panel_id       TEXT   NOT NULL REFERENCES panel (id),
    expert_id      TEXT   NOT NULL,
    expert_name    TEXT   NOT NULL,
    state          TEXT   NOT NULL CHECK (state IN ('invited', 'submitted', 'recused')),
    recusal_reason TEXT   NOT NULL DEFAULT '',
    comment        TEXT   NOT NULL DEFAULT '',
    submitted_at   TEXT,
    version        BIGINT NOT NULL DEFAULT 1,
    PRIMARY KEY (panel_id, expert_id)
);

CREATE INDEX panel_member_by_expert ON panel_member (expert_id, state, panel_id);

CREATE TABLE panel_score (
    panel_id   TEXT NOT NULL,
    expert_id  TEXT NOT NULL,
    item       TEXT NOT NULL,
    points     TEXT NOT NULL,                                       -- decimal
    reason     TEXT NOT NULL,
    PRIMARY KEY (panel_id, expert_id, item),
    FOREIGN KEY (panel_id, expert_id) REFERENCES panel_member (panel_id, expert_id)
);

CREATE TABLE panel_veto (
    panel_id   TEXT   NOT NULL,
    expert_id  TEXT   NOT NULL,
    veto       TEXT   NOT NULL,
    found      BIGINT NOT NULL CHECK (found IN (0, 1)),
    reason     TEXT   NOT NULL,
    PRIMARY KEY (panel_id, expert_id, veto),
    FOREIGN KEY (panel_id, expert_id) REFERENCES panel_member (panel_id, expert_id)
);
