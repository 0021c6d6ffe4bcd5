package audience_test

import (
	"cmp"
	"errors"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"preau/core/audience"
	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/fail"
	"preau/core/school"
)

func day(n int) time.Time { return dbtest.Noon.AddDate(0, 0, n) }

// anyAudience draws one of a few.
func anyAudience(t *rapid.T) (a audience.Audience) {
	a.Place = rapid.SampledFrom([]audience.Place{audience.Class, audience.School, audience.Family, audience.Person}).Draw(t, "place")
	a.Of = school.ID(rapid.IntRange(1, 3).Draw(t, "of"))
	if a.Place == audience.Class || a.Place == audience.School {
		a.Side = rapid.SampledFrom([]audience.Side{audience.Pupils, audience.Families, audience.Teaching}).Draw(t, "side")
	}
	return a
}

func anyHoldings(t *rapid.T) (h audience.Holdings) {
	for range rapid.IntRange(0, 8).Draw(t, "held") {
		one := audience.Held{Audience: anyAudience(t), Child: school.ID(rapid.IntRange(0, 3).Draw(t, "child"))}
		from := rapid.IntRange(-5, 0).Draw(t, "from")
		one.From = day(from)
		if until := rapid.IntRange(from+1, 2).Draw(t, "until"); until <= 1 {
			one.Until = day(until)
		}
		h = append(h, one)
	}
	return h
}

func anyAddresses(t *rapid.T) (list []audience.Address) {
	for i := range rapid.IntRange(0, 8).Draw(t, "things") {
		a := audience.Address{
			Room: "liaison", Thing: school.ID(101 + i), School: 7,
			Published: day(rapid.IntRange(-6, 1).Draw(t, "published")), NewsUntil: day(rapid.IntRange(-1, 3).Draw(t, "news until")),
			Expects: rapid.SampledFrom([]audience.Expects{audience.Nobody, audience.EachPerson, audience.OneOfThem}).Draw(t, "expects"),
		}
		if due := rapid.IntRange(0, 3).Draw(t, "due"); due > 0 {
			a.Due = day(due)
		}
		for range rapid.IntRange(1, 3).Draw(t, "audiences") {
			a.Audiences = append(a.Audiences, anyAudience(t))
		}
		list = append(list, a)
	}
	return list
}

// receipts are what two people, 901 and 902, have read and done.
type receipt struct {
	thing, child, person school.ID
	done                 bool
}

func anyReceipts(t *rapid.T) (list []receipt) {
	for range rapid.IntRange(0, 12).Draw(t, "receipts") {
		list = append(list, receipt{
			school.ID(rapid.IntRange(101, 108).Draw(t, "thing")), school.ID(rapid.IntRange(0, 3).Draw(t, "child")),
			school.ID(rapid.IntRange(901, 902).Draw(t, "person")), rapid.Bool().Draw(t, "done"),
		})
	}
	return list
}

// sees lists for which children somebody sees a thing, by going through everything.
func sees(h audience.Holdings, a audience.Address) (children []school.ID) {
	for _, one := range h {
		now := one.At(dbtest.Noon)
		held := now || !a.Published.Before(one.From) && a.Published.Before(one.Until)
		if held && !a.Published.After(dbtest.Noon) && slices.Contains(a.Audiences, one.Audience) {
			children = append(children, one.Child)
		}
	}
	slices.Sort(children)
	return slices.Compact(children)
}

// Whatever is held and addressed, what one sees and what is new is what one finds who
// goes through everything.
func TestWhoSeesWhat(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		undone := errors.New("undone")
		rapid.Check(t, func(r *rapid.T) {
			h, addresses, receipts := anyHoldings(r), anyAddresses(r), anyReceipts(r)
			err := d.Write(t.Context(), func(tx *db.Tx) error {
				for _, a := range addresses {
					if err := audience.Publish(tx, a); err != nil {
						return err
					}
				}
				for _, one := range receipts {
					mark := audience.MarkRead
					if one.done {
						mark = audience.MarkDone
					}
					if err := mark(tx, one.thing, one.child, one.person); err != nil {
						return err
					}
				}
				for _, a := range addresses {
					checkSeen(r, tx, h, a)
				}
				checkNews(r, tx, h, addresses, receipts)
				return undone
			})
			if !errors.Is(err, undone) {
				r.Fatal(err)
			}
		})
	}, audience.Schema())
}

