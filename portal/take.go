package portal

import (
	"archive/zip"
	"cmp"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"preau/account"
	"preau/core/audit"
	"preau/core/db"
	"preau/core/i18n"
	"preau/core/personal"
	"preau/core/rich"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
)

// leavingView is the one page of whoever has departed.
type leavingView struct {
	Hello    string
	Left     directory.Departure
	Children []string // who left with them, and whose things they take too
	Call     []ui.Contact
	Factor   bool // what they confirm with is asked for elsewhere
	Form     web.Form
}

// departedHome is the page where one takes one's things.
func (p *Portal) departedHome(r *web.Request) (templ.Component, error) {
	return p.leavingBody(r, web.Form{})
}

func (p *Portal) leavingBody(r *web.Request, form web.Form) (templ.Component, error) {
	left, err := directory.DepartureOf(r.Tx, r.Actor.Person)
	if err != nil {
		return nil, err
	}
	v := leavingView{Hello: greeted(r), Left: left, Form: form}
	children, err := directory.LeftWith(r.Tx, r.Actor.Person)
	if err != nil {
		return nil, err
	}
	places := []school.ID{left.Last}
	for _, child := range children {
		v.Children = append(v.Children, child.First)
		with, err := directory.DepartureOf(r.Tx, child.ID)
		if err != nil {
			return nil, err
		}
		places = append(places, with.Last)
	}
	at, err := directory.StructuresByID(r.Tx, places...)
	if err != nil {
		return nil, err
	}
	for _, s := range at {
		if s.Kind == directory.School {
			v.Call = append(v.Call, schoolContact(r, s))
		}
	}
	v.Factor, err = account.HasFactor(r.Tx, r.Actor.Person)
	return leavingPage(v), err
}

// leftSince says since when one is nothing here any more, and where.
func leftSince(ctx context.Context, v leavingView) string {
	since := i18n.From(ctx).Date(v.Left.At.In(school.Paris))
	if v.Left.Place == "" {
		return i18n.Say(ctx, "portal.left-since", since)
	}
	return i18n.Say(ctx, "portal.left-place-since", v.Left.Place, since)
}

// lastDay is the last one on which things may be taken.
func lastDay(ctx context.Context, v leavingView) string {
	return i18n.From(ctx).Date(school.LastDay(v.Left.Until()))
}

// take gives who has departed what the portal holds about them, and about the
// children who left with them, once they have proved again who they are.
func (p *Portal) take(r *web.Request) (web.Answer, error) {
	if err := p.confirm(r); err != nil {
		form, again := r.Again(err)
		if !again {
			return nil, err
		}
		page := web.Page{Title: r.Say("portal.home"), Status: form.Status()}
		err := r.Read(func() (err error) {
			page.Body, err = p.leavingBody(r, form)
			return err
		})
		return page, err
	}
	var all []belongings
	err := r.Write(func() (err error) {
		all, err = p.gather(r)
		return err
	})
	if err != nil {
		return nil, err
	}
	// It is packed once the transaction is over: nobody waits for the only writer meanwhile.
	return web.Streamed{Name: r.Say("portal.take-file") + ".zip", Type: "application/zip", Write: func(w io.Writer) error { return pack(r, w, all) }}, nil
}

// confirm asks for the password of whoever has nothing else to prove who they are
// with; a second factor was asked for before, by [web.StepUp].
func (p *Portal) confirm(r *web.Request) error {
	var session account.Session
	err := r.Read(func() (err error) {
		session, err = p.Accounts.Resolve(r.Tx, r.Token())
		return err
	})
	if err != nil || session.Factor {
		return err
	}
	opened, err := p.Accounts.ProvePassword(r.Context(), r.Token(), r.PostFormValue("password"), account.OriginOf(r))
	if err == nil {
		r.SetSession(opened.Token, keptUntil(opened))
	}
	return err
}

