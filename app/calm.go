package app

import (
	"time"

	"preau/account"
	"preau/core/db"
	"preau/core/web"
	"preau/core/web/calm"
	"preau/directory"
	"preau/portal"
)

// calm is what a node serves when the database does not answer, or too many ask: the words
// of the rooms that have some.
func (h *House) calm(services []web.Service) *calm.Calm {
	c := &calm.Calm{
		DB: h.DB, Key: h.Key, Log: h.Log, Rooms: map[string]calm.Sampler{},
		Voided: voided, Holder: portal.Holder(directory.Audiences{}), Shut: shutServices,
	}
	for _, service := range services {
		if sampler, samples := service.(calm.Sampler); samples {
			c.Rooms[service.Card().Name] = sampler
		}
	}
	return c.Ready()
}

// voided lists what voids tickets, as the register has it.
func voided(tx *db.Tx, since time.Time) ([]calm.Voided, error) {
	all, err := directory.VoidSince(tx, since)
	list := make([]calm.Voided, len(all))
	for i, v := range all {
		list[i] = calm.Voided(v)
	}
	return list, err
}

// shutServices lists the services that schools, or the project, have shut.
func shutServices(tx *db.Tx) (shut []calm.Shut, err error) {
	all, err := account.Switches(tx)
	for _, s := range all {
		if s.Service != "" {
			shut = append(shut, calm.Shut{School: s.School, Room: s.Service, Profile: s.Profile})
		}
	}
	return shut, err
}
