-- +goose Up

-- What was given out about something is worth nothing any more, whatever it says: see directory.Void. Rows are only
-- added, so that nobody waits for who adds one, and are forgotten after a day.
CREATE TABLE directory_void (
    void_at BIGINT NOT NULL,
    about   BIGINT NOT NULL -- a person, a session, a class, a school; 0: everything
);
CREATE INDEX directory_void_at ON directory_void (void_at);
