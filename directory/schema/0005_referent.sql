-- +goose Up

-- Whom to call for what is within a structure, and for what.
CREATE TABLE directory_referent (
    id           ROWID_KEY,
    structure_id BIGINT NOT NULL,
    role         TEXT NOT NULL, -- ien, dsden, canope…
    rank         BIGINT NOT NULL DEFAULT 0, -- among those of one role: the least is called first
    person_id    BIGINT NOT NULL DEFAULT 0, -- of the register; 0: known by the name alone
    name         TEXT NOT NULL DEFAULT '',
    mail         TEXT NOT NULL DEFAULT '',
    phone        TEXT NOT NULL DEFAULT '',
    url          TEXT NOT NULL DEFAULT '',
    families     BOOLEAN NOT NULL DEFAULT FALSE, -- shown to them too
    from_at      BIGINT NOT NULL,
    until_at     BIGINT,
    recorded_by  BIGINT NOT NULL DEFAULT 0, -- 0: the command line
    recorded_at  BIGINT NOT NULL
);
CREATE INDEX directory_referent_structure ON directory_referent (structure_id);
CREATE INDEX directory_referent_person ON directory_referent (person_id) WHERE person_id <> 0;
