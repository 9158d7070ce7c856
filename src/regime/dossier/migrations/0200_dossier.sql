-- 审核报告: what the writers of a case wrote section by section, and the reports made from it. Numbers are figures of the ledger, not columns here.

CREATE TABLE report_section (
    province         TEXT   NOT NULL,
    audit_id         TEXT   NOT NULL REFERENCES audit (id),
    section          TEXT   NOT NULL,                                -- id in the outline
    contents         TEXT   NOT NULL,                                -- with bindings {{figure:…}}
    version          BIGINT NOT NULL CHECK (version >= 1),           -- the ETag
    changed_at       TEXT   NOT NULL,
    changed_by       TEXT   NOT NULL,
    changed_by_name  TEXT   NOT NULL,
    PRIMARY KEY (province, audit_id, section)
);

CREATE INDEX report_section_by_audit ON report_section (audit_id, section);

-- Every wording a section ever had; the newest equals report_section.
CREATE TABLE report_section_revision (
    province         TEXT   NOT NULL,
    audit_id         TEXT   NOT NULL REFERENCES audit (id),
    section          TEXT   NOT NULL,
    version          BIGINT NOT NULL,
    contents         TEXT   NOT NULL,
    at               TEXT   NOT NULL,
    by_name          TEXT   NOT NULL,
    PRIMARY KEY (province, audit_id, section, version)
);

CREATE INDEX report_section_revision_by_audit ON report_section_revision (audit_id, section, version);

-- 报告版本: a finished report, its file, and the fingerprint of everything it was made from.
CREATE TABLE report_build (
    province         TEXT   NOT NULL,
    id               TEXT   NOT NULL,
    audit_id         TEXT   NOT NULL REFERENCES audit (id),
    stage            TEXT   NOT NULL CHECK (stage IN ('evaluation', 'acceptance')),
    number           BIGINT NOT NULL CHECK (number >= 1),            -- 1, 2, 3 … within case and stage
    code             TEXT   NOT NULL,                                -- version code as printed
    file_id          TEXT   NOT NULL,                                -- the DOCX
    hash             TEXT   NOT NULL,                                -- SHA-256 of the DOCX
    size             BIGINT NOT NULL,
    fingerprint      TEXT   NOT NULL,                                -- SHA-256 of ledger, options, texts and rules used
    pagination       TEXT   NOT NULL CHECK (pagination IN ('none', 'laid_out', 'estimated')),
    warnings         TEXT   NOT NULL,                                -- canonical JSON
    pdf_hash         TEXT   NOT NULL DEFAULT '',                     -- SHA-256 of the PDF once somebody asked for it
    made_at          TEXT   NOT NULL,
    made_by          TEXT   NOT NULL,
    made_by_name     TEXT   NOT NULL,
    PRIMARY KEY (province, id)
);

CREATE UNIQUE INDEX report_build_by_number ON report_build (audit_id, stage, number);
CREATE UNIQUE INDEX report_build_by_id ON report_build (id);
