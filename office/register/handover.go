package register

import (
	"slices"
	"strings"
	"time"

	"preau/account"
	"preau/account/secret"
	"preau/core/i18n"
	"preau/core/paper"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
)

// passSheet is what a replacement holds: the first page is theirs alone, the
// others stay in class, two for each: what it takes to hold it, and its list.
//
// They say what a teacher of the class reads in Préau and no more. The restrictions
// that judges decided, the périscolaire, who follows a pupil and the addresses of
// families are the head's, or the commune's. So are the groups across the classes,
// which are seen by whoever teaches them.
type passSheet struct {
	School  directory.Structure
	Who     directory.Someone
	Classes []handover
	Called  []directory.Called // whom to call for the school
	Heads   []string           // of the school, as one names them
	Code    account.Code       // none for whoever has come in before
	Address string             // of the portal
	Until   time.Time
	// Know is what the head, or the teacher who is away, has to say of today. It is on
	// the sheet and nowhere else: nobody keeps, corrects or erases a text about
	// children that was true for a day. Who prints the pass again writes it again.
	Know  string
	Made  time.Time
	Words i18n.Printer
}

// handover is a class as it is handed over.
type handover struct {
	directory.ClassView
	Pupils   []directory.InClass
	Teachers []directory.InClass // the others
	Helpers  []directory.InClass
	Poster   bool
	Tablets  []string               // their names
	Ways     map[school.ID][]string // keys of how each pupil comes in
}

// The ways in of a pupil, in the order of the sheet: keys of their names are made of
// them.
const (
	wayBadge, wayPictures, wayWord = "badge", "pictures", "word"
)

// handovers reads some classes for whoever replaces.
func handovers(r *web.Request, who directory.Someone, classes []directory.ClassView) ([]handover, error) {
	ids := directory.ClassIDs(classes)
	pupils, err := directory.PupilsIn(r.Tx, ids...)
	if err != nil {
		return nil, err
	}
	teachers, err := directory.TeachersIn(r.Tx, ids...)
	if err != nil {
		return nil, err
	}
	helpers, err := directory.HelpersIn(r.Tx, ids...)
	if err != nil {
		return nil, err
	}
	in, err := entering(r, ids, directory.IDs(pupils))
	if err != nil {
		return nil, err
	}
	of := func(people []directory.InClass, class school.ID) []directory.InClass {
		return slices.DeleteFunc(slices.Clone(people), func(in directory.InClass) bool { return in.Class != class || in.ID == who.ID })
	}
	list := make([]handover, len(classes))
	for i, class := range classes {
		list[i] = handover{ClassView: class, Pupils: of(pupils, class.ID), Teachers: of(teachers, class.ID), Helpers: of(helpers, class.ID)}
		list[i].enter(in)
	}
	return list, nil
}

// entrances are how the children of some classes come in.
type entrances struct {
	doors    []account.ClassDoor
	badges   map[school.ID]account.ClassDoor
	pictured map[school.ID]time.Time
	accounts map[school.ID]account.Account
}

// entering reads how the pupils of some classes come in.
func entering(r *web.Request, classes, pupils []school.ID) (in entrances, err error) {
	if in.doors, err = account.ClassDoors(r.Tx, classes...); err != nil {
		return in, err
	}
	if in.badges, err = account.Badges(r.Tx, classes...); err != nil {
		return in, err
	}
	if in.pictured, err = account.Pictured(r.Tx, pupils...); err != nil {
		return in, err
	}
	in.accounts, err = account.Of(r.Tx, pupils...)
	return in, err
}

