-- +goose Up

-- What was published since an instant: whoever is to be told of it at once is looked for every minute.
CREATE INDEX audience_address_published ON audience_address (published_at);
