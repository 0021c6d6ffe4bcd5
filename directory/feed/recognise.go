package feed

import (
	"cmp"
	"slices"
	"strings"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
	"preau/directory"
	"preau/directory/aaf"
	"preau/directory/onde"
)

// ONDE gives no jointure. A row is about somebody known when what names them,
// and what surrounds them, says so of one person only; whoever is not
// recognised gets a key made of what names them. ADR 16 has the reasons.

// people is whom the register knows by the keys of a source.
type people struct {
	source    school.ID
	pupils    []*acquaintance
	guardians []*acquaintance
	taken     map[aaf.Category]map[aaf.Key]bool // keys of somebody who is here, or was
	classes   []directory.Class                 // that are open
}

// acquaintance is somebody known.
type acquaintance struct {
	directory.Person
	keys     []aaf.Key // live ones first
	living   []aaf.Key // those that are live
	live     bool
	bonds    []directory.Bond // of a guardian, ended ones too
	children map[aaf.Key]bool // of a guardian, by every key of theirs
	claimed  bool             // a row is about them

	birth, usual, first string // folded
}

// peopleOf reads whom a source speaks of.
func peopleOf(tx *db.Tx, kind, academy string) (*people, error) {
	who := &people{taken: map[aaf.Category]map[aaf.Key]bool{aaf.Pupils: {}, aaf.Guardians: {}}}
	err := tx.Get([]any{&who.source}, `SELECT id FROM feed_source WHERE kind = $1 AND academy = $2`, kind, academy)
	if fail.Is(err, fail.NotFound) {
		return who, nil
	}
	if err != nil {
		return nil, err
	}
	if who.classes, err = directory.Classes.All(tx, "source_id = $1 AND until_at IS NULL ORDER BY id", who.source); err != nil {
		return nil, err
	}
	of := map[school.ID][]aaf.Key{}
	if who.pupils, err = who.read(tx, aaf.Pupils, of); err != nil {
		return nil, err
	}
	if who.guardians, err = who.read(tx, aaf.Guardians, map[school.ID][]aaf.Key{}); err != nil {
		return nil, err
	}
	bonds, err := directory.Bonds.All(tx, `guardian_id IN (SELECT subject_id FROM directory_key WHERE source_id = $1 AND category = $2)`,
		who.source, aaf.Guardians)
	if err != nil {
		return nil, err
	}
	by := map[school.ID]*acquaintance{}
	for _, g := range who.guardians {
		by[g.ID] = g
	}
	for _, b := range bonds {
		g := by[b.Guardian]
		if g == nil {
			continue // a bond made by hand outlived the undoing of who it names
		}
		g.bonds = append(g.bonds, b)
		for _, key := range of[b.Pupil] {
			g.children[key] = true
		}
	}
	return who, nil
}

// read reads the people of a category, and notes their keys.
func (who *people) read(tx *db.Tx, category aaf.Category, of map[school.ID][]aaf.Key) ([]*acquaintance, error) {
	keys, err := directory.Keys.All(tx, "source_id = $1 AND category = $2 ORDER BY live DESC, jointure", who.source, category)
	if err != nil {
		return nil, err
	}
	live := map[school.ID][]aaf.Key{}
	for _, k := range keys {
		of[k.Subject] = append(of[k.Subject], aaf.Key(k.Jointure))
		if k.Live {
			live[k.Subject] = append(live[k.Subject], aaf.Key(k.Jointure))
		}
	}
	rows, err := directory.Persons.All(tx, `id IN (SELECT subject_id FROM directory_key WHERE source_id = $1 AND category = $2) ORDER BY id`,
		who.source, category)
	list := make([]*acquaintance, len(rows))
	for i, row := range rows {
		list[i] = &acquaintance{
			Person: row, keys: of[row.ID], living: live[row.ID], live: len(live[row.ID]) > 0, children: map[aaf.Key]bool{},
			birth: school.Fold(row.BirthName), usual: school.Fold(row.UsualName), first: school.Fold(row.FirstName),
		}
		for _, key := range of[row.ID] {
			who.taken[category][key] = true
		}
	}
	return list, err
}

// classKey is what a class is called: what ONDE calls it, else its label. A
// class that is known by another key keeps it, where the label says that it is
// the same and ONDE does not say otherwise.
func (who *people) classKey(key, label string) string {
	if key != "" {
		return key
	}
	folded := school.Fold(label)
	found := ""
	for _, class := range who.classes {
		if class.LabelKey != folded {
			continue
		}
		if found != "" && found != class.SourceKey {
			found = ""
			break
		}
		found = class.SourceKey
	}
	return cmp.Or(found, "libelle:"+folded)
}

// recognised is a row, and whose it is.
type recognised struct {
	key aaf.Key
	as  *acquaintance // nil for a newcomer
}

