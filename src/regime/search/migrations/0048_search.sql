-- 0048: what Ctrl-K finds (全局搜索). A row repeats what its owner says; the owner writes it in the transaction that changes the fact.

CREATE TABLE search_entry (
    kind      TEXT NOT NULL,
    id        TEXT NOT NULL,
    province  TEXT NOT NULL,
    region    TEXT NOT NULL,                                     -- '' = open to every logged-in person
    party_id  TEXT NOT NULL,                                     -- '' = belongs to no party
    title_zh  TEXT NOT NULL,
    title_en  TEXT NOT NULL,
    words     TEXT NOT NULL,                                     -- titles and text, half width, lower case
    link      TEXT NOT NULL,
    PRIMARY KEY (kind, id)
);
CREATE INDEX search_entry_by_region ON search_entry (region, kind);
CREATE INDEX search_entry_by_party ON search_entry (party_id);
