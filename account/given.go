package account

import (
	"slices"
	"time"

	"preau/core/audit"
	"preau/core/db"
	"preau/core/school"
)

// Given is what was given with an account shortly before it was shut, and has served or
// holds already: nothing suspends it, and each is renewed or ended where it stands.
type Given struct {
	Renewed  []school.ID // who chose a password by a code of theirs, and no other since
	Pictured []school.ID // the children who have pictures that they gave
	Posts    []audit.Act // the posts, the classes, the pupils and the functions that were given, and not taken back
}

// mostGiven is how many acts of a week are read.
const mostGiven = 5000

// GivenWith reads from the journal what was given with an account that was shut at an
// instant, in the week before: with those that merges made one of it too.
func (a *Accounts) GivenWith(tx *db.Tx, person school.ID, shut time.Time) (g Given, err error) {
	who, err := db.All(tx, db.Column[school.ID], `SELECT gone_id FROM account_merge WHERE `+mergedInto, person)
	if err != nil {
		return g, err
	}
	who = append(who, person)
	since := shut.Add(-suspects)
	if g.Renewed, err = a.renewedBy(tx, who, since); err != nil {
		return g, err
	}
	if g.Pictured, err = db.All(tx, db.Column[school.ID], `SELECT person_id FROM account_pictures WHERE set_by IN (`+db.In(who)+`) AND set_at > $1
		ORDER BY person_id`, db.At(since)); err != nil {
		return g, err
	}
	g.Posts, err = a.postsBy(tx, who, since)
	return g, err
}

// renewedBy are those who chose a password by a code that somebody handed out since an
// instant: a code of somebody else, or another password, makes it theirs again.
func (a *Accounts) renewedBy(tx *db.Tx, who []school.ID, since time.Time) ([]school.ID, error) {
	codes, err := a.Log.Chosen(tx, audit.Choice{Everybody: true, By: who, Actions: []audit.Action{ActCode}, Since: since, Most: mostGiven})
	if err != nil {
		return nil, err
	}
	var people []school.ID
	for _, c := range codes {
		people = append(people, c.Subject)
	}
	slices.Sort(people)
	people = slices.Compact(people)
	acts, err := a.Log.Chosen(tx, audit.Choice{
		About: people, Actions: []audit.Action{ActCode, actActivate, actRenew, ActReopen}, Since: since, Most: mostGiven,
	})
	if err != nil {
		return nil, err
	}
	waits, used := map[school.ID]bool{}, map[school.ID]bool{}
	for _, act := range slices.Backward(acts) {
		switch act.Action {
		case ActCode:
			waits[act.Subject] = slices.Contains(who, act.Actor)
		case actActivate:
			used[act.Subject], waits[act.Subject] = waits[act.Subject], false
		default:
			used[act.Subject] = false
		}
	}
	return slices.DeleteFunc(people, func(one school.ID) bool { return !used[one] }), nil
}

// ends are the acts that take back what others give.
var ends = map[audit.Action]audit.Action{ActAppoint: ActDismiss, ActLend: ActRecall, ActEntrust: ActTakeBack}

// postsBy are the acts by which somebody gave others something to do since an instant,
// but what was taken back.
func (a *Accounts) postsBy(tx *db.Tx, who []school.ID, since time.Time) ([]audit.Act, error) {
	posts, err := a.Log.Chosen(tx, audit.Choice{
		Everybody: true, By: who, Actions: []audit.Action{ActAppoint, ActLend, ActEntrust}, Since: since, Most: mostGiven,
	})
	if err != nil {
		return nil, err
	}
	var people []school.ID
	for _, act := range posts {
		people = append(people, act.Subject)
	}
	slices.Sort(people)
	over, err := a.Log.Chosen(tx, audit.Choice{
		About: slices.Compact(people), Actions: []audit.Action{ActDismiss, ActRecall, ActTakeBack}, Since: since, Most: mostGiven,
	})
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(posts, func(act audit.Act) bool {
		i := slices.IndexFunc(over, func(end audit.Act) bool { return takesBack(end, act) })
		if i >= 0 && act.Action == ActEntrust { // it does not say which: another one is there still
			over = slices.Delete(over, i, i+1)
		}
		return i >= 0
	}), nil
}

// takesBack tells whether an act takes back what another gave.
func takesBack(end, act audit.Act) bool {
	same := func(word string) bool { return end.Detail[word] == act.Detail[word] }
	return end.ID > act.ID && end.Subject == act.Subject && end.Action == ends[act.Action] && same("post") && same("function") && same("class")
}