// enter notes how the children of the class come in.
func (h *handover) enter(in entrances) {
	for _, door := range in.doors {
		switch {
		case door.Class != h.ID:
		case door.Tablet:
			h.Tablets = append(h.Tablets, door.Name)
		default:
			h.Poster = true
		}
	}
	h.Ways = map[school.ID][]string{}
	for _, id := range directory.IDs(h.Pupils) {
		a, has := in.accounts[id]
		state := account.StateOf(a, has)
		if state != account.Active && state != account.ToActivate { // shut: nothing opens it
			continue
		}
		if in.badges[id].Class == h.ID {
			h.Ways[id] = append(h.Ways[id], wayBadge)
		}
		if !in.pictured[id].IsZero() {
			h.Ways[id] = append(h.Ways[id], wayPictures)
		}
		if state == account.Active {
			h.Ways[id] = append(h.Ways[id], wayWord)
		}
	}
}

// by counts the pupils who come in by a way.
func (h handover) by(way string) (n int) {
	for _, ways := range h.Ways {
		if slices.Contains(ways, way) {
			n++
		}
	}
	return n
}

func (p passSheet) say(key string, args ...any) string {
	return p.Words.Say(key, args...)
}

// The columns of a pass, in millimetres.
const (
	passLeft   = 20.0
	passColumn = paper.Width - 2*passLeft
)

func (p passSheet) draw() ([]byte, error) {
	d := paper.New(p.say("register.pass-file", p.Who.Name()), p.Made)
	d.Page()
	y := d.Write(passLeft, 20, passColumn, paper.Strong, paper.Left, p.School.Name)
	y = d.Write(passLeft, y+10, passColumn, paper.Title, paper.Left, p.say("register.pass-title", p.Who.Name()))
	labels := make([]string, len(p.Classes))
	for i, class := range p.Classes {
		labels[i] = class.Label
	}
	last := p.Words.Date(school.LastDay(p.Until))
	y = d.Write(passLeft, y+4, passColumn, paper.Plain, paper.Left, p.say("register.pass-lead", strings.Join(labels, ", "), last)) + 6
	if p.Code.Text == "" {
		y = d.Write(passLeft, y, passColumn, paper.Plain, paper.Left, p.say("register.pass-known", p.Address)) + 4
	} else {
		y = d.Key(passLeft, y, passColumn, p.Address+p.Code.Link(),
			paper.Fact{Name: p.say("register.pass-address"), Text: p.Address + "/activate"},
			paper.Fact{Name: p.say("register.pass-login"), Text: p.Code.Login.String()}, paper.Fact{Name: p.say("register.pass-code"), Text: p.Code.Text})
	}
	for _, step := range p.steps() {
		y = d.Write(passLeft, y, passColumn, paper.Plain, paper.Left, step) + 2
	}
	d.Write(passLeft, y+2, passColumn, paper.Small, paper.Left, p.say("register.pass-keep"))
	for _, class := range p.Classes {
		p.drawHandover(d, class)
		p.drawClass(d, class)
	}
	return d.Bytes()
}

// steps are what who has never come in does, to the class.
func (p passSheet) steps() []string {
	if p.Code.Text == "" {
		return nil
	}
	return []string{p.say("register.pass-step-scan"), p.say("register.pass-step-password", secret.Least()), p.say("register.pass-step-class")}
}

