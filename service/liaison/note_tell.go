package liaison

import (
	"cmp"
	"slices"
	"time"

	"preau/core/attach"
	"preau/core/audience"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
)

// tellPath is where a family tells the school something.
const tellPath = "/liaison/tell"

// The longest text of a note, how far ahead an absence is told, and how long it may be.
const (
	maxNote     = 500
	aheadMost   = 365
	absenceMost = 62
	behindMost  = 14
	mostADay    = 30 // notes of one guardian
)

// tellView is what a guardian tells of their children, and what was told.
type tellView struct {
	Children []toldChild
	Notes    []noteLine
	Instead  *note // what is changed; nil: something is told
	Form     web.Form
	Day      time.Time // of which one tells, unless one says another: its first instant
	Now      time.Time
}

// The hour and the minute of the day when class is over.
const overHour, overMinute = 16, 30

// nextClass is the day of which one tells at an instant, its first: that day, unless its class is
// over or it has none; then the next day with class.
func nextClass(now time.Time) time.Time {
	now = now.In(school.Paris)
	if now.Hour()*60+now.Minute() >= overHour*60+overMinute {
		now = now.AddDate(0, 0, 1)
	}
	return school.ClassDay(now, 1)
}

// today tells whether it is the day on which they tell it.
func (v tellView) today() bool { return onDay(v.Day) == onDay(v.Now) }

// toldChild is a child of whom the visitor may tell something, with their places.
type toldChild struct {
	directory.Someone
	Accent ui.Accent
	At     []directory.Child
	Says   map[noteKind]attach.VoiceField // where one says it aloud, in the form of each kind
}

// noteLine is a note in a list.
type noteLine struct {
	note
	Child  directory.Marked
	Class  string // of the child, as its label; empty: the visitor follows no other
	Accent ui.Accent
	From   string // who told it; to staff, and to whoever did
	Seen   string // by whom; empty: nobody yet
	Mine   bool   // the visitor told it
}

// mayTell lists the children of whom the visitor may tell something: those whose class
// they know, and of whom no judge lets them only know.
func mayTell(r *web.Request) (list []toldChild, err error) {
	places, err := directory.ChildrenOf(r.Tx, r.Actor.Person)
	if err != nil {
		return nil, err
	}
	limits, err := directory.LimitsOf(r.Tx, r.Actor.Person)
	for _, at := range places {
		if at.Class == 0 || limits[at.ID].InformedOnly || r.Can(tellSchool, childAt(at)) != nil {
			continue
		}
		i := slices.IndexFunc(list, func(c toldChild) bool { return c.ID == at.ID })
		if i < 0 {
			i, list = len(list), append(list, toldChild{Someone: at.Someone, Accent: r.AccentOf(at.ID)})
		}
		list[i].At = append(list[i].At, at)
	}
	return list, err
}

// mayNotTell is why the visitor tells nothing of a child: the carnet is shut in a school of the child's,
// or they may not know of it.
func mayNotTell(r *web.Request, child school.ID) error {
	places, err := directory.ChildrenOf(r.Tx, r.Actor.Person)
	if err != nil {
		return err
	}
	for _, at := range places {
		if shut := r.Can(tellSchool, childAt(at)); at.ID == child && fail.Is(shut, fail.Forbidden) {
			return shut
		}
	}
	return fail.New(fail.NotFound, "%s tells nothing of %s", r.Actor.Person, child)
}

// telling is where a guardian tells the school something.
func (s *Service) telling(r *web.Request) (web.Answer, error) { return s.tellPage(r, web.Form{}) }

// keep lets the device keep the page, on which one tells from where there is no network: until another child
// is there, or something of what was told changes.
func (v tellView) keep(r *web.Request) {
	version := []any{onDay(v.Day), v.today()}
	for _, c := range v.Children {
		for _, at := range c.At {
			version = append(version, c.ID, at.Class)
		}
	}
	for _, l := range v.Notes {
		version = append(version, l.ID, l.Withdrawn, l.Seen, l.Reply)
	}
	r.Keep(version...)
}

