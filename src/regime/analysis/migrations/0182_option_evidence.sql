-- 证据: which files of the case show what an option costs and does. The files themselves hang on the case, so that they
-- are read by whoever reads the case; what was added and taken away stands in the case's log.

CREATE TABLE option_evidence (
    province    TEXT   NOT NULL,
    option_id   TEXT   NOT NULL REFERENCES cleaner_option (id),
    file_id     TEXT   NOT NULL,
    place       TEXT   NOT NULL CHECK (length(place) <= 200),       -- 第3页
    by_office   BIGINT NOT NULL CHECK (by_office IN (0, 1)),        -- 1: added by the department, which alone takes it away
    added_at    TEXT   NOT NULL,
    by_name     TEXT   NOT NULL,
    PRIMARY KEY (province, option_id, file_id)
);
CREATE INDEX option_evidence_by_option ON option_evidence (option_id, added_at);
