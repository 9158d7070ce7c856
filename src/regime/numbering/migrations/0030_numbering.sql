-- 0030: business numbers (编号) and the register of 文号.

CREATE TABLE number_series (
    kind    TEXT   NOT NULL,
    region  TEXT   NOT NULL,
    year    BIGINT NOT NULL CHECK (year BETWEEN 1990 AND 2199),
    last    BIGINT NOT NULL CHECK (last >= 1),
    PRIMARY KEY (kind, region, year)
);

CREATE TABLE document_number (
    province      TEXT NOT NULL CHECK (length(province) = 2),
    normalised    TEXT NOT NULL,                                 -- brackets and blanks unified
    number        TEXT NOT NULL CHECK (length(number) BETWEEN 1 AND 60),
    subject_kind  TEXT NOT NULL,
    subject_id    TEXT NOT NULL,
    office_name   TEXT NOT NULL,
    issued_on     TEXT NOT NULL,
    entered_at    TEXT NOT NULL,
    entered_by    TEXT NOT NULL,
    PRIMARY KEY (province, normalised)
);
CREATE INDEX document_number_by_subject ON document_number (subject_kind, subject_id);
