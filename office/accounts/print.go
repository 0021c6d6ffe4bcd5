package accounts

import (
	"strings"
	"time"

	"preau/account"
	"preau/core/fail"
	"preau/core/i18n"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
	"preau/directory/place"
)

// printing is a class, or the staff of a school, for which sheets are printed, each
// with the code of somebody who has not come in.
type printing struct {
	place.Room
	Over    rights.Object // what one hands them out over
	Of      string        // whose sheets, in the name of the document
	Back    string        // the page that they are printed from
	Words   i18n.Printer  // French: what is printed is the school's
	Address string        // where a code is typed
	Made    time.Time
	Sheets  []sheet // in the order of the pupils
	// Apart names those whose code is handed out otherwise: the visitor may not
	// make it, or a judge keeps the school's name from them.
	Apart []string
}

// sheet is the code of somebody.
type sheet struct {
	Who   directory.Someone
	Of    []string // the children of a guardian, in the class; what a member of the staff is
	Level string   // of a pupil
	Mark  string   // that tells a pupil from a homonym
	account.Code
}

// tellApart tells the namesakes of a class on what is handed out, and lost: by their
// animals, or, in a group, which has none, by their birthdays.
func tellApart(say i18n.Printer, class directory.ClassView, pupils []directory.InClass) map[school.ID]string {
	marks := directory.TellApartByDay(say, pupils)
	if class.Kind != directory.OrdinaryClass {
		return marks
	}
	animals := place.Animals(pupils)
	for id := range marks {
		marks[id] = say.Say("ui.picture-" + string(animals[id]))
	}
	return marks
}

func (s *Service) printing(r *web.Request, at place.Room) printing {
	french := i18n.Printer{Catalogue: r.Printer.Catalogue, Lang: i18n.French}
	return printing{
		Room: at, Over: place.Object(at.Class), Of: at.Class.Label, Back: classPath(at.Class.ID),
		Words: french, Address: r.Absolute("/activate"), Made: r.Tx.Now,
	}
}

// print makes by a right a code for each of these who has not come in and holds none
// that waits, or for all of them who have not come in when the form asks to print
// what was lost again, and gives the document.
func (s *Service) print(r *web.Request, p printing, right rights.Right, who []sheet, name string, draw func(printing) ([]byte, error)) (web.Answer, error) {
	people := make([]school.ID, len(who))
	for i, one := range who {
		people[i] = one.Who.ID
	}
	accounts, err := account.Of(r.Tx, people...)
	if err != nil {
		return nil, err
	}
	waiting, err := account.PendingOf(r.Tx, people...)
	if err != nil {
		return nil, err
	}
	refused, err := s.Refuse(r, people...)
	if err != nil {
		return nil, err
	}
	by, err := warrant(r, right, p.Over)
	if err != nil {
		return nil, err
	}
	again := r.PostFormValue("again") != ""
	for _, one := range who {
		a, has := accounts[one.Who.ID]
		if _, waits := waiting[one.Who.ID]; account.StateOf(a, has) != account.ToActivate || waits && !again {
			continue
		}
		if err := account.Grown(r.Tx, one.Who.ID); fail.Is(err, fail.Conflict) {
			continue
		} else if err != nil {
			return nil, err
		}
		if refused[one.Who.ID] != nil {
			p.Apart = append(p.Apart, one.Who.Name())
			continue
		}
		if one.Code, err = s.Accounts.IssueSlip(r.Tx, one.Who.ID, by); err != nil {
			return nil, err
		}
		p.Sheets = append(p.Sheets, one)
	}
	if len(p.Sheets) == 0 {
		return web.Redirect{To: p.Back, Notice: "accounts.nothing-to-print", Info: true}, nil
	}
	if err := r.ActsOn(len(p.Sheets)); err != nil {
		return nil, err
	}
	return printed(r.Say(name, p.Of), func() ([]byte, error) { return draw(p) }), nil
}

// printed is the answer that gives a document.
func printed(name string, draw func() ([]byte, error)) web.PDF {
	return web.PDF{Name: name, Draw: draw, Notice: "accounts.printed", Undrawn: "accounts.undrawn"}
}

func (p printing) say(key string, args ...any) string { return p.Words.Say(key, args...) }

// until is the last day of a code.
func (p printing) until(c account.Code) string { return p.Words.Date(c.Last().In(school.Paris)) }

// link is what the QR code of a sheet opens.
func (p printing) link(c account.Code) string {
	return strings.TrimSuffix(p.Address, "/activate") + c.Link()
}