func (s *Service) tellPage(r *web.Request, form web.Form) (web.Answer, error) {
	v := tellView{Form: form, Day: nextClass(r.Tx.Now), Now: r.Tx.Now}
	var err error
	if v.Children, err = mayTell(r); err != nil {
		return nil, err
	}
	for i := range v.Children {
		v.Children[i].Says = s.says(r, form, v.Children[i].ID)
	}
	notes, err := notesOf(r.Tx, r.Actor.Children, most)
	if err != nil {
		return nil, err
	}
	if notes, err = known(r, notes); err != nil {
		return nil, err
	}
	own := func(n, o note) bool { // what another told that the visitor told too
		return n.Child == o.Child && n.Author != r.Actor.Person && o.Author == r.Actor.Person && n.Withdrawn.IsZero() && o.Withdrawn.IsZero() && o.covers(n)
	}
	var shown []note
	for _, n := range notes {
		if !slices.ContainsFunc(notes, func(o note) bool { return own(n, o) }) {
			shown = append(shown, n)
		}
	}
	v.Notes, err = noteLines(r, shown)
	v.keep(r)
	return web.Page{Title: r.Say("liaison.tell"), Body: tellPage(v), Records: len(v.Children) > 0, Status: form.Status()}, err
}

// says are the fields where a guardian says aloud what they tell of a child, one of each kind;
// form is the one that comes back, of whichever.
func (s *Service) says(r *web.Request, form web.Form, child school.ID) map[noteKind]attach.VoiceField {
	all := map[noteKind]attach.VoiceField{}
	for kind := range noteIcons {
		own := web.Form{}
		if form.Value("child") == child.String() && form.Value("kind") == string(kind) {
			own = form
		}
		all[kind] = s.Tray.VoiceField(r, own, "voice-"+string(kind)+"-"+child.String())
	}
	return all
}

// noteLines says of some notes whom they are about, and to whom it is to know, who told
// and who took note of them.
func noteLines(r *web.Request, notes []note) ([]noteLine, error) {
	var ids []school.ID
	for _, n := range notes {
		ids = append(ids, n.Child, n.Author, n.SeenBy)
	}
	who, err := directory.SomeBy(r.Tx, ids...)
	if err != nil {
		return nil, err
	}
	var marks directory.Marks
	var classes map[school.ID]string
	if r.Holds(follow) {
		me, err := r.Addressee()
		if err != nil {
			return nil, err
		}
		if marks, classes, err = whereabouts(r.Tx, me, notes); err != nil {
			return nil, err
		}
	}
	lines := make([]noteLine, len(notes))
	for i, n := range notes {
		l := noteLine{note: n, Child: marks.On(who[n.Child]), Class: classes[n.Class], Accent: r.AccentOf(n.Child), Mine: n.Author == r.Actor.Person}
		if l.Mine || r.Can(follow, n.object()) == nil {
			l.From = who[n.Author].Name()
		} else {
			l.Body, l.Voice, l.Reply = "", attach.Voice{}, "" // of one parent, to the school
		}
		if !n.Seen.IsZero() {
			l.Seen = cmp.Or(who[n.SeenBy].Formal(), r.Say("liaison.from-school"))
		}
		lines[i] = l
	}
	return lines, nil
}

