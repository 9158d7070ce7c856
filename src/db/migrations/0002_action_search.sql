-- 0002: an auditor's search of the log: a province's entries by time, with what they are narrowed by, so that counting
-- them and turning to a later page read the index alone.
CREATE INDEX action_by_province ON action (province, at, id, subject_kind, name, actor_name);
