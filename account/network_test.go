package account

import (
	"net/netip"
	"testing"

	"preau/core/audit"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
)

// from is a request from an address.
func from(address string) Origin {
	ip, _ := netip.ParseAddr(address) // the zero address is not known
	return Origin{IP: ip, Agent: "Browser", Request: "from"}
}

// keep says that the network of an address is that of lilas.
func (h house) keep(address string) (err error) {
	return h.d.Write(h.t.Context(), func(tx *db.Tx) error { return h.KeepNetwork(tx, lilas, audit.By{Actor: head}, from(address)) })
}

// networks are those of lilas.
func (h house) networks() (list []Network) {
	h.t.Helper()
	h.write(func(tx *db.Tx) (err error) {
		list, err = Networks(tx, lilas)
		return err
	})
	return list
}

func TestTheNetworkOfARequest(t *testing.T) {
	for address, want := range map[string]string{
		"203.0.113.7":          "203.0.113.7",
		"::ffff:203.0.113.7":   "203.0.113.7",
		"2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64",
		"fe80::1%eth0":         "fe80::/64",
		"":                     "",
	} {
		if got := from(address).Network(); got != want {
			t.Errorf("%q is in %q, want %q", address, got, want)
		}
	}
}

// A school keeps eight networks, each once, and another one keeps its own.
func TestASchoolKeepsItsNetworks(t *testing.T) {
	each(t, func(h house) {
		forget := func(id, at school.ID) error {
			return h.d.Write(h.t.Context(), func(tx *db.Tx) error { return h.ForgetNetwork(tx, id, at, audit.By{Actor: head, Request: "x"}) })
		}
		only := func() error {
			return h.d.Write(h.t.Context(), func(tx *db.Tx) error { return h.OpenAtSchool(tx, lilas, audit.By{Actor: head, Request: "x"}) })
		}
		wants(h.t, "an address that is not known", h.keep(""), fail.Conflict)
		wants(h.t, "the doors of a school without a network", only(), fail.Conflict)
		for _, address := range []string{"203.0.113.1", "2001:db8:1:2::5", "203.0.113.1", "2001:db8:1:2::6", "203.0.113.3", "203.0.113.4", "203.0.113.5", "203.0.113.6", "203.0.113.7", "203.0.113.8"} {
			if err := h.keep(address); err != nil {
				h.t.Fatal(err)
			}
		}
		wants(h.t, "a ninth", h.keep("203.0.113.9"), fail.Conflict)
		kept := h.networks()
		if len(kept) != maxNetworks || kept[0].By != head || !kept[0].Since.Equal(h.now()) {
			h.t.Fatalf("kept %+v", kept)
		}
		wants(h.t, "by another school", forget(kept[0].ID, roses), fail.NotFound)
		wants(h.t, "one that is not there", forget(7, lilas), fail.NotFound)

		if err := only(); err != nil {
			h.t.Fatal(err)
		}
		for _, n := range kept[1:] {
			if err := forget(n.ID, lilas); err != nil {
				h.t.Fatal(err)
			}
		}
		wants(h.t, "the last one, while doors open there only", forget(kept[0].ID, lilas), fail.Conflict)
		if left := h.networks(); len(left) != 1 {
			h.t.Errorf("left are %+v", left)
		}
		h.write(func(tx *db.Tx) error { return h.OpenAnywhere(tx, lilas, audit.By{Actor: head, Request: "x"}) })
		if err := forget(kept[0].ID, lilas); err != nil {
			h.t.Error(err)
		}
	})
}
