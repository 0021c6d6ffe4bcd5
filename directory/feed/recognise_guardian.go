package feed

import (
	"cmp"
	"slices"
	"strings"

	"preau/core/school"
	"preau/directory"
	"preau/directory/aaf"
	"preau/directory/onde"
)

// guardianRow is a guardian of an extraction, and their children in it.
type guardianRow struct {
	onde.Guardian
	recognised
	birth, usual, first string // folded
	children            []aaf.Key
}

func (x *extraction) recogniseGuardians(who *people, pupils []*pupilRow) []*guardianRow {
	rows := x.gatherGuardians()
	for _, r := range rows {
		x.findChildren(r, pupils, who)
	}
	for _, same := range []func(*guardianRow, *acquaintance) bool{
		func(r *guardianRow, a *acquaintance) bool { return r.named(a) && r.shares(a) && r.civil(a) },
		func(r *guardianRow, a *acquaintance) bool { return r.named(a) && r.shares(a) },
		func(r *guardianRow, a *acquaintance) bool { return r.named(a) && r.civil(a) && r.reached(a) },
		func(r *guardianRow, a *acquaintance) bool { return r.named(a) && r.Service && a.Organisation },
		func(r *guardianRow, a *acquaintance) bool { // a name was corrected
			return a.live && r.shares(a) && r.civil(a) && nearlyNamed(r.birth, r.first, a.birth, a.first)
		},
		func(r *guardianRow, a *acquaintance) bool { // or another one is used
			return a.live && r.first != "" && r.first == a.first && r.shares(a) && r.civil(a) && r.reached(a)
		},
	} {
		pair(rows, func(r *guardianRow) *recognised { return &r.recognised }, who.guardians, same)
	}
	namesakes := map[string]int{}
	for _, r := range rows {
		namesakes[r.birth+"\x00"+r.first]++
	}
	for _, r := range rows {
		if r.as != nil {
			continue
		}
		parts := []string{"guardian", r.birth, r.first}
		if namesakes[r.birth+"\x00"+r.first] > 1 && len(r.children) > 0 {
			parts = append(parts, (school.ID(slices.Min(r.children))).String())
		}
		r.key = fresh(x.at.UAI, who.taken[aaf.Guardians], parts...)
	}
	for _, r := range rows {
		if len(r.children) == 0 {
			x.tell(NoChild, aaf.Rejected, r.Place, aaf.Guardians, r.key, "")
		}
	}
	return rows
}

// gatherGuardians makes one of the rows of somebody whom ONDE has several
// times, as it does when each child was enrolled apart.
func (x *extraction) gatherGuardians() []*guardianRow {
	var rows []*guardianRow
	for _, g := range x.said.Guardians {
		row := &guardianRow{Guardian: g, birth: school.Fold(g.Birth), first: school.Fold(g.First)}
		row.usual = cmp.Or(school.Fold(g.Usual), row.birth)
		i := slices.IndexFunc(rows, row.repeats)
		if i < 0 {
			rows = append(rows, row)
			continue
		}
		x.tell(DuplicateGuardian, aaf.Kept, g.Place, aaf.Guardians, 0, "")
		for _, child := range g.Children {
			if !slices.Contains(rows[i].Children, child) {
				rows[i].Children = append(rows[i].Children, child)
			}
		}
	}
	return rows
}

// repeats tells that two rows are about one guardian: the same names, and a
// child or a means of contact in common.
func (r *guardianRow) repeats(other *guardianRow) bool {
	if r.birth != other.birth || r.first != other.first || r.Civility != other.Civility || r.Service != other.Service {
		return false
	}
	shared := slices.ContainsFunc(r.Children, func(child onde.Child) bool { return slices.Contains(other.Children, child) })
	if r.Service { // one service follows several families, in a record each
		return shared
	}
	if shared || contacts(r.Mail, r.MobilePhone, r.HomePhone, r.PostalCode, r.Address) == contacts(other.Mail, other.MobilePhone, other.HomePhone, other.PostalCode, other.Address) {
		return true
	}
	return common(r.Mail, other.Mail) || common(digits(r.MobilePhone), digits(other.MobilePhone))
}

func contacts(parts ...string) string { return school.Fold(strings.Join(parts, " ")) }

func common(a, b string) bool { return a != "" && strings.EqualFold(a, b) }

