package webdav

import "preau/core/personal"

// Holdings declares the tables. What programs noted says nothing that its file does not; it is forgotten with the
// years, and nobody misses it.
var Holdings = personal.Tables{
	{
		Name:       "webdav_lock",
		Subjects:   []string{"person_id"},
		Secret:     []string{"token", "slot"},
		Keys:       []string{"root"},
		Personal:   map[string]personal.Category{"token": personal.Account, "root": personal.Content, "owner": personal.Content},
		Plain:      []string{"person_id", "slot", "deep", "expires_at"},
		Purpose:    personal.Portal,
		Recipients: []personal.Recipient{personal.Oneself},
		Retention:  personal.Retention{From: "expires_at"},
	},
	{
		Name:       "webdav_property",
		Authors:    []string{"author_id"},
		Keys:       []string{"thing_id"},
		Things:     []string{"thing_id"},
		Personal:   map[string]personal.Category{"value": personal.Content, "set_at": personal.Trace},
		Plain:      []string{"thing_id", "namespace", "name", "lang", "author_id"},
		Purpose:    personal.Portal,
		Recipients: []personal.Recipient{personal.Nobody},
		Retention:  personal.Retention{From: "set_at", Days: 400},
	},
	{
		Name:       "webdav_scrap",
		Subjects:   []string{"person_id"},
		Keys:       []string{"place"},
		Secret:     []string{"value"},
		Personal:   map[string]personal.Category{"place": personal.Content, "value": personal.Content, "set_at": personal.Trace},
		Plain:      []string{"person_id"},
		Purpose:    personal.Portal,
		Recipients: []personal.Recipient{personal.Nobody},
		Retention:  personal.Retention{From: "set_at", Days: 1},
	},
}

var (
	_ personal.Steward = Holdings
	_ personal.Keeper  = Holdings
)