// gather reads what the visitor takes, about themself first, and journals it about
// each person whom it is about.
func (p *Portal) gather(r *web.Request) (all []belongings, err error) {
	children, err := directory.LeftWith(r.Tx, r.Actor.Person)
	if err != nil {
		return nil, err
	}
	me, err := directory.Get(r.Tx, r.Actor.Person)
	if err != nil {
		return nil, err
	}
	for i, who := range append([]directory.Someone{me}, children...) {
		as, folder := personal.Oneself, ""
		if i > 0 {
			as, folder = personal.Guardians, fmt.Sprintf("%s-%d/", r.Say("portal.take-child"), i)
		}
		rows, err := personal.Taken(r.Tx, p.Stewards, who.ID, as)
		if err != nil {
			return nil, err
		}
		b := belongings{Who: who, Folder: folder, Made: r.Tx.Now, Words: r.Printer, Rows: rows}
		if p.Carries != nil {
			if b.Files, err = p.Carries(r.Tx, who.ID); err != nil {
				return nil, err
			}
		}
		if err := b.spell(r.Tx); err != nil {
			return nil, err
		}
		all = append(all, b)
		if err := p.Accounts.Log.Write(r.Tx, audit.Entry{
			By: audit.By{Actor: me.ID, Profile: r.Actor.Profile, Request: r.ID}, Action: account.ActTake, Kind: "person", Object: who.ID, Subject: who.ID,
		}); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// pack puts in one file what was gathered.
func pack(r *web.Request, w io.Writer, all []belongings) error {
	file := zip.NewWriter(w)
	for _, b := range all {
		if err := b.write(r, file); err != nil {
			return err
		}
	}
	return file.Close()
}

// belongings are what is taken about one person.
type belongings struct {
	Who    directory.Someone
	Folder string // of the archive: "enfant-1/", or none
	Made   time.Time
	Words  i18n.Printer
	Rows   []personal.Row
	Files  []personal.Carried
}

//go:embed take.css
var belongingsCSS string

// belongingsStyle is within the file itself: it is opened from a folder, where nothing
// else is, and no policy of the portal's goes with it.
func belongingsStyle() templ.Component { return templ.Raw("<style>" + belongingsCSS + "</style>") }

// spell writes the names of schools and classes where rows have their keys, and
// instants where they have numbers.
func (b belongings) spell(tx *db.Tx) error {
	for _, row := range b.Rows {
		for key, as := range places {
			id, has := row.Values[key].(int64)
			if !has {
				continue
			}
			delete(row.Values, key)
			name, err := directory.PlaceName(tx, school.ID(id))
			if err != nil {
				return err
			}
			if name != "" {
				row.Values[as] = name
			}
		}
		if stem, has := row.Values["stem"].(string); has {
			number, _ := row.Values["number"].(int64)
			row.Values["stem"] = account.Login{Stem: stem, Number: int(number)}.String()
		}
		for column, value := range row.Values {
			if at, ok := value.(int64); ok && (column == "at" || strings.HasSuffix(column, "_at")) {
				row.Values[column] = time.UnixMilli(at).In(school.Paris)
			}
		}
	}
	return nil
}

// places are the columns that hold the key of a place, and what its name is said as.
var places = map[string]string{"school_id": "school", "structure_id": "school", "class_id": "class"}

// carry adds the files that are somebody's own, in their folders and with their dates.
func (b belongings) carry(r *web.Request, file *zip.Writer) error {
	for _, f := range b.Files {
		w, err := file.CreateHeader(&zip.FileHeader{Name: b.Folder + r.Say("portal.take-files") + "/" + f.Path, Method: zip.Store, Modified: f.Modified})
		if err != nil {
			return err
		}
		content, err := f.Open(r.Context())
		if err != nil {
			return err
		}
		_, err = io.Copy(w, content)
		if err := errors.Join(err, content.Close()); err != nil {
			return err
		}
	}
	return nil
}

// write adds the two files of somebody to the archive: one to read, and one for
// programs, which holds all.
func (b belongings) write(r *web.Request, file *zip.Writer) error {
	add := func(name string, write func(io.Writer) error) error {
		w, err := file.CreateHeader(&zip.FileHeader{Name: b.Folder + name, Method: zip.Deflate, Modified: b.Made})
		if err == nil {
			err = write(w)
		}
		return err
	}
	name := r.Say("portal.take-file")
	err := add(name+".html", func(w io.Writer) error { return belongingsPage(b).Render(i18n.With(r.Context(), b.Words), w) })
	if err != nil {
		return err
	}
	if err := b.carry(r, file); err != nil {
		return err
	}
	return add(name+".json", func(w io.Writer) error {
		tables := map[string][]map[string]any{}
		for _, row := range b.Rows {
			tables[row.Table] = append(tables[row.Table], row.Values)
		}
		encoder := json.NewEncoder(w)
		encoder.SetIndent("", "  ")
		return encoder.Encode(struct {
			Name   string                      `json:"name"`
			Made   time.Time                   `json:"made"`
			Tables map[string][]map[string]any `json:"tables"`
		}{b.Who.Name(), b.Made, tables})
	})
}

// shelf is one table of what is taken, in words.
type shelf struct {
	Title string
	Lines [][]line // one list a row
}

// line is one thing that a row says.
type line struct{ Term, Text string }

// shelves are the tables that people read: who they are, then what they are where,
// and the journal last. What has no words is in the file for programs only.
func (b belongings) shelves() (all []shelf) {
	rows := slices.Clone(b.Rows)
	slices.SortStableFunc(rows, func(x, y personal.Row) int { return cmp.Compare(rankOf(x.Table), rankOf(y.Table)) })
	last := ""
	for _, row := range rows {
		var lines []line
		for _, column := range readable {
			if text := b.told(column, row.Values[column]); text != "" {
				lines = append(lines, line{b.say("personal.held-" + column), text})
			}
		}
		if len(lines) == 0 {
			continue
		}
		if row.Table != last {
			last = row.Table
			all = append(all, shelf{Title: b.say("personal.table-" + row.Table)})
		}
		all[len(all)-1].Lines = append(all[len(all)-1].Lines, lines)
	}
	return all
}

// firstTables are those that people read first, in this order; the journal is long.
var firstTables = []string{
	"directory_person", "directory_enrolment", "directory_membership", "directory_bond", "directory_function", "directory_grant", "account_account",
}

// rankOf is where a table comes among those that people read.
func rankOf(table string) int {
	if i := slices.Index(firstTables, table); i >= 0 {
		return i
	}
	if table == "audit_entry" {
		return len(firstTables) + 1
	}
	return len(firstTables)
}

// readable are the columns that people read, in this order.
var readable = []string{
	"civility", "first_name", "other_names", "usual_name", "birth_name", "birth_date", "ine", "name", "mail", "home_phone", "mobile_phone", "work_phone",
	"phone", "address", "postal_code", "town", "country", "stem", "profile", "role", "school", "class", "level_label", "label", "days", "reason",
	"canteen", "transport", "morning_care", "evening_care", "study", "action", "at", "agent", "ip", "from_at", "until_at", "activated_at", "password_at", "created_at",
	"seen_at", "made_at", "used_at", "title", "body", "event_at", "event_place", "answer", "published_at", "answered_at", "read_at", "done_at",
}

// hours are the columns of instants whose hour is told with the day.
var hours = []string{"at", "seen_at", "used_at"}

// told says a value as people read it; empty for what says nothing.
func (b belongings) told(column string, value any) string {
	switch v := value.(type) {
	case time.Time:
		if slices.Contains(hours, column) {
			return b.Words.Moment(v, time.Time{}) // it is read for years: not "yesterday"
		}
		return b.Words.Date(v)
	case bool:
		if v {
			return b.say("portal.take-yes")
		}
		return ""
	case string:
		switch {
		case v == "":
			return ""
		case column == "birth_date":
			if born, err := time.Parse(time.DateOnly, v); err == nil {
				return b.Words.Date(born)
			}
		case column == "agent":
			if browser, system := account.BrowserOf(v); system != "" {
				return b.say("account.browser-on", browser, system)
			}
		case column == "profile":
			return profileLabel(b.Words, school.Profile(v), b.Who.Civility)
		case column == "action":
			if action := audit.Action(v); account.Reads(action) {
				return b.known(account.ActKey(audit.Act{Action: action}))
			}
			return ""
		case column == "body":
			return rich.Load(v).Plain()
		case column == "answer": // a word of the program, or one's own
			return cmp.Or(b.known("liaison.answer-"+v), v)
		case column == "role":
			return b.known("portal.take-role-"+v, "directory.role-"+v)
		}
		return v
	}
	return ""
}

// known says the first key that has words; nothing when none has.
func (b belongings) known(keys ...string) string {
	for _, key := range keys {
		if b.Words.Has(key) {
			return b.say(key)
		}
	}
	return ""
}

func (b belongings) say(key string, args ...any) string {
	return b.Words.Say(key, args...)
}
