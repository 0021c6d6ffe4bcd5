package register

import (
	"io"
	"slices"
	"strings"
	"time"

	"preau/core/audit"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/i18n"
	"preau/core/school"
	"preau/core/sheet"
	"preau/directory"
)

// RollLine is a line of a sheet of appointments, and what became of it.
type RollLine struct {
	Line  int    `json:"line"`
	Name  string `json:"name"`
	Post  string `json:"post"`
	Place string `json:"place"` // as the sheet writes it: "uai:0789001K"
	// State is added, extended (the new day may be sooner), refused, or good
	// beside one that was refused.
	State  RollState `json:"state"`
	Reason string    `json:"reason,omitempty"` // of a refusal: key of its sentence

	args  []any
	cells map[string]string
}

// RollState is what became of a line.
type RollState string

// The states.
const (
	RollAdded    RollState = "added"
	RollExtended RollState = "extended"
	RollRefused  RollState = "refused"
	RollGood     RollState = "good" // nothing is wrong with it, and nothing was saved
)

// rollColumns are the columns of a sheet of appointments, as its first line
// names them; the last four may be missing.
var rollColumns = []string{"civilite", "prenom", "nom", "poste", "lieu", "motif", "courriel", "intitule", "jusqu au", "meme personne"}

// Granter is who gives the posts of a sheet.
type Granter struct {
	May mayAppoint // give a post
	// Answers refuses somebody to whom they may not give an address: whoever has
	// that may have the account.
	Answers func(person school.ID) error
}

// Roll appoints the people of a sheet, all or none: one line that is refused
// leaves everything as it was, and gives [fail.Conflict] beside the lines. Who
// holds the post already holds it until the new day, so that a sheet entered
// twice doubles nobody; see [sameLine] for whoever is known under that name.
func (s *Service) Roll(tx *db.Tx, in io.Reader, e audit.Entry, by Granter) ([]RollLine, error) {
	columns, lines, err := sheet.ReadHeaded(in)
	if err != nil {
		return nil, fail.New(fail.Invalid, "%w", err).Say("register.roll-unreadable").At("file")
	}
	for _, column := range columns {
		if column != "" && !slices.Contains(rollColumns, column) {
			return nil, fail.New(fail.Invalid, "no column is called %.40q", column).Say("register.roll-column", column).At("file")
		}
	}
	if len(lines) == 0 {
		return nil, fail.New(fail.Invalid, "a sheet without a line").Say("register.roll-empty").At("file")
	}
	var rolled []RollLine
	refused, before := false, map[string]bool{}
	for _, line := range lines {
		l := RollLine{
			Line: line.Line, Post: line.Cells["poste"], Place: line.Cells["lieu"], cells: line.Cells,
			Name: directory.Someone{First: line.Cells["prenom"], Usual: line.Cells["nom"]}.Name(),
		}
		err := l.check(line, before)
		if err == nil {
			err = s.rollOne(tx, &l, e, by)
		}
		if wrong := wrongIn(err); wrong != nil {
			l.State, l.Reason, l.args, refused = RollRefused, reasonOf(wrong), wrong.Args, true
		} else if err != nil {
			return nil, err
		}
		rolled = append(rolled, l)
	}
	if refused {
		for i := range rolled {
			if rolled[i].State != RollRefused {
				rolled[i].State = RollGood
			}
		}
		return rolled, fail.New(fail.Conflict, "%w", errRefusedLines).Say("register.roll-refused")
	}
	return rolled, nil
}

// Why says why a line was refused; empty when it was not.
func (l RollLine) Why(words *i18n.Catalogue, lang i18n.Lang) string {
	if l.Reason == "" {
		return ""
	}
	return words.Say(lang, l.Reason, l.args...)
}

// reasonOf is the key of what a refused line is told.
func reasonOf(wrong *fail.Error) string {
	switch {
	case wrong.Key != "":
		return wrong.Key
	case wrong.Kind == fail.NotFound:
		return "register.roll-nowhere"
	}
	return "register.roll-wrong"
}

// check refuses a line that cannot be read as one, and the second of one name
// in one post: two homonyms are appointed one by one.
func (l *RollLine) check(line sheet.Headed, before map[string]bool) error {
	if line.Extra {
		return fail.New(fail.Invalid, "a cell beyond the last column").Say("register.roll-extra")
	}
	key := directory.SortKey(l.cells["nom"], l.cells["prenom"]) + "|" + school.Fold(l.Post) + "|" + refOf(l.Place)
	if before[key] {
		return fail.New(fail.Invalid, "two lines of one name and one post").Say("register.roll-twice")
	}
	before[key] = true
	return nil
}

