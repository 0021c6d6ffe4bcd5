package directory

import (
	"slices"
	"strings"

	"preau/core/db"
	"preau/core/school"
)

// Suggestion proposes a teacher for a class whose label names them: nothing
// else in a delivery says who teaches whom.
type Suggestion struct {
	Class   school.ID
	Teacher Someone
}

// Suggest finds teachers by their usual name in the labels of the classes of
// one school ("CP - Mme Bernard"), in the order of the classes, then of the
// label.
//
// It would rather say nothing than name somebody else: two teachers of one
// name are told apart by the civility or the first name that the label gives,
// or neither is proposed. Once a class has a teacher whom its label does not
// name, the label is out of date and proposes nobody.
func Suggest(classes []ClassView, staff []Worker, attached []InClass) []Suggestion {
	var list []Suggestion
	for _, class := range classes {
		named := namedIn(class.Label, staff)
		if slices.ContainsFunc(attached, func(in InClass) bool {
			return in.Class == class.ID && !slices.ContainsFunc(named, func(s Someone) bool { return s.ID == in.ID })
		}) {
			continue
		}
		for _, teacher := range named {
			if !slices.ContainsFunc(attached, func(in InClass) bool { return in.Class == class.ID && in.ID == teacher.ID }) {
				list = append(list, Suggestion{class.ID, teacher})
			}
		}
	}
	return list
}

// mention is a teacher's name at a place of a label.
type mention struct {
	who      Someone
	from, to int  // words of the label
	first    bool // the first name, or its initial, is there too
}

// namedIn lists the teachers that a label names, in its order.
func namedIn(label string, staff []Worker) []Someone {
	words := strings.Fields(school.Fold(label))
	var found []mention
	for _, worker := range staff {
		if worker.Profile != school.Teacher && worker.Profile != school.Head {
			continue
		}
		if slices.ContainsFunc(found, func(m mention) bool { return m.who.ID == worker.ID }) {
			continue // comes once a profile
		}
		if m, ok := find(words, worker.Someone); ok {
			found = append(found, m)
		}
	}
	var named []Someone
	slices.SortStableFunc(found, func(a, b mention) int { return a.from - b.from })
	for i, m := range found {
		if !slices.ContainsFunc(found, func(other mention) bool { return other.hides(m) }) &&
			!slices.ContainsFunc(found[:i], func(other mention) bool { return other.who.ID == m.who.ID }) {
			named = append(named, m.who)
		}
	}
	return named
}

// hides tells whether m stands where other does and leaves it no chance: it
// is longer, or says the first name, or nothing tells the two apart.
func (m mention) hides(other mention) bool {
	if m.who.ID == other.who.ID || m.to <= other.from || other.to <= m.from {
		return false
	}
	if length, others := m.to-m.from, other.to-other.from; length != others {
		return length > others
	}
	return m.first || !other.first
}

// find looks for a teacher's name in the words of a label.
func find(words []string, who Someone) (mention, bool) {
	usual, first := strings.Fields(school.Fold(who.Usual)), strings.Fields(school.Fold(who.First))
	for at := 0; len(usual) > 0 && at+len(usual) <= len(words); at++ {
		end := at + len(usual)
		if !slices.Equal(words[at:end], usual) {
			continue
		}
		m := mention{who: who, from: at, to: end}
		before := at // of the name with its first name
		switch {
		case len(first) == 0:
		case at >= len(first) && slices.Equal(words[at-len(first):at], first):
			m.first, before = true, at-len(first)
		case end+len(first) <= len(words) && slices.Equal(words[end:end+len(first)], first):
			m.first = true
		case at > 1 && words[at-1] == first[0][:1] && civilities[words[at-2]] != 0:
			m.first, before = true, at-1
		}
		said := gender(0)
		if before > 0 {
			said = civilities[words[before-1]]
		}
		own := civilities[school.Fold(who.Civility)]
		switch {
		case said != 0 && own != 0 && said != own:
			continue
		case said == 0 && !m.first && len(usual) == 1 && ordinary[usual[0]]:
			continue
		}
		return m, true
	}
	return mention{}, false
}

// gender is what a civility tells; 0 is nothing.
type gender uint8

const (
	woman gender = 1 + iota
	man
)

var civilities = map[string]gender{
	"mme": woman, "madame": woman, "mlle": woman, "melle": woman, "mademoiselle": woman,
	"m": man, "mr": man, "monsieur": man,
}

// ordinary are the words of labels that are also family names: alone, they
// name nobody.
var ordinary = map[string]bool{
	"classe": true, "salle": true, "section": true, "cycle": true, "ecole": true, "groupe": true,
	"petit": true, "petite": true, "petits": true, "moyen": true, "moyenne": true, "moyens": true,
	"grand": true, "grande": true, "grands": true, "blanc": true, "bleu": true, "jaune": true,
	"noir": true, "orange": true, "rose": true, "rouge": true, "vert": true, "violet": true,
	"lion": true, "loup": true, "lapin": true, "renard": true, "soleil": true, "lune": true,
}

// FormerTeachers gives the teachers whom each label of a school's classes had
// the year before, by the folded label.
func FormerTeachers(tx *db.Tx, at school.ID, year school.Year) (map[string][]school.ID, error) {
	former := map[string][]school.ID{}
	return former, tx.Each(func(row db.Row) error {
		var label string
		var teacher school.ID
		err := row.Scan(&label, &teacher)
		former[label] = append(former[label], teacher)
		return err
	}, `SELECT DISTINCT c.label_key, m.person_id FROM directory_class c JOIN directory_membership m ON m.class_id = c.id
		WHERE c.school_id = $1 AND c.year = $2 AND c.kind = 'class' AND m.role = 'teacher' AND m.until_at IS NULL`, at, year-1)
}

// Likely guesses the teachers of classes that have none and whose labels name
// nobody, among those who have no class: who had the label the year before,
// when it was one person; and when one class and one teacher are left, the
// one for the other. It is a choice made ready for the head, who sees it.
func Likely(classes []ClassView, free []Someone, former map[string][]school.ID) map[school.ID]school.ID {
	guess := map[school.ID]school.ID{}
	left := slices.Clone(free)
	for _, class := range classes {
		had := former[class.LabelKey]
		if len(had) != 1 || class.LabelKey == "" {
			continue
		}
		if i := slices.IndexFunc(left, func(s Someone) bool { return s.ID == had[0] }); i >= 0 {
			guess[class.ID] = had[0]
			left = slices.Delete(left, i, i+1)
		}
	}
	if len(left) == 1 && len(classes)-len(guess) == 1 {
		for _, class := range classes {
			if guess[class.ID] == 0 {
				guess[class.ID] = left[0].ID
			}
		}
	}
	return guess
}
