-- +goose Up

-- What is stopped is a switch of accounts, as for every service.
DROP TABLE message_stop;
