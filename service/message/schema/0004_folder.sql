-- +goose Up

-- The folder of their own in which somebody files a conversation. It stays as it is for the others.
CREATE TABLE message_folder (
    thread_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    name      TEXT NOT NULL,
    PRIMARY KEY (thread_id, person_id)
) CLUSTERED;
CREATE INDEX message_folder_person ON message_folder (person_id, name);
