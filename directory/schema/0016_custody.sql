-- +goose Up

-- With whom a child of two homes is, week by week: who gets the practical reminder of a day. Why is written nowhere.
CREATE TABLE directory_custody (
    pupil_id  ROWID_KEY,
    even_id   BIGINT NOT NULL,  -- the guardian of the even weeks
    odd_id    BIGINT NOT NULL,  -- the guardian of the odd weeks
    turn      BIGINT NOT NULL,  -- on which day of the week the child changes homes: 1 is Monday, 7 Sunday
    asked_by  BIGINT NOT NULL,  -- who entered it
    asked_at  BIGINT NOT NULL,
    agreed_at BIGINT            -- since when it holds: the other guardian agreed, or a head entered it; empty: it does not yet
);
CREATE INDEX directory_custody_even ON directory_custody (even_id);
CREATE INDEX directory_custody_odd ON directory_custody (odd_id);
