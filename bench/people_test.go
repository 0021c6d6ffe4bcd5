package bench

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"preau/account"
	"preau/app"
	"preau/core/db"
	"preau/core/school"
)

// passer is somebody who comes on a Monday morning: what they hold in their browser,
// and what they do, one step after the other.
type passer struct {
	person  school.ID
	profile school.Profile
	token   string
	login   string // of whoever signs in; empty: the session of before serves
	ticket  string // what a calm node reads
	steps   []step
	next    int
}

// step is a request that somebody makes.
type step struct {
	kind         string
	method, path string
	body         string
}

// welcome opens a session for somebody as an identity provider would, which costs no
// hash of a password; signsIn gives them a password instead.
func welcome(ctx context.Context, house *app.House, person school.ID, profile school.Profile, signsIn bool) (*passer, error) {
	p := &passer{person: person, profile: profile}
	if signsIn {
		v, err := enter(ctx, house, person, 0, profile)
		if err != nil {
			return nil, err
		}
		p.token = v.token
		return p, house.DB.Read(ctx, func(tx *db.Tx) error {
			accounts, err := account.Of(tx, person)
			p.login = accounts[person].Login.String()
			return err
		})
	}
	return p, house.DB.Write(ctx, func(tx *db.Tx) error {
		opened, err := house.Accounts.EnterFederated(tx, person, []school.Profile{profile}, account.Origin{Request: "bench"})
		p.token = opened.Token
		return err
	})
}

// parents finds guardians who have this many children at school, in lively classes only.
func parents(classes []*classroom, children int) (found []school.ID) {
	of := map[school.ID][]school.ID{}
	for _, c := range classes {
		for _, k := range c.families {
			if c.lively {
				of[k.guardian] = append(of[k.guardian], k.child)
			}
		}
	}
	for guardian, kids := range of {
		if len(kids) == children {
			found = append(found, guardian)
		}
	}
	slices.Sort(found)
	return found
}

// teachersOf finds the teachers of this many classes.
func teachersOf(classes []*classroom, many int) (found []school.ID) {
	of := map[school.ID]int{}
	for _, c := range classes {
		of[c.teacher]++
	}
	for teacher, n := range of {
		if n == many {
			found = append(found, teacher)
		}
	}
	slices.Sort(found)
	return found
}

// some takes so many of a list, at equal distances.
func some[T any](all []T, many int) (chosen []T) {
	for i := range min(many, len(all)) {
		chosen = append(chosen, all[i*len(all)/min(many, len(all))])
	}
	return chosen
}

// morning makes the people of the Monday, others than those of the home pages, and what
// each does.
func morning(b *testing.B, house *app.House, classes []*classroom, news map[school.ID]school.ID, homes homes) (all []*passer) {
	b.Helper()
	add := func(person school.ID, profile school.Profile, steps []step) {
		p, err := welcome(b.Context(), house, person, profile, len(all)%oneSignsIn == 0)
		if err != nil {
			b.Fatalf("%s %d: %v", profile, person, err)
		}
		if p.login != "" {
			steps = append([]step{{toSignIn, "POST", "/login", loginForm(p.login)}}, steps...)
		}
		p.steps = steps
		p.next = len(all) % len(steps) // not everybody at the same step
		all = append(all, p)
	}
	lively := slices.DeleteFunc(slices.Clone(classes), func(c *classroom) bool { return !c.lively || len(c.talks) == 0 })
	known := map[school.ID]bool{} // a password that is set ends the sessions of before
	for _, some := range homes {
		for _, p := range some {
			known[p.person] = true
		}
	}
	for len(all) < mondayParents {
		before := len(all)
		for _, c := range lively {
			i := slices.IndexFunc(c.talks, func(t talk) bool { return !known[t.guardian] })
			if i >= 0 && len(all) < mondayParents {
				known[c.talks[i].guardian] = true
				add(c.talks[i].guardian, school.Guardian, parentSteps(c, c.talks[i], news[c.school], len(all)))
			}
		}
		if len(all) == before {
			b.Fatalf("the village has %d parents who talk with a teacher, not %d", before, mondayParents)
		}
	}
	for _, c := range some(lively, mondayPeople) {
		if !known[c.teacher] && len(all) < mondayParents+mondayTeachers {
			known[c.teacher] = true
			add(c.teacher, school.Teacher, teacherSteps(c, len(all)))
		}
	}
	heads, err := headsOf(b.Context(), house)
	if err != nil {
		b.Fatal(err)
	}
	for _, head := range some(heads, mondayPeople-len(all)) {
		if !known[head] {
			add(head, school.Head, headSteps)
		}
	}
	return all
}

// headsOf lists the heads of schools.
func headsOf(ctx context.Context, house *app.House) (heads []school.ID, err error) {
	err = house.DB.Read(ctx, func(tx *db.Tx) error {
		heads, err = db.All(tx, db.Column[school.ID], `SELECT DISTINCT person_id FROM directory_function
			WHERE profile = $1 AND until_at IS NULL ORDER BY person_id`, school.Head)
		return err
	})
	return heads, err
}

func wordPath(word school.ID) string { return fmt.Sprintf("/liaison/word/%d", word) }
