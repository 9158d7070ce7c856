SELECT s.id, s.created_at, s.last_seen_at, s.expires_at, u.must_change_password, u.id, u.login, u.name, u.language, p.id, p.role, p.party, p.party_id, p.province, p.party_name, o.line, o.level, o.region, o.name_zh, o.covered, o.excepted, 0 AS deputy FROM user_session s JOIN app_user u ON u.id = s.user_id JOIN post p ON p.user_id = u.id LEFT JOIN office o ON o.id = p.office_id WHERE s.token_hash = :session AND s.ended_at IS NULL AND u.disabled = 0 AND p.from_day <= :on AND (p.to_day IS NULL OR p.to_day >= :on) UNION ALL SELECT s.id, s.created_at, s.last_seen_at, s.expires_at, u.must_change_password, u.id, u.login, u.name, u.language, p.id, p.role, p.party, p.party_id, p.province, p.party_name, o.line, o.level, o.region, o.name_zh, o.covered, o.excepted, 1 AS deputy FROM user_session s JOIN app_user u ON u.id = s.user_id JOIN post_deputy d ON d.user_id = u.id JOIN post p ON p.id = d.post_id LEFT JOIN office o ON o.id = p.office_id WHERE s.token_hash = :session AND s.ended_at IS NULL AND u.disabled = 0 AND d.from_day <= :on AND (d.to_day IS NULL OR d.to_day >= :on) AND p.from_day <= :on AND (p.to_day IS NULL OR p.to_day >= :on) ORDER BY deputy, 10
--
INSERT INTO legal_person (id, province, credit_code, name, match_name, registered_region)
    VALUES (:uuid, '99', NULL, '新建企业' || :n, '新建企业' || :n, '990101')
--
SELECT id FROM enterprise WHERE legal_person_id = :uuid ORDER BY region, match_name
--
INSERT INTO enterprise (id, province, legal_person_id, name, match_name, region, address, industry, scale, legal_representative,
    contact_name, contact_phone, longitude, latitude, status, status_since, park_id, note, last_round_on,
    last_entered_later, level, level_on, rounds, version, created_at, changed_at)
    VALUES (:uuid2, '99', :uuid, '新建企业' || :n, '新建企业' || :n, '990101', '工业路' || :n || '号', '3360', 'small', '',
    '', '', NULL, NULL, 'operating', NULL, NULL, '', NULL, 0, '', NULL, 0, 1, :now, :now)
--
INSERT INTO enterprise_revision (enterprise_id, version, at, actor_id, actor_name, post, source, import_id, changes)
    VALUES (:uuid2, 1, :now, '', '测速员', '承办人', 'form', '', '{}')
--
INSERT INTO party_place (party, party_id, name, region, province) VALUES ('enterprise', :uuid2, '新建企业' || :n, '990101', '99') ON CONFLICT (party, party_id) DO UPDATE SET name = excluded.name, region = excluded.region
--
UPDATE post SET party_name = (SELECT p.name FROM party_place p WHERE p.party = post.party AND p.party_id = post.party_id)
    WHERE party = 'enterprise' AND party_id IN (:uuid2)
    AND party_name <> (SELECT p.name FROM party_place p WHERE p.party = post.party AND p.party_id = post.party_id)
--
INSERT INTO search_entry (kind, id, province, region, party_id, title_zh, title_en, words, link)
    VALUES ('enterprise', :uuid2, '99', '990101', :uuid2, '新建企业' || :n, '新建企业' || :n, '新建企业' || :n, '/register/' || :uuid2)
    ON CONFLICT (kind, id) DO UPDATE SET province = excluded.province, region = excluded.region,
    party_id = excluded.party_id, title_zh = excluded.title_zh, title_en = excluded.title_en,
    words = excluded.words, link = excluded.link
--
SELECT seq, hash FROM chain_head WHERE subject_kind = 'enterprise' AND subject_id = :uuid2
--
INSERT INTO chain_head (subject_kind, subject_id, seq, hash) VALUES ('enterprise', :uuid2, 1, :hash)
    ON CONFLICT DO NOTHING
--
INSERT INTO action (province, id, subject_kind, subject_id, seq, name, at, actor_id, actor_name, actor_salt, actor_hash,
    post, as_deputy, basis, payload, hash)
    VALUES ('99', :uuid3, 'enterprise', :uuid2, 1, 'register', :now, '', '测速员', :hash, :hash,
    '承办人', 0, '[]', '{}', :hash)
--
SELECT id FROM enterprise WHERE legal_person_id = :uuid ORDER BY region, match_name
--
SELECT category FROM enterprise_category WHERE enterprise_id = :uuid2 ORDER BY category
--
SELECT reference, accepted_on, level FROM enterprise_round WHERE enterprise_id = :uuid2 ORDER BY accepted_on DESC, reference DESC
--
SELECT id, enterprise_id, year, document_number, accepted_on, level, scan, recorded_by, recorded_at, version
    FROM former_round WHERE enterprise_id = :uuid2 ORDER BY accepted_on DESC, id DESC
