package removal

import (
	"testing"

	"preau/core/fail"
	"preau/core/school"
	"preau/core/web"
)

// Nobody agrees to what a list that has been cut does not show them; what is gone since is not
// waited for.
func TestWhatIsNotListed(t *testing.T) {
	d := dossier{Things: []school.ID{1, 2}}
	shows := func(more bool, things ...school.ID) found {
		var g group
		for _, id := range things {
			g.Sent = append(g.Sent, web.Sent{Thing: id})
		}
		return found{Groups: []group{g}, More: more}
	}
	if err := d.listed(shows(true, 2, 3)); !fail.Is(err, fail.Conflict) {
		t.Errorf("one thing is not listed: %v", err)
	}
	for _, all := range []found{shows(true, 1, 2, 3), shows(false, 2)} {
		if err := d.listed(all); err != nil {
			t.Error(err)
		}
	}
}
