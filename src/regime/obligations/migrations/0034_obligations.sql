-- 0034: what is due, when, and who holds the ball (时限与当前办理方). Whether a row is late is compared with the day on which it is asked.

CREATE TABLE obligation (
    province          TEXT   NOT NULL CHECK (length(province) = 2),
    subject_kind      TEXT   NOT NULL,
    subject_id        TEXT   NOT NULL,
    rule              TEXT   NOT NULL,                           -- id of the clock rule
    region            TEXT   NOT NULL,
    enterprise        TEXT   NOT NULL,                           -- EnterpriseId, '' when it concerns none
    about_zh          TEXT   NOT NULL,
    about_en          TEXT   NOT NULL,
    link              TEXT   NOT NULL,
    title_zh          TEXT   NOT NULL,
    title_en          TEXT   NOT NULL,
    rule_zh           TEXT   NOT NULL,
    rule_en           TEXT   NOT NULL,
    started_on        TEXT   NOT NULL,
    due_on            TEXT   NOT NULL,
    next_working_day  TEXT,
    last_day          TEXT   NOT NULL,                           -- next_working_day or due_on
    soon_from         TEXT   NOT NULL,                           -- from this day it is "due soon"
    holder_party      TEXT   NOT NULL,
    holder_id         TEXT   NOT NULL,
    holder_name       TEXT   NOT NULL,
    state             TEXT   NOT NULL CHECK (state IN ('open', 'met', 'stopped')),
    met_on            TEXT,
    stopped_days      BIGINT NOT NULL CHECK (stopped_days >= 0),
    postponed         BIGINT NOT NULL CHECK (postponed IN (0, 1)),
    basis             TEXT   NOT NULL,                           -- JSON array of citations
    CHECK ((state = 'met') = (met_on IS NOT NULL)),
    PRIMARY KEY (province, subject_kind, subject_id, rule)
);
CREATE INDEX obligation_by_subject ON obligation (subject_kind, subject_id);
CREATE INDEX obligation_by_region ON obligation (region, state, last_day);
CREATE INDEX obligation_by_due ON obligation (state, last_day);
CREATE INDEX obligation_by_holder ON obligation (holder_party, holder_id, state, last_day);
CREATE INDEX obligation_by_enterprise ON obligation (enterprise, state, last_day);
