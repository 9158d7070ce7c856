-- 0052: exact roll-ups (汇总计数). Whoever changes a fact inserts a delta in the same transaction; a job folds deltas into totals; readers add both.

CREATE TABLE tally_total (
    measure   TEXT   NOT NULL,
    province  TEXT   NOT NULL CHECK (length(province) = 2),
    city      TEXT   NOT NULL,
    county    TEXT   NOT NULL,
    year      BIGINT NOT NULL,
    industry  TEXT   NOT NULL,
    category  TEXT   NOT NULL,
    mode      TEXT   NOT NULL,
    level     TEXT   NOT NULL,
    value     BIGINT NOT NULL,
    PRIMARY KEY (measure, province, city, county, year, industry, category, mode, level)
);

CREATE TABLE tally_delta (
    id        TEXT   NOT NULL PRIMARY KEY,                       -- UUIDv7
    measure   TEXT   NOT NULL,
    province  TEXT   NOT NULL CHECK (length(province) = 2),
    city      TEXT   NOT NULL,
    county    TEXT   NOT NULL,
    year      BIGINT NOT NULL,
    industry  TEXT   NOT NULL,
    category  TEXT   NOT NULL,
    mode      TEXT   NOT NULL,
    level     TEXT   NOT NULL,
    value     BIGINT NOT NULL CHECK (value <> 0)
);