// drawHandover is the page that says what it takes to hold a class.
func (p passSheet) drawHandover(d *paper.Document, class handover) {
	d.Page()
	y := d.Write(passLeft, 20, passColumn, paper.Title, paper.Left, p.say("register.handover", class.Label))
	y = d.Write(passLeft, y+2, passColumn, paper.Small, paper.Left, i18n.Dots(p.School.Name, p.say("register.pupils", len(class.Pupils)), class.Levels))
	part := func(key string) { y = d.Write(passLeft, y+6, passColumn, paper.Strong, paper.Left, p.say(key)) + 1 }
	line := func(text string) {
		if text != "" {
			y = d.Write(passLeft, y, passColumn, paper.Plain, paper.Left, text) + 1
		}
	}
	part("register.know")
	if p.Know != "" {
		line(p.Know)
	} else { // to be written by hand
		for range 4 {
			y += 8
			d.Rule(passLeft, y, passColumn)
		}
	}
	part("register.handover-people")
	line(p.teachers(class))
	for _, helper := range class.Helpers {
		line(p.say("register.handover-helper", helper.Formal()))
	}
	for _, c := range p.called() {
		line(c)
	}
	line(p.say("register.handover-head"))
	line(i18n.Dots(strings.Join(p.Heads, ", "), p.School.Telephone()))

	part("register.handover-ways")
	from, to := school.Hours()
	line(p.say("register.handover-hours", from, to))
	if class.Poster {
		line(p.say("register.handover-poster"))
	}
	if len(class.Tablets) > 0 {
		line(p.say("register.handover-tablets", strings.Join(class.Tablets, ", ")))
	}
	if !class.Poster && len(class.Tablets) == 0 {
		line(p.say("register.handover-no-door"))
	}
	for _, way := range []string{wayBadge, wayPictures, wayWord} {
		if n := class.by(way); n > 0 {
			line(p.say("register.handover-by-"+way, n))
		}
	}
	if n := len(class.Pupils) - len(class.Ways); n > 0 {
		line(p.say("register.handover-by-none", n))
	}
	part("register.handover-badges")
	const qr = 34.0
	door := p.Address + doorPath(class.ID)
	d.QR(passLeft+passColumn-qr, y, qr, door)
	d.Write(passLeft, y, passColumn-qr-4, paper.Plain, paper.Left, p.say("register.handover-badges-text"))
}

// teachers names the other teachers of a class, with their days.
func (p passSheet) teachers(class handover) string {
	names := make([]string, len(class.Teachers))
	for i, t := range class.Teachers {
		names[i] = t.Formal()
		if t.Days != "" {
			names[i] += " (" + t.Days + ")"
		}
	}
	if len(names) == 0 {
		return ""
	}
	return p.say("register.handover-teachers", strings.Join(names, ", "))
}

// called says whom to call in the school for a question about Préau.
func (p passSheet) called() (lines []string) {
	for _, c := range p.Called {
		if c.Role == directory.DigitalReferent && c.Structure == p.School.ID {
			lines = append(lines, i18n.Dots(p.say("directory.role-"+string(c.Role)), c.Who, c.Phone, c.Mail))
		}
	}
	return lines
}

// ways says how a pupil comes in.
func (p passSheet) ways(class handover, pupil school.ID) string {
	ways := class.Ways[pupil]
	if len(ways) == 0 {
		return p.say("register.way-none")
	}
	said := make([]string, len(ways))
	for i, way := range ways {
		said[i] = p.say("register.way-" + way)
	}
	return strings.Join(said, ", ")
}

// drawClass lists the pupils of a class, by name, with room to tick for five days.
func (p passSheet) drawClass(d *paper.Document, class handover) {
	marks := directory.TellApartByDay(p.Words, class.Pupils)
	const (
		line, box, between  = 7.5, 4.5, 7.5
		level, ways, boxes  = 68.0, 84.0, passColumn - 5*between
		nameWide, levelWide = level - 2, ways - level - 2
	)
	y := paper.Height // no page yet
	fit := func(x, width float64, face paper.Face, text string) {
		d.Write(passLeft+x, y, width, d.Fits(width, face, text), paper.Left, text)
	}
	for _, pupil := range class.Pupils {
		if y+line > paper.Height-paper.Margin {
			d.Page()
			y = d.Write(passLeft, 20, passColumn, paper.Title, paper.Left, class.Label)
			y = d.Write(passLeft, y+2, passColumn, paper.Small, paper.Left, i18n.Dots(p.School.Name, p.say("register.pupils", len(class.Pupils)))) + 4
			fit(ways, boxes-ways-2, paper.Small, p.say("register.handover-way"))
			y += 6
		}
		fit(0, nameWide, paper.Plain, i18n.Dots(pupil.Name(), marks[pupil.ID]))
		fit(level, levelWide, paper.Small, pupil.Level)
		fit(ways, boxes-ways-2, paper.Small, p.ways(class, pupil.ID))
		for i := range 5 {
			d.Box(passLeft+boxes+float64(i)*between, y, box)
		}
		y += line
	}
}
