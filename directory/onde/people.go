package onde

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"preau/core/school"
)

// reader reads the rows of one file.
type reader struct {
	extraction *Extraction
	head       *head
	file       string
	line       int
	odd        map[int]int // rows that say something in a column that is not read
}

// row reads one row.
func (r *reader) row(at row) {
	r.line = at.line
	for i, cell := range at.cells {
		if utf8.RuneCountInString(cell) > maxCell {
			r.trouble(TooLong, Rejected, i)
			return
		}
		if cell != "" && i < len(r.head.columns) && (r.head.columns[i] == dropped || r.head.columns[i] == unknown) {
			r.odd[i]++
		}
	}
	if r.head.kind == Pupils {
		r.pupil(at)
	} else {
		r.guardian(at)
	}
}

// said gives the cell of a column, empty when there is no such column.
func (r *reader) said(at row, c column) (text string, i int) {
	i = r.head.at(c)
	return at.cell(i), i
}

func (r *reader) trouble(kind TroubleKind, action Action, i int) {
	name := ""
	if i >= 0 && i < len(r.head.names) {
		name = short(r.head.names[i])
	}
	r.extraction.tell(Trouble{Kind: kind, Action: action, Place: r.place(), Of: r.head.kind, Column: name, Count: 1})
}

func (r *reader) place() Place { return Place{r.file, r.line} }

// short bounds the name of a column.
func short(name string) string {
	if letters := []rune(name); len(letters) > 60 {
		return string(letters[:60])
	}
	return name
}

// tellOdd tells once a file what was not read.
func (r *reader) tellOdd() {
	for i := range r.head.names {
		if r.odd[i] == 0 {
			continue
		}
		kind := UnknownColumn
		if r.head.columns[i] == dropped {
			kind = DroppedColumn
		}
		r.extraction.tell(Trouble{
			Kind: kind, Action: Ignored, Place: Place{File: r.file}, Of: r.head.kind, Column: short(r.head.names[i]), Count: r.odd[i],
		})
	}
}

// names reads the names of somebody, and tells false when they have none.
func (r *reader) names(at row, service bool) (born, used, given string, ok bool) {
	born, _ = r.said(at, birth)
	used, _ = r.said(at, usual)
	given, _ = r.said(at, first)
	if born == "" {
		born = used
	}
	switch {
	case born == "":
		r.trouble(MissingName, Rejected, r.head.at(birth))
	case given == "" && !service:
		r.trouble(MissingName, Rejected, r.head.at(first))
	default:
		return born, used, given, true
	}
	return "", "", "", false
}

func (r *reader) pupil(at row) {
	p := Pupil{Place: r.place()}
	var ok bool
	if p.Birth, p.Usual, p.First, ok = r.names(at, false); !ok {
		return
	}
	for i, c := range r.head.columns {
		if c == others && at.cell(i) != "" {
			p.Others = append(p.Others, at.cell(i))
		}
	}
	if text, i := r.said(at, birthDate); text == "" {
		r.trouble(MissingBirthDate, Kept, i)
	} else if p.BirthDate, ok = parseDay(text); !ok {
		r.trouble(MalformedDate, Ignored, i)
	}
	text, _ := r.said(at, sex)
	p.Civility = civilityOf(text)
	if text, i := r.said(at, ine); text != "" {
		if p.INE = school.INE(strings.ToUpper(strings.ReplaceAll(text, " ", ""))); !p.INE.Valid() {
			p.INE = ""
			r.trouble(InvalidINE, Ignored, i)
		}
	}
	if text, i := r.said(at, level); text != "" {
		if p.Level = school.LevelOf(text); p.Level.Code == "" {
			r.trouble(UnknownLevel, Kept, i)
		}
	}
	text, _ = r.said(at, cycle)
	if p.Cycle = cycleOf(text); p.Cycle == "" && p.Level.Cycle() > 0 {
		p.Cycle = strconv.Itoa(p.Level.Cycle())
	}
	var i int
	p.ClassKey, _ = r.said(at, classKey)
	if p.Class, i = r.said(at, class); p.Class == "" && p.ClassKey == "" {
		r.trouble(NoClass, Kept, i)
	}
	if p.Class == "" {
		p.Class = p.ClassKey
	}
	r.extraction.Pupils = append(r.extraction.Pupils, p)
}

func (r *reader) guardian(at row) {
	g := Guardian{Place: r.place()}
	text, i := r.said(at, civility)
	g.Civility, g.Service = civilityOf(text), i >= 0 && text == ""
	var ok bool
	if g.Birth, g.Usual, g.First, ok = r.names(at, g.Service); !ok {
		return
	}
	if g.Service && g.First != "" {
		r.trouble(MissingCivility, Kept, i)
	}
	g.Address, _ = r.said(at, address)
	g.PostalCode, _ = r.said(at, postalCode)
	g.Town, _ = r.said(at, town)
	g.Country, _ = r.said(at, country)
	text, i = r.said(at, showAddress)
	if g.ShowAddress = strings.EqualFold(text, "oui"); i < 0 {
		g.Unsaid = append(g.Unsaid, Shown)
	}
	for _, by := range []struct {
		contact Contact
		column  column
		into    *string
		parse   func(string) (string, bool)
		wrong   TroubleKind
	}{
		{ByMail, mail, &g.Mail, parseMail, MalformedMail},
		{ByHomePhone, homePhone, &g.HomePhone, parsePhone, MalformedPhone},
		{ByWorkPhone, workPhone, &g.WorkPhone, parsePhone, MalformedPhone},
		{ByMobilePhone, mobilePhone, &g.MobilePhone, parsePhone, MalformedPhone},
	} {
		text, i := r.said(at, by.column)
		if text != "" {
			if *by.into, ok = by.parse(text); !ok {
				r.trouble(by.wrong, Ignored, i)
			}
		}
		if i < 0 || text != "" && !ok {
			g.Unsaid = append(g.Unsaid, by.contact)
		}
	}
	g.Children = r.children(at)
	r.extraction.Guardians = append(r.extraction.Guardians, g)
}

// children reads the blocks of a guardian's row.
func (r *reader) children(at row) []Child {
	var all []Child
	for i, cell := range at.cells {
		c, rank, ok := r.head.child(i)
		if !ok || cell == "" {
			continue
		}
		for len(all) <= rank {
			all = append(all, Child{})
		}
		child := &all[rank]
		switch c {
		case childBirth:
			child.Birth = cell
		case childUsual:
			child.Usual = cell
		case childFirst:
			child.First = cell
		case childClass:
			child.Class = cell
		}
	}
	list := all[:0]
	for _, child := range all {
		if child.Birth == "" {
			child.Birth = child.Usual
		}
		if child.Birth != "" && child.First != "" {
			list = append(list, child)
		}
	}
	return list
}
