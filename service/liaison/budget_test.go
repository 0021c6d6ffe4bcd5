package liaison_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"testing"

	"preau/core/school"
	"preau/test/house"
)

// counted gives how many statements each request asked of the database, as the log says.
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
	c <- one
	return nil
}

// A follow-up, its spreadsheet and its talons ask the database as much of a word to one family as
// of one to a whole class, whatever was answered.
func TestAFollowUpAsksTheSameForOneAndForMany(t *testing.T) {
	asks := make(counted, 1000)
	h := newTown(fed.SQLite(t), slog.New(asks))
	f := h.two()
	teacher, mother, father := h.Enter(f.teacher, school.Teacher), h.Enter(f.mother, school.Guardian), h.Enter(f.father, school.Guardian)
	form := outing(f.class)
	form.Set("each", "person")
	many := publish(teacher, f.class, form)
	form.Del("to")
	form["family"] = []string{f.pupil.String()}
	one := publish(teacher, f.class, form)
	pupils := h.Pupils(f.class)
	for _, word := range []string{one, many} {
		for _, answer := range []string{"no", "yes"} {
			mother.Post(word+"/answer", url.Values{"child": {f.pupil.String()}, "answer": {answer}}).Wants(http.StatusSeeOther)
		}
		teacher.Post(word+"/paper", url.Values{"slip": {h.token(word, f.pupil, f.mother)}, "answer-0": {"no"}}).Wants(http.StatusSeeOther)
	}
	father.Post(many+"/answer", url.Values{"child": {f.pupil.String()}, "answer": {"yes"}}).Wants(http.StatusSeeOther)
	if len(pupils) < 10 {
		t.Fatalf("a class of %d", len(pupils))
	}
	count := func(route string, ask func() house.Reply) (n int64) {
		t.Helper()
		for range 2 { // what is read once, or written once a day, is in the first
			ask().Wants(http.StatusOK)
			one := <-asks
			for one.route != route {
				one = <-asks
			}
			n = one.statements
		}
		return n
	}
	for route, ask := range map[string]func(word string) house.Reply{
		"GET /liaison/word/{word}/follow":     func(word string) house.Reply { return teacher.Get(word + "/follow") },
		"GET /liaison/word/{word}/follow.csv": func(word string) house.Reply { return teacher.Get(word + "/follow.csv") },
		"POST /liaison/word/{word}/slips":     func(word string) house.Reply { return teacher.Post(word+"/slips", url.Values{"who": {"all"}}) },
	} {
		alone, all := count(route, func() house.Reply { return ask(one) }), count(route, func() house.Reply { return ask(many) })
		if alone == 0 || all > alone {
			t.Errorf("%s asks %d statements of one family, and %d of %d", route, alone, all, len(pupils))
		}
	}
}
