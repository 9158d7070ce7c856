-- What waits for an office: cases with options carried out whose effects are not yet verified.
CREATE INDEX cleaner_option_by_state ON cleaner_option (state, audit_id);