func checkSeen(t *rapid.T, tx *db.Tx, h audience.Holdings, a audience.Address) {
	want := sees(h, a)
	got, err := h.Children(tx, a.Thing)
	if fail.Is(err, fail.NotFound) == (len(want) > 0) || err != nil && len(want) > 0 || !slices.Equal(got, want) {
		t.Fatalf("%d is seen for %v (%v), want %v", a.Thing, got, err, want)
	}
	if got, err := h.Current(tx, a.Thing); err != nil || !slices.Equal(got, sees(h.At(tx.Now), a)) {
		t.Fatalf("%d is current for %v (%v), want %v", a.Thing, got, err, sees(h.At(tx.Now), a))
	}
	where, args := h.Sees(tx, "$1", a.Thing)
	seen, err := db.One(tx, db.Column[bool], `SELECT `+where, args...)
	if err != nil || seen != (len(want) > 0) {
		t.Fatalf("the condition says %t of %d (%v), want %v", seen, a.Thing, err, want)
	}
	to, err := audience.To(tx, a.Thing)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range a.Audiences {
		if !slices.Contains(to[a.Thing], one) {
			t.Fatalf("%d is for %v, which lack %s", a.Thing, to[a.Thing], one)
		}
	}
}

func checkNews(t *rapid.T, tx *db.Tx, h audience.Holdings, addresses []audience.Address, receipts []receipt) {
	const me school.ID = 901
	var want []audience.News
	for _, a := range addresses {
		if !a.NewsUntil.After(tx.Now) {
			continue
		}
		for _, child := range sees(h.At(tx.Now), a) {
			n := audience.News{Room: a.Room, Thing: a.Thing, Child: child, Published: a.Published, Expects: a.Expects, Due: a.Due}
			for _, one := range receipts {
				if one.thing == a.Thing && one.child == child {
					n.Read = n.Read || one.person == me
					n.Done = n.Done || one.done && (one.person == me || a.Expects == audience.OneOfThem)
				}
			}
			want = append(want, n)
		}
	}
	got, err := h.News(tx, me)
	if err != nil {
		t.Fatal(err)
	}
	for i := 1; i < len(got); i++ {
		a, b := got[i-1], got[i]
		switch {
		case a.Expected() && b.Expected() && !b.Due.IsZero() && (a.Due.IsZero() || a.Due.After(b.Due)),
			!a.Expected() && b.Expected(), !a.Expected() && !a.New() && b.New(),
			!a.Expected() && a.New() == b.New() && a.Published.Before(b.Published):
			t.Fatalf("%+v comes before %+v", a, b)
		}
	}
	byThing := func(a, b audience.News) int {
		return cmp.Or(cmp.Compare(a.Thing, b.Thing), cmp.Compare(a.Child, b.Child))
	}
	slices.SortFunc(want, byThing)
	slices.SortFunc(got, byThing)
	if !slices.EqualFunc(got, want, func(a, b audience.News) bool {
		same := a.Published.Equal(b.Published) && a.Due.Equal(b.Due)
		a.Published, a.Due, b.Published, b.Due = time.Time{}, time.Time{}, time.Time{}, time.Time{}
		return same && a == b
	}) {
		t.Fatalf("what is new is\n%+v, want\n%+v", got, want)
	}
}

