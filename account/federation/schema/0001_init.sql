-- +goose Up

-- The identity providers that operators declared.
CREATE TABLE federation_provider (
    name         TEXT PRIMARY KEY,
    declared     TEXT NOT NULL, -- JSON, without the secret
    secret       BYTEA NOT NULL, -- of the client, under the master key; empty for SAML
    document     TEXT NOT NULL, -- its metadata, or its discovery
    valid_until  BIGINT, -- of the document; without, it says nothing
    refreshed_at BIGINT NOT NULL,
    trouble      TEXT NOT NULL -- of the last refresh, for the operator; empty: none
) CLUSTERED;

-- The key pair with which requests are signed, under the master key.
CREATE TABLE federation_key (
    name        TEXT PRIMARY KEY,
    certificate BYTEA NOT NULL, -- DER
    sealed      BYTEA NOT NULL, -- PKCS #8
    made_at     BIGINT NOT NULL
) CLUSTERED;

-- Who has left for a provider and may come back, once: by the SHA-256 of what the provider gives back (RelayState,
-- state) and of what the browser keeps.
CREATE TABLE federation_try (
    relay      BYTEA PRIMARY KEY,
    browser    BYTEA NOT NULL,
    provider   TEXT NOT NULL,
    request    TEXT NOT NULL, -- ID of the AuthnRequest, or nonce
    verifier   BYTEA NOT NULL, -- of PKCE, under the master key; empty for SAML
    next       TEXT NOT NULL, -- the page wanted
    expires_at BIGINT NOT NULL
) CLUSTERED;
CREATE INDEX federation_try_expires ON federation_try (expires_at);

-- The assertions taken already, by the SHA-256 of their issuer and ID, for as long as they could be taken again.
CREATE TABLE federation_seen (
    assertion  BYTEA PRIMARY KEY,
    expires_at BIGINT NOT NULL
) CLUSTERED;
CREATE INDEX federation_seen_expires ON federation_seen (expires_at);

-- Whom an answer names, until the browser that left comes in as one of them.
CREATE TABLE federation_found (
    browser    BYTEA NOT NULL,
    person_id  BIGINT NOT NULL,
    provider   TEXT NOT NULL,
    next       TEXT NOT NULL,
    back       TEXT NOT NULL, -- where to sign out of the provider; empty: not known
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (browser, person_id)
) CLUSTERED;
CREATE INDEX federation_found_person ON federation_found (person_id);

-- The sessions that a provider opened.
CREATE TABLE federation_entry (
    session_id ROWID_KEY,
    person_id  BIGINT NOT NULL,
    provider   TEXT NOT NULL,
    back       TEXT NOT NULL,
    entered_at BIGINT NOT NULL
);
CREATE INDEX federation_entry_person ON federation_entry (person_id);