// digits are the last nine of a number, which +33 and 0 have alike.
func digits(phone string) string {
	only := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, phone)
	return only[max(0, len(only)-9):]
}

func (r *guardianRow) named(a *acquaintance) bool {
	return r.first == a.first && (r.birth == a.birth || r.birth == a.usual || r.usual == a.usual || r.usual == a.birth)
}

func (r *guardianRow) civil(a *acquaintance) bool {
	return r.Civility == "" || a.Civility == "" || r.Civility == a.Civility
}

// shares tells that they have a child in common.
func (r *guardianRow) shares(a *acquaintance) bool {
	return slices.ContainsFunc(r.children, func(key aaf.Key) bool { return a.children[key] })
}

// reached tells that both are reached in the same way.
func (r *guardianRow) reached(a *acquaintance) bool {
	return common(r.Mail, a.Mail) || common(digits(r.MobilePhone), digits(a.MobilePhone)) || common(digits(r.HomePhone), digits(a.HomePhone)) ||
		r.Address != "" && common(contacts(r.Address, r.PostalCode), contacts(a.Address, a.PostalCode))
}

// findChildren finds the pupils whom a guardian's row names. Nobody is
// guessed: of two pupils of one name, or one of another class, what the
// register knows decides, or nothing does.
func (x *extraction) findChildren(r *guardianRow, pupils []*pupilRow, who *people) {
	for _, child := range r.Children {
		found, kind := x.findChild(child, pupils)
		if kind == UnknownPupil { // perhaps one whose name only one of the lists has corrected
			found = nearly(child, pupils)
		}
		if kind != "" {
			found = slices.DeleteFunc(found, func(p *pupilRow) bool { return p.as == nil || !bonded(r, p, who) })
			if len(found) == 1 {
				kind = ""
			}
		}
		if kind != "" {
			x.tell(kind, aaf.Ignored, r.Place, aaf.Guardians, 0, "")
			continue
		}
		if !slices.Contains(r.children, found[0].key) {
			r.children = append(r.children, found[0].key)
		}
	}
	slices.Sort(r.children)
}

// findChild lists the pupils who have the names of a child; without a kind of
// trouble, it is the only one.
func (x *extraction) findChild(child onde.Child, pupils []*pupilRow) ([]*pupilRow, aaf.Kind) {
	birth, first, class := school.Fold(child.Birth), school.Fold(child.First), school.Fold(child.Class)
	usual := cmp.Or(school.Fold(child.Usual), birth)
	named := func(test func(*pupilRow) bool) (list []*pupilRow) {
		for _, p := range pupils {
			if p.first == first && test(p) {
				list = append(list, p)
			}
		}
		return list
	}
	found := named(func(p *pupilRow) bool { return p.birth == birth })
	if len(found) == 0 {
		found = named(func(p *pupilRow) bool { return p.usual == usual || p.usual == birth })
	}
	if len(found) == 0 {
		return nil, UnknownPupil
	}
	for _, test := range []func(*pupilRow) bool{
		func(p *pupilRow) bool { return p.usual == usual },
		func(p *pupilRow) bool { return class != "" && p.class == class },
	} {
		if len(found) == 1 {
			break
		}
		if fewer := named(func(p *pupilRow) bool { return slices.Contains(found, p) && test(p) }); len(fewer) > 0 {
			found = fewer
		}
	}
	if len(found) > 1 {
		return found, AmbiguousChild
	}
	elsewhere := slices.ContainsFunc(pupils, func(p *pupilRow) bool { return p.class == class })
	if class != "" && found[0].class != class && elsewhere {
		return found, OtherClass
	}
	return found, ""
}

// nearly lists the pupils who have nearly the names of a child.
func nearly(child onde.Child, pupils []*pupilRow) (list []*pupilRow) {
	birth, first := school.Fold(child.Birth), school.Fold(child.First)
	for _, p := range pupils {
		if nearlyNamed(birth, first, p.birth, p.first) {
			list = append(list, p)
		}
	}
	return list
}

// bonded tells that a guardian of these names has this pupil already.
func bonded(r *guardianRow, p *pupilRow, who *people) bool {
	return slices.ContainsFunc(who.guardians, func(a *acquaintance) bool {
		return r.named(a) && slices.ContainsFunc(a.bonds, func(b directory.Bond) bool { return b.Pupil == p.as.ID && b.Until.IsZero() })
	})
}
