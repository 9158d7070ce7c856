-- 0010: offices, people, posts with deputies, sessions, activation codes, machine tokens.
-- Runs unchanged on SQLite and PostgreSQL. Released migrations are never edited: add another.

-- 机构: a dated tree of regions by line. What an office covers is its region's subtree unless `covered` says otherwise, because development zones,
-- 兵团 and 计划单列市 do not follow the tree of GB/T 2260.
CREATE TABLE office (
    id            TEXT   NOT NULL PRIMARY KEY,                   -- OfficeId, UUIDv7
    province      TEXT   NOT NULL CHECK (length(province) = 2),  -- '00' the nation
    region        TEXT   NOT NULL CHECK (length(region) IN (0, 6)),
    line          TEXT   NOT NULL CHECK (line IN ('ecology', 'development_reform', 'industry', 'none')),
    level         TEXT   NOT NULL CHECK (level IN ('county', 'city', 'province', 'nation')),
    name_zh       TEXT   NOT NULL CHECK (length(name_zh) BETWEEN 1 AND 100),
    name_en       TEXT   NOT NULL CHECK (length(name_en) <= 200),
    parent_id     TEXT   REFERENCES office (id),
    covered       TEXT   NOT NULL DEFAULT '',                    -- region prefixes, blank between; '' = its own region
    excepted      TEXT   NOT NULL DEFAULT '',                    -- region prefixes left to other offices
    from_day      TEXT   NOT NULL,
    to_day        TEXT,                                          -- last day; NULL = still there
    version       BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX office_by_region ON office (region, line);

CREATE TABLE app_user (
    id            TEXT   NOT NULL PRIMARY KEY,                   -- UserId, UUIDv7
    province      TEXT   NOT NULL CHECK (length(province) = 2),
    login         TEXT   NOT NULL UNIQUE CHECK (length(login) BETWEEN 3 AND 64),
    name          TEXT   NOT NULL CHECK (length(name) BETWEEN 1 AND 60),
    password_hash TEXT   NOT NULL,                               -- Argon2id; '' = none yet, opened by a code
    language      TEXT   NOT NULL DEFAULT 'zh' CHECK (language IN ('zh', 'en')),
    must_change_password BIGINT NOT NULL DEFAULT 0 CHECK (must_change_password IN (0, 1)),
    disabled      BIGINT NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1)),
    created_at    TEXT   NOT NULL,
    version       BIGINT NOT NULL DEFAULT 1
);

-- 岗位: a person in an office, an enterprise or another party, from a day to a day.
CREATE TABLE post (
    id            TEXT   NOT NULL PRIMARY KEY,                   -- PostId, UUIDv7
    user_id       TEXT   NOT NULL REFERENCES app_user (id),
    province      TEXT   NOT NULL CHECK (length(province) = 2),
    role          TEXT   NOT NULL CHECK (role IN ('officer', 'chief', 'administrator', 'security_auditor', 'filler', 'signatory', 'consultant', 'expert', 'operator')),
    party         TEXT   NOT NULL CHECK (party IN ('office', 'enterprise', 'consultancy', 'expert', 'park', 'association', 'institute', 'evaluation_body')),
    party_id      TEXT   NOT NULL,
    party_name    TEXT   NOT NULL,
    office_id     TEXT   REFERENCES office (id),
    from_day      TEXT   NOT NULL,
    to_day        TEXT,
    version       BIGINT NOT NULL DEFAULT 1,
    CHECK ((party = 'office') = (office_id IS NOT NULL))
);
CREATE INDEX post_by_user ON post (user_id);
CREATE INDEX post_by_party ON post (party, party_id);
CREATE INDEX post_by_office ON post (office_id);

-- AB角: somebody who may act in another's post, under their own name.
CREATE TABLE post_deputy (
    id            TEXT   NOT NULL PRIMARY KEY,
    post_id       TEXT   NOT NULL REFERENCES post (id),
    user_id       TEXT   NOT NULL REFERENCES app_user (id),
    from_day      TEXT   NOT NULL,
    to_day        TEXT
);
CREATE INDEX post_deputy_by_user ON post_deputy (user_id);
CREATE INDEX post_deputy_by_post ON post_deputy (post_id);

CREATE TABLE user_session (
    id            TEXT   NOT NULL PRIMARY KEY,
    token_hash    TEXT   NOT NULL UNIQUE CHECK (length(token_hash) = 64),
    user_id       TEXT   NOT NULL REFERENCES app_user (id),
    created_at    TEXT   NOT NULL,
    last_seen_at  TEXT   NOT NULL,
    expires_at    TEXT   NOT NULL,                               -- absolute
    remote        TEXT   NOT NULL,
    agent         TEXT   NOT NULL,
    ended_at      TEXT                                           -- logged out, revoked
);
CREATE INDEX user_session_by_user ON user_session (user_id);

-- 激活码: opens a party's account of a role once, or gives an existing user a new password once.
CREATE TABLE activation_code (
    id            TEXT   NOT NULL PRIMARY KEY,
    code_hash     TEXT   NOT NULL UNIQUE CHECK (length(code_hash) = 64),
    province      TEXT   NOT NULL CHECK (length(province) = 2),
    user_id       TEXT   REFERENCES app_user (id),               -- whose password; NULL = opens a new account
    role          TEXT   NOT NULL,
    party         TEXT   NOT NULL,
    party_id      TEXT   NOT NULL,
    party_name    TEXT   NOT NULL,
    issued_at     TEXT   NOT NULL,
    expires_on    TEXT   NOT NULL,                               -- last day
    used_at       TEXT,
    voided_at     TEXT
);
CREATE INDEX activation_code_by_party ON activation_code (party, party_id, role);
CREATE INDEX activation_code_by_user ON activation_code (user_id);

-- Failed log-ins by "login:…" and "remote:…", counted whether or not such an account exists.
CREATE TABLE login_failure (
    key           TEXT   NOT NULL PRIMARY KEY,
    failures      BIGINT NOT NULL CHECK (failures >= 0),
    last_at       TEXT   NOT NULL,
    locked_until  TEXT   NOT NULL DEFAULT ''
);

-- Where a party other than an office belongs, told by the register, so that its officers can reissue codes.
CREATE TABLE party_place (
    party         TEXT   NOT NULL,
    party_id      TEXT   NOT NULL,
    name          TEXT   NOT NULL,
    region        TEXT   NOT NULL,
    province      TEXT   NOT NULL CHECK (length(province) = 2),
    PRIMARY KEY (party, party_id)
);

CREATE TABLE machine_token (
    id            TEXT   NOT NULL PRIMARY KEY,
    token_hash    TEXT   NOT NULL UNIQUE CHECK (length(token_hash) = 64),
    office_id     TEXT   NOT NULL REFERENCES office (id),
    name          TEXT   NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    scopes        TEXT   NOT NULL,                               -- first path segments that may be read, blank between
    issued_at     TEXT   NOT NULL,
    expires_on    TEXT   NOT NULL,
    revoked_at    TEXT
);
CREATE INDEX machine_token_by_office ON machine_token (office_id);
