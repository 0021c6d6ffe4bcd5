package feed_test

import (
	"flag"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/directory"
	"preau/directory/feed"
)

// town is what a village of two schools says on one day: for each pupil the
// school, class, level and guardians; who teaches where.
type town struct {
	pupils map[int]child
	staff  map[int]int
}

type child struct {
	school, class, level int
	canteen              bool
	guardians            []int
}

func (c child) attrs(key int) [][]string {
	links := make([]string, len(c.guardians))
	for i, g := range c.guardians {
		links[i] = fmt.Sprintf("%d$%d0", g, i+1)
	}
	attrs := pupilAttrs(key, fmt.Sprintf("Zoé M%d", key), "", c.school, fmt.Sprintf("%d$Classe %d", c.class, c.class),
		fmt.Sprintf("112%d$N%d", c.level, c.level), links...)
	attrs[6] = []string{"ENTEleveRestaurantScolaire", map[bool]string{true: "O", false: "N"}[c.canteen]}
	return attrs
}

// draw imagines another day of the town.
func draw(t *rapid.T) town {
	day := town{map[int]child{}, map[int]int{}}
	for key := 1001; key <= 1008; key++ {
		if !rapid.Bool().Draw(t, "here") {
			continue
		}
		at := rapid.SampledFrom([]int{412, 413}).Draw(t, "school")
		c := child{
			school: at, class: at*100 + rapid.IntRange(1, 2).Draw(t, "class"), level: rapid.IntRange(1, 3).Draw(t, "level"),
			canteen: rapid.Bool().Draw(t, "canteen"),
		}
		for _, g := range []int{2001, 2002, 2003, 2004} {
			if rapid.IntRange(0, 3).Draw(t, "guardian") == 0 {
				c.guardians = append(c.guardians, g)
			}
		}
		day.pupils[key] = c
	}
	for key := 3001; key <= 3003; key++ {
		if rapid.Bool().Draw(t, "works") {
			day.staff[key] = rapid.SampledFrom([]int{412, 413}).Draw(t, "works at")
		}
	}
	return day
}

// guardians are those whom a pupil names.
func (t town) guardians() []int {
	named := map[int]bool{}
	for _, c := range t.pupils {
		for _, g := range c.guardians {
			named[g] = true
		}
	}
	return slices.Sorted(maps.Keys(named))
}

// whole writes the complete delivery of a day. Somebody who never leaves
// keeps each category from being empty.
func (t town) whole(date string) *paper {
	p := complete(date).school(412, "0789001K").school(413, "0789002L").
		pupil(1999, "Ada Reste", "", 412, "41299$Classe 41299", "1121$CP", "2999$10").guardian(2999, "Lou Reste", "1999").
		teacher(3999, "Max Reste", "max.reste@ac.test", "412", "412"+teaches)
	for _, key := range slices.Sorted(maps.Keys(t.pupils)) {
		p.put("Eleve", "add", key, t.pupils[key].attrs(key)...)
	}
	for _, g := range t.guardians() {
		p.guardian(g, fmt.Sprintf("Paul G%d", g))
	}
	for _, key := range slices.Sorted(maps.Keys(t.staff)) {
		p.teacher(key, fmt.Sprintf("Alix T%d", key), fmt.Sprintf("t%d@ac.test", key), "", fmt.Sprint(t.staff[key])+teaches)
	}
	return p
}

// since writes what changed from another day.
func (t town) since(before town, date string) *paper {
	p := delta(date).school(412, "0789001K").school(413, "0789002L")
	for _, key := range slices.Sorted(maps.Keys(t.pupils)) {
		c, known := before.pupils[key], false
		if _, known = before.pupils[key]; !known {
			p.put("Eleve", "add", key, t.pupils[key].attrs(key)...)
		} else if !cmp.Equal(c, t.pupils[key], cmp.AllowUnexported(child{})) {
			p.put("Eleve", "modify", key, t.pupils[key].attrs(key)...)
		}
	}
	for key := range before.pupils {
		if _, here := t.pupils[key]; !here {
			p.put("Eleve", "delete", key)
		}
	}
	for _, g := range t.guardians() {
		if !slices.Contains(before.guardians(), g) {
			p.guardian(g, fmt.Sprintf("Paul G%d", g))
		}
	}
	for _, g := range before.guardians() {
		if !slices.Contains(t.guardians(), g) {
			p.put("PersRelEleve", "delete", g)
		}
	}
	for key, at := range t.staff {
		if before.staff[key] != at {
			p.teacher(key, fmt.Sprintf("Alix T%d", key), fmt.Sprintf("t%d@ac.test", key), "", fmt.Sprint(at)+teaches)
		}
	}
	for key := range before.staff {
		if _, here := t.staff[key]; !here {
			p.put("PersEducNat", "delete", key)
		}
	}
	return p
}

