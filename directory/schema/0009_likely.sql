-- +goose Up

-- The likely duplicates of each school as they were when it was last looked at: looking for them reads everybody of
-- the school, which a home page does not do.
CREATE TABLE directory_likely (
    school_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    other_id  BIGINT NOT NULL,
    PRIMARY KEY (school_id, person_id, other_id)
) CLUSTERED;
CREATE INDEX directory_likely_person ON directory_likely (person_id);
CREATE INDEX directory_likely_other ON directory_likely (other_id);

CREATE TABLE directory_looked (
    school_id  ROWID_KEY,
    looked_at  BIGINT NOT NULL, -- as who looked saw it
    touched_at BIGINT NOT NULL  -- by somebody's hand: from then on it is to be looked at again
);

-- Who has a post by hand, for those who give one under the same name.
CREATE INDEX directory_function_hand ON directory_function (person_id) WHERE source_id = 0;