// whereabouts are what tells the children of some notes apart, to a teacher or a head: from their
// namesakes, and, where they follow several classes, by the label of theirs.
func whereabouts(tx *db.Tx, to web.Addressee, notes []note) (marks directory.Marks, labels map[school.ID]string, err error) {
	if len(notes) == 0 {
		return nil, nil, nil
	}
	children := make([]school.ID, len(notes))
	for i, n := range notes {
		children[i] = n.Child
	}
	if marks, err = directory.MarksOf(tx, to.Printer, children...); err != nil {
		return nil, nil, err
	}
	read, place := directory.PlainClassesByID, audience.Class
	if to.Profile == school.Head {
		read, place = directory.PlainClassesOf, audience.School
	}
	var followed []school.ID
	for _, one := range to.Held.At(tx.Now) {
		if one.Place == place && one.Side == audience.Teaching && one.Of != 0 {
			followed = append(followed, one.Of)
		}
	}
	if to.Profile != school.Head && len(followed) < 2 {
		return marks, nil, nil
	}
	classes, err := read(tx, followed...)
	if len(classes) < 2 {
		return marks, nil, err
	}
	labels = map[school.ID]string{}
	for _, class := range classes {
		labels[class.ID] = class.Label
	}
	return marks, labels, err
}

// told keeps what a guardian tells the school of one of their children, at each place
// where the child is.
func (s *Service) told(r *web.Request) (web.Answer, error) { return s.tells(r, attach.Sent{}) }

// toldAloud keeps what a guardian tells, which they may say aloud.
func (s *Service) toldAloud(r *web.Request) (web.Answer, error) {
	may := func() error {
		children, err := mayTell(r)
		if err == nil && len(children) == 0 {
			err = fail.New(fail.NotFound, "%s tells nothing of anybody", r.Actor.Person)
		}
		return err
	}
	return s.Tray.Upload(r, attach.OneVoice(), may, func(sent attach.Sent) (web.Answer, error) { return s.tells(r, sent) })
}

func (s *Service) tells(r *web.Request, sent attach.Sent) (web.Answer, error) {
	notes, err := typedNote(r, sent)
	if form, again := r.Again(err); again {
		return s.tellPage(r, form)
	}
	if err != nil {
		return nil, err
	}
	already, err := s.instead(r, notes[0])
	if err != nil {
		return nil, err
	}
	if already != nil {
		return web.Redirect{To: already.path(), Notice: "liaison.note-already", Info: true}, nil
	}
	today, err := toldSince(r.Tx, r.Actor.Person, r.Tx.Now.AddDate(0, 0, -1))
	if err == nil && today+len(notes) > mostADay {
		err = fail.New(fail.Conflict, "%s has told %d things today", r.Actor.Person, today).Say("liaison.note-many", mostADay)
	}
	if err != nil {
		return nil, err
	}
	for _, n := range notes {
		if err := tell(r.Tx, r.Printer, n); err != nil {
			return nil, err
		}
		if err := s.addressed(r, actTellNote, n); err != nil {
			return nil, err
		}
	}
	return web.Redirect{To: notes[0].path(), Notice: "liaison.note-sent"}, nil
}

// instead makes place for what is told: it finds what the visitor told that says as much
// already, and takes back what said less of the same days, or what they change. What another
// parent told is theirs: it stays, and keeps nobody from telling it too.
func (s *Service) instead(r *web.Request, n note) (already *note, err error) {
	before, err := notesOf(r.Tx, []school.ID{n.Child}, most)
	if err != nil {
		return nil, err
	}
	before = slices.DeleteFunc(before, func(b note) bool { return b.Author != n.Author })
	changed, _ := school.ParseID(r.PostFormValue("instead"))
	for _, b := range before {
		if b.Withdrawn.IsZero() && b.ID != changed && b.says(n) {
			return &b, nil
		}
	}
	at := slices.IndexFunc(before, func(b note) bool { return b.ID == changed })
	for _, b := range before {
		with := at >= 0 && b.Kind == before[at].Kind && b.Sent.Equal(before[at].Sent) // what one told of a child in two classes
		if b.Withdrawn.IsZero() && (with || n.says(b)) {
			if err := s.takeBack(r, b); err != nil {
				return nil, err
			}
		}
	}
	return nil, nil
}

// covers tells whether a note is about the days, and the hour, that another of the same child
// is about, or more of them. Their texts are not read: they may be of two parents.
func (n note) covers(o note) bool {
	return n.Kind != appointment && n.Kind == o.Kind && !n.From.After(o.From) && !n.Until.Before(o.Until) && (o.Hour == "" || n.Hour == o.Hour)
}