// seen is what the register shows, in the delivery's own words.
func seen(t *testing.T, d *db.DB) (lines []string) {
	t.Helper()
	read(t, d, func(tx *db.Tx) error {
		for _, query := range []string{
			`SELECT 'pupil ' || p.usual_name || ' ' || s.uai || ' ' || e.level_code || ' ' || CASE WHEN e.canteen THEN 'eats' ELSE '' END
				FROM directory_enrolment e JOIN directory_person p ON p.id = e.person_id AND p.departed_at IS NULL
				JOIN directory_structure s ON s.id = e.school_id WHERE e.until_at IS NULL`,
			`SELECT 'class ' || p.usual_name || ' ' || c.label FROM directory_membership m JOIN directory_person p ON p.id = m.person_id
				JOIN directory_class c ON c.id = m.class_id AND c.until_at IS NULL WHERE m.until_at IS NULL`,
			`SELECT 'bond ' || p.usual_name || ' ' || g.usual_name || ' ' || b.link FROM directory_bond b
				JOIN directory_person p ON p.id = b.pupil_id JOIN directory_person g ON g.id = b.guardian_id AND g.departed_at IS NULL WHERE b.until_at IS NULL`,
			`SELECT 'staff ' || p.usual_name || ' ' || s.uai || ' ' || f.profile FROM directory_function f
				JOIN directory_person p ON p.id = f.person_id AND p.departed_at IS NULL
				JOIN directory_structure s ON s.id = f.structure_id WHERE f.until_at IS NULL`,
			`SELECT 'here ' || usual_name FROM directory_person WHERE departed_at IS NULL`,
			`SELECT 'open ' || label FROM directory_class WHERE until_at IS NULL`,
		} {
			some, err := db.All(tx, db.Column[string], query)
			if err != nil {
				return err
			}
			lines = append(lines, some...)
		}
		return nil
	})
	slices.Sort(lines)
	return lines
}

// TestAnyWalkEndsWhereTheTownIs feeds days drawn at random, by complete
// deliveries, by deltas, undone and fed again, and compares the register with
// one that knows the last day only.
func TestAnyWalkEndsWhereTheTownIs(t *testing.T) {
	if checks := flag.Lookup("rapid.checks"); checks.Value.String() == checks.DefValue {
		if err := flag.Set(checks.Name, "25"); err != nil { // a walk is a dozen feeds
			t.Fatal(err)
		}
	}
	days := 0
	rapid.Check(t, func(r *rapid.T) {
		d := walkDB(t)
		f := feeder(d)
		o := feed.Options{AcceptDepartures: true}
		at := draw(r)
		take(t, f, at.whole("20260901").write(t), o)
		for i := range rapid.IntRange(1, 4).Draw(r, "days") {
			days++
			date := fmt.Sprintf("202609%02d", i+2)
			next := draw(r)
			dir := next.whole(date).write(t)
			if rapid.Bool().Draw(r, "delta") {
				dir = next.since(at, date).write(t)
			}
			before := seen(t, d)
			fed := take(t, f, dir, o)
			if rapid.Bool().Draw(r, "undo") {
				if err := f.Undo(t.Context(), fed.ID); err != nil {
					r.Fatal(err)
				}
				if diff := cmp.Diff(before, seen(t, d)); diff != "" {
					r.Fatalf("after the undoing (- before, + after):\n%s", diff)
				}
				take(t, f, dir, o)
			}
			at = next
			take(t, f, at.whole(date).write(t), o) // classes without a pupil close
			alone := walkDB(t)
			take(t, feeder(alone), at.whole(date).write(t), o)
			if diff := cmp.Diff(seen(t, alone), seen(t, d)); diff != "" {
				r.Fatalf("on day %d (- as it should be, + as it is):\n%s", i+1, diff)
			}
		}
	})
	if days == 0 {
		t.Error("no day was walked")
	}
}

// walkDB is an empty register.
func walkDB(t *testing.T) *db.DB {
	t.Helper()
	return dbtest.SQLite(t, directory.Schema(), feed.Schema())
}
