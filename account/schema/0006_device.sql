-- +goose Up

-- The devices on which somebody signed in, by the SHA-256 of the token that the browser keeps, with the HMAC of
-- the network of the last time: the wrong tries of others do not shut the door to these.
CREATE TABLE account_device (
    person_id BIGINT NOT NULL,
    token     BYTEA NOT NULL,
    network   BYTEA NOT NULL,
    seen_at   BIGINT NOT NULL, -- the last sign-in
    PRIMARY KEY (person_id, token)
) CLUSTERED;
CREATE INDEX account_device_token ON account_device (token);
CREATE INDEX account_device_seen ON account_device (seen_at);