// says tells whether a note says what another of the same child and author does, or more.
func (n note) says(o note) bool {
	return n.covers(o) && (o.Body == "" || n.Body == o.Body) && (o.Voice.None() || n.Voice.Sum == o.Voice.Sum)
}

// repeats tells whether a note says no more than another of the same child and class, which
// another parent told: days that this one has, without a word. Of two that say the same, the
// later one repeats the first.
func (n note) repeats(o note) bool {
	bare := func(n note) bool { return n.Body == "" && n.Voice.None() }
	return n.Child == o.Child && n.Class == o.Class && n.Author != o.Author && n.Withdrawn.IsZero() && o.Withdrawn.IsZero() &&
		o.covers(n) && bare(n) && (n.ID > o.ID || !n.covers(o) || !bare(o))
}

// once leaves out of some notes, for the school, those that repeat another of them: not one that
// came after the other was noted, as long as it waits.
func once(notes []note) (kept []note) {
	for _, n := range notes {
		if !slices.ContainsFunc(notes, func(o note) bool { return n.repeats(o) && (o.Seen.IsZero() || !n.Seen.IsZero()) }) {
			kept = append(kept, n)
		}
	}
	return kept
}

// typedNote reads what is told: a note for each class of the child.
func typedNote(r *web.Request, sent attach.Sent) (notes []note, err error) {
	id, err := r.FormID("child")
	if err != nil {
		return nil, err
	}
	children, err := mayTell(r)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(children, func(c toldChild) bool { return c.ID == id })
	if i < 0 {
		return nil, mayNotTell(r, id)
	}
	n := note{Child: id, Author: r.Actor.Person, Kind: noteKind(r.PostFormValue("kind")), Sent: r.Tx.Now}
	if _, known := noteIcons[n.Kind]; !known {
		return nil, fail.New(fail.Invalid, "%q is no kind of note", n.Kind).Say("liaison.note-kind").At("kind")
	}
	if n.Body, err = r.Text("body", maxNote); err != nil {
		return nil, err
	}
	if n.Voice = sent.Voice(); sent.Wrong != nil {
		return nil, sent.Wrong
	}
	if err = n.readDays(r); err != nil {
		return nil, err
	}
	for _, at := range children[i].At {
		n.ID, n.School, n.Class = school.NewID(r.Tx.Now), at.School, at.Class
		notes = append(notes, n)
	}
	return notes, nil
}

// readDays reads the days that a note is about.
func (n *note) readDays(r *web.Request) (err error) {
	if n.Kind == appointment {
		if n.Body == "" && n.Voice.None() {
			return fail.New(fail.Invalid, "an appointment about nothing").Say("liaison.note-why").At("body")
		}
		return nil
	}
	today := school.DayOf(r.Tx.Now)
	if n.From, err = r.Day("from"); err != nil {
		return err
	}
	if n.From.IsZero() {
		n.From = today
	}
	if n.Until, err = r.Day("until"); err != nil {
		return err
	}
	if n.Until.IsZero() || n.Kind == late {
		n.Until = n.From
	}
	switch {
	case n.From.Before(today.AddDate(0, 0, -behindMost)):
		return fail.New(fail.Invalid, "an absence from %s on", n.From).Say("liaison.note-past", behindMost).At("from")
	case n.From.After(today.AddDate(0, 0, aheadMost)):
		return fail.New(fail.Invalid, "an absence from %s on", n.From).Say("liaison.note-far").At("from")
	case n.Until.Before(n.From):
		return fail.New(fail.Invalid, "an absence until %s", n.Until).Say("liaison.note-ends").At("until")
	case n.Until.After(n.From.AddDate(0, 0, absenceMost)):
		return fail.New(fail.Invalid, "an absence until %s", n.Until).Say("liaison.note-long", absenceMost).At("until")
	}
	if n.Kind != late {
		return nil
	}
	n.Hour, err = r.Clock("hour")
	return err
}
