-- +goose Up

-- The ways into a class for its pupils: its poster, one at most, and the tablets of the class. Each by the HMAC of
-- the token that the browser keeps; that of a poster is made from the code that the poster shows.
CREATE TABLE account_class_door (
    token      BYTEA PRIMARY KEY,
    id         BIGINT NOT NULL,
    class_id   BIGINT NOT NULL,
    tablet     BOOLEAN NOT NULL,
    name       TEXT NOT NULL, -- of the tablet
    made_by    BIGINT NOT NULL,
    made_at    BIGINT NOT NULL,
    expires_at BIGINT NOT NULL -- the end of the school year
) CLUSTERED;
CREATE INDEX account_class_door_class ON account_class_door (class_id);
CREATE UNIQUE INDEX account_class_door_poster ON account_class_door (class_id) WHERE NOT tablet;

-- The three pictures of a child: argon2id, in the PHC string format, of their HMAC.
CREATE TABLE account_pictures (
    person_id ROWID_KEY,
    secret    TEXT NOT NULL,
    set_by    BIGINT NOT NULL,
    set_at    BIGINT NOT NULL
);

-- A session that was opened at the door of a class: by which way, and when it ends whatever is done.
ALTER TABLE account_session ADD COLUMN door_id BIGINT;
ALTER TABLE account_session ADD COLUMN until_at BIGINT;
CREATE INDEX account_session_door ON account_session (door_id);
