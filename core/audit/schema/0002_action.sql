-- +goose Up

-- The journal of everybody is asked for by kind of act, the newest first.
CREATE INDEX audit_entry_action ON audit_entry (action, id);