// With a hat one reads what is said to it, and what is said to oneself.
func TestWhatAHatHolds(t *testing.T) {
	held := func(a audience.Audience) audience.Held { return audience.Held{Audience: a} }
	all := audience.Holdings{
		held(audience.Audience{Place: audience.Person, Of: 1}), held(audience.Audience{Place: audience.Family, Of: 2}),
		held(audience.Audience{Place: audience.Class, Of: 3, Side: audience.Families}), held(audience.Audience{Place: audience.Class, Of: 3, Side: audience.Pupils}),
		held(audience.Audience{Place: audience.Class, Of: 3, Side: audience.Teaching}), held(audience.Audience{Place: audience.School, Of: 4, Side: audience.SchoolStaff}),
		held(audience.Audience{Place: audience.Commune, Of: 5, Side: audience.MunicipalStaff}),
	}
	for profile, want := range map[school.Profile][]audience.ID{
		school.Pupil:     {"class:3:pupils", "person:1"},
		school.Guardian:  {"class:3:families", "family:2", "person:1"},
		school.Teacher:   {"class:3:teaching", "person:1"},
		school.Head:      {"class:3:teaching", "person:1"},
		school.Staff:     {"person:1", "school:4:school-staff"},
		school.Admin:     {"person:1", "school:4:school-staff"},
		school.Municipal: {"commune:5:municipal-staff", "person:1"},
		school.Pilot:     {"person:1"},
		school.Departed:  {"person:1"},
	} {
		if got := all.As(profile).IDs(); !slices.Equal(got, want) {
			t.Errorf("as %s, %v, want %v", profile, got, want)
		}
	}
}

// What is for nobody, or for what does not exist, is published to nobody.
func TestWhatIsForNobody(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			for _, to := range [][]audience.Audience{nil, {{Place: audience.Class, Of: 3}}, {{Place: "planet", Of: 3}}} {
				if err := audience.Publish(tx, audience.Address{Thing: 5, Audiences: to, Published: tx.Now, NewsUntil: tx.Now}); !fail.Is(err, fail.Invalid) {
					t.Errorf("published to %v: %v", to, err)
				}
			}
			class := audience.Audience{Place: audience.Class, Of: 3, Side: audience.Families}
			for range 2 {
				if err := audience.Publish(tx, audience.Address{Thing: 5, Audiences: []audience.Audience{class, class}, Published: tx.Now, NewsUntil: tx.Now}); err != nil {
					return err
				}
			}
			if err := audience.MarkRead(tx, 5, 1, 901); err != nil {
				return err
			}
			if err := audience.Forget(tx, 5); err != nil {
				return err
			}
			left, err := audience.ReceiptsOf(tx, 5)
			if to, _ := audience.To(tx, 5); len(to)+len(left) > 0 {
				t.Errorf("left of what was forgotten: %v, %v", to, left)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}, audience.Schema())
}

// Receipts are read of all, of some children alone, or of one person alone.
func TestReceiptsAreReadOfThoseWhoAreAskedFor(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			for _, r := range [][3]school.ID{{5, 1, 901}, {5, 1, 902}, {5, 2, 903}, {6, 2, 901}} {
				if err := audience.MarkRead(tx, r[0], r[1], r[2]); err != nil {
					return err
				}
			}
			all, err := audience.ReceiptsOf(tx, 5, 6)
			if err != nil {
				return err
			}
			some, err := audience.ReceiptsFor(tx, []school.ID{1}, 5, 6)
			if err != nil {
				return err
			}
			none, err := audience.ReceiptsFor(tx, nil, 5, 6)
			if err != nil {
				return err
			}
			mine, err := audience.ReceiptsBy(tx, 901, 5, 6)
			if len(all[5]) != 3 || len(all[6]) != 1 || len(some[5]) != 2 || len(some[6]) != 0 || len(none) != 0 || len(mine[5]) != 1 || len(mine[6]) != 1 || mine[6][0].Person != 901 {
				t.Errorf("%v; of one child %v; of none %v; of one person %v", all, some, none, mine)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}, audience.Schema())
}
