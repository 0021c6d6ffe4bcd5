package register

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"preau/account"
	"preau/core/i18n"
	"preau/core/school"
	"preau/core/ui"
	"preau/directory"
)

// groundCrumbs is the way back from a page about duplicates.
func groundCrumbs(ctx context.Context, g ground, further ...ui.Link) []ui.Link {
	if g.everywhere() {
		return append([]ui.Link{homeLink(ctx), {Href: "/register/", Label: i18n.Say(ctx, "register.title")}}, further...)
	}
	return crumbs(ctx, g.School, further...)
}

// likenessKey is the key of why two records may be one person.
func likenessKey(why directory.Likeness) string {
	switch why {
	case directory.SameINE, directory.GuardianTwice, directory.PupilTwice, directory.SameMail, directory.StaffByHand, directory.SameLink, directory.StaffAndGuardian:
		return "register.like-" + string(why)
	}
	return "register.like-other"
}

// state is how somebody's account stands.
func (k known) state(person school.ID) account.State {
	a, has := k.Accounts[person]
	return account.StateOf(a, has)
}

// sideRows compares two records, a line for each thing that one of them says.
func sideRows(ctx context.Context, v pairView) []ui.Row {
	var rows []ui.Row
	add := func(key string, say func(school.ID) string) {
		kept, gone := say(v.Kept), say(v.Gone)
		if kept == "" && gone == "" {
			return
		}
		rows = append(rows, ui.Row{ui.Text(i18n.Say(ctx, key)), said(ctx, kept), said(ctx, gone)})
	}
	add("register.known-name", func(id school.ID) string { return v.Names[id].Name() })
	add("register.known-birth-name", func(id school.ID) string {
		p := v.Dossiers[id].Person
		if school.Fold(p.BirthName) == school.Fold(p.UsualName) {
			return ""
		}
		return p.BirthName
	})
	add("register.known-born", func(id school.ID) string { return birthday(ctx, v.Dossiers[id].Person.BirthDate) })
	add("register.known-schools", func(id school.ID) string { return v.known.schools(id) })
	add("register.known-classes", func(id school.ID) string { return v.known.classes(id) })
	add("register.known-guardians", func(id school.ID) string { return v.known.people(v.Dossiers[id].Guardians, guardianOf) })
	add("register.known-children", func(id school.ID) string { return v.known.people(v.Dossiers[id].Bonds, wardOf) })
	add("register.known-functions", func(id school.ID) string { return v.known.functions(ctx, id) })
	add("register.known-judge", func(id school.ID) string { return v.known.judged(ctx, id) })
	rows = append(rows, ui.Row{ui.Text(i18n.Say(ctx, "register.known-account")), accountTag(v.known, v.Kept), accountTag(v.known, v.Gone)})
	add("register.known-origin", func(id school.ID) string { return origin(ctx, v.Dossiers[id]) })
	return rows
}

// said is a cell; one that is empty says so to those who hear the page.
func said(ctx context.Context, words string) templ.Component {
	if words == "" {
		return ui.Text(i18n.Say(ctx, "register.known-nothing"))
	}
	return ui.Text(words)
}

func birthday(ctx context.Context, born string) string {
	day, err := time.Parse(time.DateOnly, born)
	if err != nil {
		return ""
	}
	return i18n.From(ctx).Date(day)
}

func guardianOf(b directory.Bond) school.ID { return b.Guardian }
func wardOf(b directory.Bond) school.ID     { return b.Pupil }

