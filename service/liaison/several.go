package liaison

import (
	"slices"

	"preau/core/audience"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/web"
)

// classesOf lists the classes of a word that is for several; none of any other.
func classesOf(tx *db.Tx, word school.ID) ([]school.ID, error) {
	return db.All(tx, db.Column[school.ID], `SELECT class_id FROM liaison_class WHERE word_id = $1 ORDER BY class_id`, word)
}

// keepClasses writes for which classes a new word is, when they are several.
func keepClasses(tx *db.Tx, word school.ID, classes []school.ID) error {
	for _, class := range classes {
		if _, err := tx.Exec(`INSERT INTO liaison_class (word_id, class_id) VALUES ($1, $2)`, word, class); err != nil {
			return err
		}
	}
	return nil
}

// within are the classes and groups of some audiences, sorted.
func within(to []audience.Audience) (classes []school.ID) {
	for _, a := range to {
		if a.Place == audience.Class || a.Place == audience.Group {
			classes = append(classes, a.Of)
		}
	}
	slices.Sort(classes)
	return slices.Compact(classes)
}

// can is the gate of a word. One that is for several classes is changed by whoever writes to each of
// them, and followed by whoever follows one: their class, see [Service.followedTo].
func (s *Service) can(r *web.Request, right rights.Right, w word) error {
	refused := r.Can(right, w.object())
	if refused == nil || w.Class != 0 || !fail.Is(refused, fail.NotFound) {
		return refused
	}
	classes, err := classesOf(r.Tx, w.ID)
	if err != nil {
		return err
	}
	theirs := 0
	for _, class := range classes {
		err := r.Can(right, rights.Object{Class: class, School: w.School})
		if fail.Is(err, fail.Forbidden) { // the carnet is shut
			return err
		}
		theirs += btoi(err == nil)
	}
	if theirs == len(classes) && theirs > 0 || theirs > 0 && right == follow {
		return nil
	}
	return refused
}

// followedTo lists the audiences of a word that the visitor follows.
func (s *Service) followedTo(r *web.Request, w word) ([]audience.Audience, error) {
	to, err := audience.To(r.Tx, w.ID)
	return theirs(r, w, to[w.ID]), err
}

// theirs are those of the audiences of a word that the visitor follows: of one that is for several
// classes, their own.
func theirs(r *web.Request, w word, to []audience.Audience) []audience.Audience {
	if r.Can(follow, w.object()) == nil {
		return to
	}
	return slices.DeleteFunc(slices.Clone(to), func(a audience.Audience) bool {
		return r.Can(follow, rights.Object{Class: a.Of, School: w.School}) != nil
	})
}

// follows is the condition that finds the words w that the visitor follows: those of their
// classes or of their schools, and those that are for several classes of which one is theirs.
func (s *Service) follows(r *web.Request, args []any) (string, []any) {
	if several, _ := r.Scope(follow, rights.Columns{Class: "s.class_id"}); several == "FALSE" { // all those of their schools
		return r.Scope(follow, rights.Columns{Class: "w.class_id", School: "w.school_id"}, args...)
	}
	alone, args := r.Scope(follow, rights.Columns{Class: "o.class_id", School: "o.school_id"}, args...)
	several, args := r.Scope(follow, rights.Columns{Class: "s.class_id"}, args...)
	return `w.id IN (SELECT o.id FROM liaison_word o WHERE ` + alone + ` UNION SELECT s.word_id FROM liaison_class s WHERE ` + several + `)`, args
}
