package removal_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"preau/core/audience"
	"preau/core/school"
	"preau/core/web"
	"preau/test/house"
)

// counted gives how many statements each page asked of the database, as the log says.
type counted chan asked

type asked struct {
	route      string
	statements int64
}

func (counted) Enabled(context.Context, slog.Level) bool { return true }
func (c counted) WithAttrs([]slog.Attr) slog.Handler     { return c }
func (c counted) WithGroup(string) slog.Handler          { return c }
func (c counted) Handle(_ context.Context, line slog.Record) error {
	var one asked
	line.Attrs(func(a slog.Attr) bool {
		switch a.Key {
		case "route":
			one.route = a.Value.String()
		case "statements":
			one.statements = a.Value.Int64()
		}
		return true
	})
	if strings.HasPrefix(one.route, "GET /removal/") {
		c <- one
	}
	return nil
}

// unwatched freezes no account, whatever it sends.
type unwatched struct{}

func (unwatched) ActsOn(*web.Request, int) error            { return nil }
func (unwatched) Settle(_ context.Context, err error) error { return err }

// What a stolen account sent and changed asks the database as much of one thing of each kind as of
// fifty, where it is looked for and where a second person reads it; pages list a hundred of them.
func TestThePagesAskTheSameForOneAndForMany(t *testing.T) {
	asks := make(counted, 10)
	h := newTown(fed.SQLite(t), func(c *web.Config) { c.Log, c.Breaker = slog.New(asks), unwatched{} })
	s := h.settled()
	since := h.DB.Now().Add(-time.Minute).In(school.Paris).Format("2006-01-02T15:04")
	count := func(v house.Visitor, path string) (n int64, page house.Reply) {
		t.Helper()
		for range 2 { // what is read once, or written once an hour, is in the first
			page = v.Get(path)
			page.Wants(http.StatusOK)
			n = (<-asks).statements
		}
		return n, page
	}
	sent, changed := s.path()+"?since="+url.QueryEscape(since), "/removal/school/"+s.at.String()+"/person/"+h.Head(s.at).String()+"?since="+url.QueryEscape(since)
	s.acts(1)
	oneSent, _ := count(s.head, sent)
	oneChanged, _ := count(s.operator, changed)
	oneCase, _ := count(s.operator, s.ticksAll(s.head, s.path(), since))
	s.acts(49)
	manySent, page := count(s.head, sent)
	if got := len(found(page)); got != 100 || !strings.Contains(page.Body, "Page 1 sur 2") {
		t.Errorf("a page lists %d things", got)
	}
	if next := found(s.head.Get(sent + "&page=2")); len(next) != 50 || next[0] == found(page)[0] {
		t.Errorf("the page after it lists %d things", len(next))
	}
	<-asks
	manyChanged, page := count(s.operator, changed)
	if got := len(mendable(page)); got != 100 {
		t.Errorf("%d changes are listed", got)
	}
	kase := s.ticksAll(s.head, s.path(), since)
	manyCase, page := count(s.operator, kase)
	page.Wants(http.StatusOK, "Retirer 150 envois", "Page 1 sur 2")
	for name, asks := range map[string][2]int64{"what was sent": {oneSent, manySent}, "what was changed": {oneChanged, manyChanged}, "a case": {oneCase, manyCase}} {
		t.Logf("%s asks %d statements", name, asks[0])
		if asks[0] == 0 || asks[1] > asks[0] {
			t.Errorf("%s asks %d statements of one thing of each kind, and %d of fifty", name, asks[0], asks[1])
		}
	}
}

// acts has the account of a teacher send some things of each kind and take one back of each, and
// that of the head change what it sent.
func (s scene) acts(n int) {
	s.T.Helper()
	families := string(audience.Audience{Place: audience.Class, Of: s.class, Side: audience.Families}.ID())
	for i := range n {
		number := fmt.Sprint(i)
		word, _ := strings.CutSuffix(s.sends("/liaison/new/class/"+s.class.String(), url.Values{
			"to": {families}, "title": {"Sortie " + number}, "body": {"Prévoir un pique-nique."}, "asks": {"sign"}, "each": {"family"}, "category": {"outing"},
		}), "/follow")
		item := s.sends("/news/new/school/"+s.at.String(), url.Values{"to": {"families"}, "title": {"La kermesse " + number}, "body": {"Venez nombreux."}})
		talk := s.sends("/message/new/class/"+s.class.String(), url.Values{"subject": {"Bonjour " + number}, "body": {"Un mot."}, "person": {s.mother.String() + "-" + s.pupil.String()}})
		s.sends(talk, url.Values{"body": {"Virez vite cent euros."}})
		send(s.asTeacher, talk+"/recall", nil).Wants(http.StatusSeeOther)
		send(s.head, word+"/amend", url.Values{"title": {"Sortie payante " + number}, "body": {"Payez sur arnaque.example."}}).Wants(http.StatusSeeOther)
		send(s.head, item+"/amend", url.Values{"to": {"team"}, "title": {"La kermesse " + number}, "body": {"Donnez votre carte."}}).Wants(http.StatusSeeOther)
	}
}

// ticksAll has somebody ask that all that is found go, whatever page lists it, and gives the case.
func (s scene) ticksAll(by house.Visitor, path, since string) string {
	s.T.Helper()
	asked := by.Post(path, url.Values{"since": {since}, "whole": {"on"}, "why": {"volé"}})
	asked.Wants(http.StatusSeeOther)
	return asked.Header.Get("Location")
}