// people names those at the other end of bonds, the ended ones left out.
func (k known) people(bonds []directory.Bond, end func(directory.Bond) school.ID) string {
	var names []string
	for _, b := range bonds {
		if name := k.Names[end(b)].Name(); b.Until.IsZero() && name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}

func (k known) enrolled(person school.ID) string {
	var names []string
	for _, e := range k.Dossiers[person].Enrolments {
		if name := k.Places[e.School].Name; e.Until.IsZero() && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}

// schools names those that somebody has to do with.
func (k known) schools(person school.ID) string {
	var names []string
	for _, at := range k.Within[person] {
		if s := k.Places[at]; s.Kind == directory.School {
			names = append(names, s.Name)
		}
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

func (k known) classes(person school.ID) string {
	var labels []string
	for _, m := range k.Dossiers[person].Memberships {
		if class := k.Classes[m.Class]; m.Until.IsZero() && (class.Until.IsZero() || class.Until.After(k.Now)) && !slices.Contains(labels, class.Label) {
			labels = append(labels, class.Label)
		}
	}
	return strings.Join(labels, ", ")
}

func (k known) functions(ctx context.Context, person school.ID) string {
	var words []string
	for _, f := range k.Dossiers[person].Functions {
		text := i18n.Dots(i18n.Say(ctx, directory.ProfileKey(f.Profile, "", false)), k.Places[f.Structure].Name)
		if (f.Until.IsZero() || f.Until.After(k.Now)) && !slices.Contains(words, text) {
			words = append(words, text)
		}
	}
	return strings.Join(words, ", ")
}

// judged says that a judge has decided about somebody, and about whom.
func (k known) judged(ctx context.Context, person school.ID) string {
	var words []string
	for _, r := range k.Dossiers[person].Restrictions {
		if text := k.judgment(ctx, r); (r.Until.IsZero() || r.Until.After(k.Now)) && !slices.Contains(words, text) {
			words = append(words, text)
		}
	}
	return strings.Join(words, ", ")
}

// judgment says between whom a restriction stands.
func (k known) judgment(ctx context.Context, r directory.Restriction) string {
	return i18n.Say(ctx, "register.judgment", k.Names[r.Guardian].Name(), k.Names[r.Pupil].Name())
}

// origin says where a record comes from, and whether it is still there.
func origin(ctx context.Context, d *directory.Dossier) string {
	switch {
	case len(d.Keys) == 0:
		return i18n.Say(ctx, "register.by-hand")
	case d.Live():
		return i18n.Say(ctx, "register.from-academy")
	}
	return i18n.Say(ctx, "register.left-academy")
}

// movedWords counts by kind what one record brings to the other.
func movedWords(ctx context.Context, gone *directory.Dossier, carried []directory.Restriction) (words []string) {
	for _, kind := range []struct {
		key   string
		count int
	}{
		{"register.moved-keys", len(gone.Keys)}, {"register.moved-enrolments", len(gone.Enrolments)},
		{"register.moved-classes", len(gone.Memberships)}, {"register.moved-children", len(gone.Bonds)},
		{"register.moved-guardians", len(gone.Guardians)}, {"register.moved-functions", len(gone.Functions)},
		{"register.moved-restrictions", len(gone.Restrictions) + len(carried)},
	} {
		if kind.count > 0 {
			words = append(words, i18n.Say(ctx, kind.key, kind.count))
		}
	}
	if len(words) == 0 {
		words = append(words, i18n.Say(ctx, "register.moved-nothing"))
	}
	return words
}

// movedLines counts by kind, and names, what one record brings to the other.
func movedLines(ctx context.Context, k known, id school.ID, carried []directory.Restriction) (lines []string) {
	gone := k.Dossiers[id]
	add := func(key string, count int, names string) {
		if count == 0 {
			return
		}
		line := i18n.Say(ctx, key, count)
		if names != "" {
			line = i18n.Say(ctx, "register.moved-names", line, names)
		}
		lines = append(lines, line)
	}
	add("register.moved-keys", len(gone.Keys), "")
	add("register.moved-enrolments", len(gone.Enrolments), k.enrolled(id))
	add("register.moved-classes", len(gone.Memberships), k.classes(id))
	add("register.moved-children", len(gone.Bonds), k.people(gone.Bonds, wardOf))
	add("register.moved-guardians", len(gone.Guardians), k.people(gone.Guardians, guardianOf))
	add("register.moved-functions", len(gone.Functions), k.functions(ctx, id))
	add("register.moved-grants", len(gone.Grants)+len(gone.Followers), "")
	add("register.moved-restrictions", len(gone.Restrictions), k.judged(ctx, id))
	var names []string
	for _, r := range carried {
		names = append(names, k.judgment(ctx, r))
	}
	add("register.carried", len(carried), strings.Join(names, ", "))
	if len(lines) == 0 {
		lines = append(lines, i18n.Say(ctx, "register.moved-nothing"))
	}
	return lines
}

// loginWords says which login stays, and what becomes of the other.
func loginWords(ctx context.Context, c account.Choice) string {
	if c.Stays == (account.Login{}) {
		return i18n.Say(ctx, "register.login-none")
	}
	words := i18n.Say(ctx, "register.login-stays-unused", c.Stays.String())
	if c.Active {
		words = i18n.Say(ctx, "register.login-stays", c.Stays.String())
	}
	if c.Shut {
		words += " " + i18n.Say(ctx, "register.login-shut")
	}
	if c.Closes != (account.Login{}) {
		words += " " + i18n.Say(ctx, "register.login-closes", c.Closes.String())
	}
	return words
}

// restricted tells whether a judge has decided about one of the two.
func (v pairView) restricted() bool {
	return len(v.Dossiers[v.Kept].Restrictions)+len(v.Dossiers[v.Gone].Restrictions)+len(v.Carried) > 0
}

func mergedLead(ctx context.Context, v mergedView) string {
	words := i18n.Say(ctx, "register.merged-on", i18n.Moment(ctx, v.Act.Made.Time, v.Now))
	if v.By != "" {
		words = i18n.Say(ctx, "register.merged-by", i18n.Moment(ctx, v.Act.Made.Time, v.Now), v.By)
	}
	if !v.Act.Undone.IsZero() {
		words += " " + i18n.Say(ctx, "register.undone-on", i18n.Moment(ctx, v.Act.Undone.Time, v.Now))
	}
	return words
}

// until is when a merge can no longer be undone.
func (v mergedView) until() time.Time { return v.Act.Made.Add(directory.MergeUndoable) }

func childOptions(children []directory.Someone) []ui.Option {
	options := make([]ui.Option, len(children))
	for i, child := range children {
		options[i] = ui.Option{Value: child.ID.String(), Label: child.Name()}
	}
	return options
}
