package alert

import (
	"slices"
	"time"

	"preau/core/audience"
	"preau/core/i18n"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/ui"
	"preau/directory/whom"
)

// kind is what happens.
type kind string

// kinds are all of them, each with its icon. A commune tells of its own services alone, and
// only what is practised may be a drill.
var kinds = []struct {
	kind
	Icon           ui.Icon
	Communes       bool
	MayBePractised bool
}{
	{"closed", ui.IconSchool, false, false},
	{"evacuation", ui.IconLogOut, false, true},
	{"confinement", ui.IconKey, false, true},
	{"weather", ui.IconAlert, true, false},
	{"meal", ui.IconMeal, true, false},
	{"care", ui.IconClock, true, false},
	{"transport", ui.IconPlace, true, false},
	{"other", ui.IconBell, true, false},
}

// kindOf finds a kind, as a commune or a school tells it, and whether it may be a drill.
func kindOf(text string, commune bool) (k kind, practised, known bool) {
	for _, one := range kinds {
		if string(one.kind) == text && (one.Communes || !commune) {
			return one.kind, one.MayBePractised, true
		}
	}
	return "", false, false
}

func (k kind) icon() ui.Icon {
	for _, one := range kinds {
		if one.kind == k {
			return one.Icon
		}
	}
	return ui.IconBell
}

// said is what a notice does.
type said string

// The things that are said of one alert, in their order.
const (
	told    said = "told"
	amended said = "amended"
	ended   said = "ended"
)

// notice is one thing that was said.
type notice struct {
	ID   school.ID
	Said said
	Text string
	By   school.ID // 0: somebody who was erased
	At   time.Time
}

// alert is what is told at once in one school.
type alert struct {
	ID, School, Commune school.ID // Commune is 0 when the school itself tells it
	Class               school.ID // 0: the whole school
	Group               bool      // the class is a group
	Author, Together    school.ID
	Kind                kind
	Drill               bool
	Circles             []whom.Circle // families, the team
	Published, Until    time.Time
	Ended               time.Time // zero: it ends by itself
	Last                notice
}

func (a alert) path() string { return "/alert/notice/" + a.ID.String() }

// keeper is the right of whoever corrects and ends it, and object the alert as it reaches it.
func (a alert) keeper() (right rights.Right, object rights.Object) {
	if a.Commune != 0 {
		return keepCommune, rights.Object{Areas: []school.ID{a.Commune}}
	}
	return keep, rights.Object{School: a.School, Class: a.Class}
}

// live tells whether it is on the pages of those whom it is for.
func (a alert) live(now time.Time) bool { return a.Ended.IsZero() && a.Until.After(now) }

// tellsEnd is for how long one is told that it is over.
const tellsEnd = 24 * time.Hour

// newsUntil is from when on it is no news any more.
func (a alert) newsUntil() time.Time {
	if !a.Ended.IsZero() {
		return a.Last.At.Add(tellsEnd)
	}
	return a.Until
}

// audiences are for whom it is. What is for the team of a whole school is for the agents of its
// canteen and of the hours around class too: they have the children when it happens.
func (a alert) audiences() []audience.Audience {
	switch {
	case a.Class == 0 && a.to(whom.Team):
		return append(whom.Around(audience.School, a.School, a.Circles...), audience.Audience{Place: audience.School, Of: a.School, Side: audience.CareStaff})
	case a.Class == 0:
		return whom.Around(audience.School, a.School, a.Circles...)
	case a.Group:
		return whom.Around(audience.Group, a.Class, a.Circles...)
	}
	return whom.Around(audience.Class, a.Class, a.Circles...)
}

// to tells whether it is for a circle.
func (a alert) to(c whom.Circle) bool { return slices.Contains(a.Circles, c) }

// what says what happens: "Exercice d’évacuation".
func (a alert) what(say i18n.Printer) string {
	if a.Drill {
		return say.Say("alert.drill-" + string(a.Kind))
	}
	return say.Say("alert.kind-" + string(a.Kind))
}

// title says what happens, after what the last thing said does: "Fin de l’alerte : École
// fermée".
func (a alert) title(say i18n.Printer) string {
	if a.Last.Said == told {
		return a.what(say)
	}
	return say.Say("alert.said-"+string(a.Last.Said), a.what(say))
}