// pair recognises rows: each is about the one acquaintance that passes the
// test, when this one passes it for no other row. Whoever is here now goes
// before whoever has left.
func pair[R any](rows []R, at func(R) *recognised, known []*acquaintance, same func(R, *acquaintance) bool) {
	suitors := map[*acquaintance]int{}
	choice := make([]*acquaintance, len(rows))
	for i, row := range rows {
		if at(row).as != nil {
			continue
		}
		var here, left []*acquaintance
		for _, one := range known {
			switch {
			case one.claimed || !same(row, one):
			case one.live:
				here = append(here, one)
			default:
				left = append(left, one)
			}
		}
		if len(here) == 0 {
			here = left
		}
		if len(here) == 1 {
			choice[i] = here[0]
		}
		for _, one := range here {
			suitors[one]++
		}
	}
	for i, row := range rows {
		if one := choice[i]; one != nil && suitors[one] == 1 {
			one.claimed = true
			*at(row) = recognised{one.keys[0], one}
		}
	}
}

// fresh gives a newcomer's row a key that is nobody's: the first that is free
// of those that are made of the parts, then of their ranks.
func fresh(at school.UAI, taken map[aaf.Key]bool, parts ...string) aaf.Key {
	for ; ; parts = append(parts, "again") {
		if key := keyOf(at, parts...); !taken[key] {
			taken[key] = true
			return key
		}
	}
}

// pupilRow is a pupil of an extraction.
type pupilRow struct {
	onde.Pupil
	recognised
	birth, usual, first, class, day string // folded
}

func (x *extraction) recognisePupils(who *people) []*pupilRow {
	var rows []*pupilRow
	for _, p := range x.said.Pupils {
		row := &pupilRow{Pupil: p, birth: school.Fold(p.Birth), first: school.Fold(p.First), class: school.Fold(p.Class), day: isoDay(p.BirthDate)}
		row.usual = cmp.Or(school.Fold(p.Usual), row.birth)
		if i := slices.IndexFunc(rows, row.repeats); i >= 0 {
			x.tell(DuplicatePupil, aaf.Rejected, p.Place, aaf.Pupils, 0, "")
			continue
		}
		rows = append(rows, row)
	}
	for _, same := range []func(*pupilRow, *acquaintance) bool{
		func(r *pupilRow, a *acquaintance) bool { return r.INE != "" && r.INE == a.INE },
		func(r *pupilRow, a *acquaintance) bool { return r.named(a) && r.day != "" && r.day == a.BirthDate },
		func(r *pupilRow, a *acquaintance) bool {
			return r.named(a) && (r.day == "" || a.BirthDate == "") && r.ineAgrees(a)
		},
		func(r *pupilRow, a *acquaintance) bool { // a name was corrected
			return a.live && r.day != "" && r.day == a.BirthDate && r.ineAgrees(a) &&
				(r.first == a.first && near(r.birth, a.birth) || r.birth == a.birth && near(r.first, a.first))
		},
		func(r *pupilRow, a *acquaintance) bool { // a date was
			return a.live && r.named(a) && nearDay(r.day, a.BirthDate) && r.ineAgrees(a)
		},
	} {
		pair(rows, func(r *pupilRow) *recognised { return &r.recognised }, who.pupils, same)
	}
	for _, r := range rows {
		switch {
		case r.as != nil:
		case r.INE != "":
			r.key = fresh(x.at.UAI, who.taken[aaf.Pupils], "ine", string(r.INE))
		default:
			r.key = fresh(x.at.UAI, who.taken[aaf.Pupils], "pupil", r.birth, r.first, r.day)
		}
	}
	return rows
}

// repeats tells that a row is about the pupil of another one.
func (r *pupilRow) repeats(other *pupilRow) bool {
	if r.INE != "" && other.INE != "" {
		return r.INE == other.INE
	}
	return r.birth == other.birth && r.first == other.first && r.day == other.day && r.day != ""
}

func (r *pupilRow) named(a *acquaintance) bool {
	return r.first == a.first && (r.birth == a.birth || r.birth == a.usual)
}

func (r *pupilRow) ineAgrees(a *acquaintance) bool {
	return r.INE == "" || a.INE == "" || r.INE == a.INE
}

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
			return a.live && r.shares(a) && r.civil(a) && (r.first == a.first && near(r.birth, a.birth) || r.birth == a.birth && near(r.first, a.first))
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
		if p.first == first && near(p.birth, birth) || p.birth == birth && near(p.first, first) {
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

// near tells that two names are one, written twice: a letter or two apart, or
// one of them completed by another word.
func near(a, b string) bool {
	if a == "" || b == "" || a == b {
		return a == b
	}
	if strings.HasPrefix(a, b+" ") || strings.HasPrefix(b, a+" ") || strings.HasSuffix(a, " "+b) || strings.HasSuffix(b, " "+a) {
		return true
	}
	x, y := []rune(strings.ReplaceAll(a, " ", "")), []rune(strings.ReplaceAll(b, " ", ""))
	return distance(x, y) <= min(2, min(len(x), len(y))/3)
}

// distance counts the letters to add, to remove, to change or to swap with the
// next (Damerau's, of adjacent letters).
func distance(a, b []rune) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}

// nearDay tells that two days are one, written twice: a part of the date is
// another, or its day and month are swapped.
func nearDay(a, b string) bool {
	x, y := strings.Split(a, "-"), strings.Split(b, "-")
	if len(x) != 3 || len(y) != 3 {
		return false
	}
	same := 0
	for i := range x {
		if x[i] == y[i] {
			same++
		}
	}
	return same == 2 || x[0] == y[0] && x[1] == y[2] && x[2] == y[1]
}
