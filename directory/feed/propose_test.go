package feed_test

import (
	"slices"
	"testing"

	"preau/core/db"
	"preau/core/school"
	"preau/directory"
	"preau/directory/aaf"
	"preau/directory/feed"
)

// A guardian who has the name of somebody of the staff is proposed to be
// them, whichever of the two comes first, in one commune only.
func TestStaffWhoMayBeParents(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		p := lilas("20260901")
		p.records["EtabEducNat"][1].attrs[5] = []string{"ENTEcoleCommune", "78998$AUTREVILLE$078"}
		p.guardian(2101, "Claire Bernard", "1001").guardian(2102, "Claire Bernard", "1002")
		guards(p, 0, "2001$20", "2002$10", "2101$60")
		guards(p, 1, "2001$20", "2002$10", "2102$60")
		take(t, feeder(d), p.write(t), feed.Options{})
		claire := id(t, d, aaf.Staffs, 3001)
		// 2102's child goes to school in another commune.
		proposes(t, d, [2]school.ID{claire, id(t, d, aaf.Guardians, 2101)})

		p.date = "20260902"
		p.guardian(2103, "Claire Bernard", "1001").teacher(3004, "Paul Martin", "paul.martin@ac.test", "412", "412"+teaches)
		guards(p, 0, "2001$20", "2002$10", "2101$60", "2103$60")
		take(t, feeder(d), p.write(t), feed.Options{})
		proposes(t, d,
			[2]school.ID{claire, id(t, d, aaf.Guardians, 2101)},
			[2]school.ID{claire, id(t, d, aaf.Guardians, 2103)},
			[2]school.ID{id(t, d, aaf.Staffs, 3004), id(t, d, aaf.Guardians, 2001)})
	})
}

// guards gives a pupil other guardians.
func guards(p *paper, pupil int, guardians ...string) {
	attrs := p.records["Eleve"][pupil].attrs
	at := slices.IndexFunc(attrs, func(a []string) bool { return a[0] == "ENTEleveAutoriteParentale" })
	attrs[at] = append([]string{"ENTEleveAutoriteParentale"}, guardians...)
}

func proposes(t *testing.T, d *db.DB, pairs ...[2]school.ID) {
	t.Helper()
	for i, pair := range pairs {
		pairs[i] = [2]school.ID{min(pair[0], pair[1]), max(pair[0], pair[1])}
	}
	var got [][2]school.ID
	read(t, d, func(tx *db.Tx) error {
		list, err := directory.Proposals.All(tx, "reason = 'staff-and-guardian'")
		for _, one := range list {
			got = append(got, [2]school.ID{one.Person, one.Other})
		}
		return err
	})
	order := func(x, y [2]school.ID) int { return slices.Compare(x[:], y[:]) }
	slices.SortFunc(pairs, order)
	slices.SortFunc(got, order)
	if !slices.Equal(got, pairs) {
		t.Errorf("proposals %v, want %v", got, pairs)
	}
}