// rollOne appoints whom a line names.
func (s *Service) rollOne(tx *db.Tx, l *RollLine, e audit.Entry, by Granter) error {
	a := directory.Appointment{
		Civility: l.cells["civilite"], First: l.cells["prenom"], Usual: l.cells["nom"], Mail: l.cells["courriel"],
		Label: l.cells["intitule"], Reason: l.cells["motif"], By: e.Actor,
	}
	for _, text := range l.cells {
		if len(text) > 200 {
			return fail.New(fail.Invalid, "a cell of %d bytes", len(text)).Say("register.roll-long")
		}
	}
	if !slices.Contains([]string{"", "Mme", "M."}, a.Civility) {
		return fail.New(fail.Invalid, "the civility %.20q", a.Civility).Say("register.choose-civility")
	}
	if text := l.cells["jusqu au"]; text != "" {
		day, err := dayIn(text)
		if err != nil {
			return err
		}
		a.Until = day.AddDate(0, 0, 1)
	}
	post, ok := postNamed(l.Post)
	if !ok {
		return fail.New(fail.Invalid, "no post is called %.40q", l.Post).Say("register.roll-post")
	}
	a.Template = post.Code
	at, err := placeNamed(tx, l.Place)
	if err != nil {
		return err
	}
	given, err := by.May(directory.Post{Structure: at.ID, Profile: post.Profile})
	if err == nil && !given {
		err = fail.New(fail.NotFound, "%s gives no %s in %s", e.Actor, post.Code, at.ID)
	}
	if err != nil {
		return err
	}
	a.Structure = at.ID
	held, err := namesakes(tx, a, by.May)
	if err != nil {
		return err
	}
	if a.Person, err = sameLine(tx, a, l.cells["meme personne"], held); err != nil {
		return err
	}
	if err := addressed(a, held, by.Answers); err != nil {
		return err
	}
	if l.State = RollAdded; slices.ContainsFunc(held, func(h directory.Holder) bool {
		return h.ID == a.Person && h.Holds(at.ID, post.Code, tx.Now)
	}) {
		l.State = RollExtended
	}
	if at.Kind == directory.School {
		e.School = at.ID
	}
	_, err = s.Appoint(tx, a, "", e)
	return err
}

// dayIn reads a day as people and machines write it.
func dayIn(text string) (time.Time, error) {
	for _, layout := range []string{"02/01/2006", time.DateOnly} {
		if day, err := time.ParseInLocation(layout, text, school.Paris); err == nil {
			return day, nil
		}
	}
	return time.Time{}, fail.New(fail.Invalid, "%.20q is no day", text).Say("web.no-day")
}

// postNamed finds a post by its code, or by one of the names that offices use.
func postNamed(text string) (directory.Template, bool) {
	folded := school.Fold(text)
	if code, ok := postNames[folded]; ok {
		return directory.TemplateOf(code)
	}
	return directory.TemplateOf(strings.ReplaceAll(folded, " ", "-"))
}

// postNames are the names of posts, folded.
var postNames = map[string]string{
	"remplacement": "replacement", "enseignement remplacement": "replacement", "secretariat": "secretary", "direction de l ecole": "head",
	"direction": "head", "etudes surveillees": "care-study", "garderie": "care-evening-care", "pilotage academique": "pilot",
	"support technique": "technician", "partenaire de la convention": "partner", "exploitation de preau": "operator",
	"remplacant": "replacement", "remplacante": "replacement", "enseignant": "replacement", "enseignante": "replacement",
	"secretaire": "secretary", "directeur": "head", "directrice": "head",
	"garderie du matin": "care-morning-care", "cantine": "care-canteen", "garderie du soir": "care-evening-care", "etude": "care-study",
	"agent de la commune": "municipal", "commune": "municipal", "agent": "municipal",
	"pilote": "pilot", "ien": "pilot", "dsden": "pilot", "dane": "pilot", "rectorat": "pilot",
	"partenaire": "partner", "technicien": "technician", "technicienne": "technician", "exploitant": "operator", "exploitante": "operator",
}
