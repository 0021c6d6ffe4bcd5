package account

import (
	"net/netip"
	"testing"
)

// What is told of an address is what a whole network shares, and no more.
func TestTheBeginningOfAnAddress(t *testing.T) {
	for address, want := range map[string]string{
		"203.0.113.7":         "203.0.113",
		"::ffff:203.0.113.7":  "203.0.113",
		"2001:db8:0:1:a:b::7": "2001:db8:0:1",
		"fe80::1%eth0":        "fe80:0:0:0",
	} {
		if got := beginningOf(netip.MustParseAddr(address)); got != want {
			t.Errorf("%s begins with %q, want %q", address, got, want)
		}
	}
}
