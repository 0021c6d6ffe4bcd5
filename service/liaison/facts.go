package liaison

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"preau/core/fail"
	"preau/core/i18n"
	"preau/core/ui"
	"preau/core/web"
)

// facts are what a word says that is not told in sentences: pages say it in pictures, in
// the family's language. Nothing of it is stored when there is none.
type facts struct {
	Day      string `json:",omitempty"` // when it takes place: 2026-10-09
	From, To string `json:",omitempty"` // hours: 09:00
	Place    string `json:",omitempty"`
	Bring    []item `json:",omitempty"`
	Pay      int    `json:",omitempty"` // in cents
}

// item is something that a child brings, by the name of its picture.
type item string

// items are all of them, in the order in which they are offered.
var items = []item{
	"backpack", "picnic", "bottle", "cap", "sunscreen", "coat", "umbrella", "boots", "trainers", "slippers", "swimsuit", "books", "frame", "teddy",
}

// The longest name of a place, and the most that a word asks to pay, in cents.
const (
	maxPlace = 80
	maxPay   = 1_000_00
)

func (f facts) empty() bool {
	return f.Day == "" && f.From == "" && f.To == "" && f.Place == "" && len(f.Bring) == 0 && f.Pay == 0
}

// stored writes facts for the database.
func (f facts) stored() (string, error) {
	if f.empty() {
		return "", nil
	}
	text, err := json.Marshal(f)
	return string(text), err
}

// loadFacts reads what [facts.stored] wrote.
func loadFacts(text string) (f facts, err error) {
	if text == "" {
		return f, nil
	}
	if err = json.Unmarshal([]byte(text), &f); err != nil {
		err = fmt.Errorf("liaison: the facts of a word: %w", err)
	}
	return f, err
}

// on is the day of it, its first instant in Paris; zero: none.
func (f facts) on() time.Time {
	at, err := day(f.Day)
	if err != nil {
		return time.Time{}
	}
	return at
}

// readFacts reads the facts of a form.
func readFacts(r *web.Request) (f facts, err error) {
	on, err := r.Day("on")
	if err != nil {
		return f, err
	}
	f.Day = onDay(on)
	if f.From, err = r.Clock("at"); err != nil {
		return f, err
	}
	if f.To, err = r.Clock("back"); err != nil {
		return f, err
	}
	if f.From != "" && f.To != "" && f.To <= f.From {
		return f, fail.New(fail.Invalid, "from %s to %s", f.From, f.To).Say("liaison.fact-hours").At("back")
	}
	if f.Place, err = r.Text("place", maxPlace); err != nil {
		return f, err
	}
	for _, one := range items {
		if slices.Contains(r.PostForm["bring"], string(one)) {
			f.Bring = append(f.Bring, one)
		}
	}
	f.Pay, err = euros(r, "pay")
	return f, err
}

// euros reads a field that holds an amount of money ("5", "12,50"), in cents.
func euros(r *web.Request, field string) (cents int, err error) {
	text, err := r.Text(field, 12)
	if err != nil || text == "" {
		return 0, err
	}
	amount, err := strconv.ParseFloat(strings.ReplaceAll(strings.TrimSuffix(strings.TrimSpace(strings.TrimSuffix(text, "€")), " "), ",", "."), 64)
	if cents = int(amount*100 + 0.5); err != nil || !(amount >= 0 && amount*100 <= maxPay) {
		return 0, fail.New(fail.Invalid, "%q is no amount", text).Say("liaison.fact-pay").At(field)
	}
	return cents, nil
}

// written is an amount as a form shows it: "12,50".
func written(cents int) string {
	if cents == 0 {
		return ""
	}
	return fmt.Sprintf("%d,%02d", cents/100, cents%100)
}

// marks says the facts, each with its picture.
func (f facts) marks(say i18n.Printer, now time.Time) []ui.Mark {
	var marks []ui.Mark
	if on := f.on(); !on.IsZero() {
		marks = append(marks, ui.Mark{Picture: ui.PictureCalendar, Term: say.Say("liaison.fact-when"), Text: say.Day(on, now)})
	}
	switch {
	case f.From != "" && f.To != "":
		marks = append(marks, ui.Mark{Picture: ui.PictureClock, Term: say.Say("liaison.fact-hour"), Text: say.Say("liaison.fact-from-to", said24(say, f.From), said24(say, f.To))})
	case f.From != "":
		marks = append(marks, ui.Mark{Picture: ui.PictureClock, Term: say.Say("liaison.fact-hour"), Text: said24(say, f.From)})
	case f.To != "":
		marks = append(marks, ui.Mark{Picture: ui.PictureClock, Term: say.Say("liaison.fact-back"), Text: said24(say, f.To)})
	}
	if f.Place != "" {
		marks = append(marks, ui.Mark{Picture: ui.PicturePin, Term: say.Say("liaison.fact-where"), Text: f.Place})
	}
	for _, one := range f.Bring {
		marks = append(marks, ui.Mark{Picture: ui.Pictogram(one), Term: say.Say("liaison.fact-bring"), Text: say.Say("liaison.bring-" + string(one))})
	}
	if f.Pay > 0 {
		marks = append(marks, ui.Mark{Picture: ui.PictureMoney, Term: say.Say("liaison.fact-to-pay"), Text: say.Say("liaison.fact-euros", amount(say, f.Pay))})
	}
	return marks
}

// text says the facts in words, where there are no pictures.
func (f facts) text(say i18n.Printer, now time.Time) string {
	var terms []string
	of := map[string][]string{}
	for _, m := range f.marks(say, now) {
		if of[m.Term] == nil {
			terms = append(terms, m.Term)
		}
		of[m.Term] = append(of[m.Term], m.Text)
	}
	for i, term := range terms {
		terms[i] = say.Say("liaison.fact-said", term, strings.Join(of[term], ", "))
	}
	return i18n.Dots(terms...)
}

// said24 says an hour as a language does: "9 h 00", "09:00".
func said24(say i18n.Printer, text string) string {
	at, err := web.ParseClock(text)
	if err != nil {
		return text
	}
	return say.Say("liaison.fact-clock", int(at)/60, fmt.Sprintf("%02d", int(at)%60))
}

// amount says an amount as a language does, without cents where there are none.
func amount(say i18n.Printer, cents int) string {
	if cents%100 == 0 {
		return say.Number(cents / 100)
	}
	return say.Say("liaison.fact-amount", cents/100, fmt.Sprintf("%02d", cents%100))
}

// bringOptions are what a child may have to bring.
func bringOptions(ctx context.Context, chosen func(string) bool) []ui.Option {
	options := make([]ui.Option, len(items))
	for i, one := range items {
		options[i] = ui.Option{
			Value: string(one), Label: i18n.Say(ctx, "liaison.bring-"+string(one)), Picture: ui.Pictogram(one), Selected: chosen(string(one)),
		}
	}
	return options
}
