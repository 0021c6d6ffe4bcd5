package whom

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"preau/core/audience"
	"preau/core/fail"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
)

// Circle is one of those to whom a school, or the schools of a commune, speak.
type Circle string

// The circles.
const (
	Families Circle = "families"
	Pupils   Circle = "pupils"
	Team     Circle = "team" // who teaches, and whoever else works there
)

// circles are all of them, in the order of forms and of sentences, each with its sides.
var circles = []struct {
	Circle
	sides []audience.Side
}{
	{Families, []audience.Side{audience.Families}},
	{Pupils, []audience.Side{audience.Pupils}},
	{Team, []audience.Side{audience.Teaching, audience.SchoolStaff}},
}

// Around lists the audiences of some circles of a school or of a commune.
func Around(place audience.Place, of school.ID, chosen ...Circle) (all []audience.Audience) {
	for _, c := range circles {
		if !slices.Contains(chosen, c.Circle) {
			continue
		}
		for _, side := range c.sides {
			all = append(all, audience.Audience{Place: place, Of: of, Side: side})
		}
	}
	return all
}

// PickCircles asks for which circles of a place something is, with how many each has, and
// says who they are together. Those that are given are chosen already, unless the form
// answered.
func PickCircles(r *web.Request, place audience.Place, of school.ID, form web.Form, chosen ...Circle) (q ui.Choices, err error) {
	q = ui.Choices{Name: fieldTo, Legend: r.Say("whom.legend"), Many: true, Error: form.Error(fieldTo)}
	everybody := Around(place, of, Families, Pupils, Team)
	if q.Hint, err = Sentence(r, everybody...); err != nil {
		return q, err
	}
	for _, c := range circles {
		n, err := r.Audiences().Count(r.Tx, Around(place, of, c.Circle)...)
		if err != nil {
			return q, err
		}
		count := r.Say("whom.people", n.People)
		if c.Circle == Families {
			count = r.Say("whom.count", n.People, r.Say("whom.children", n.Children))
		}
		selected := slices.Contains(chosen, c.Circle)
		if form.Filled() {
			selected = form.Chosen(fieldTo, string(c.Circle))
		}
		q.Options = append(q.Options, ui.Option{Value: string(c.Circle), Label: first(r.Say("whom.circle-" + string(c.Circle))), Hint: count, Selected: selected})
	}
	return q, nil
}

// ReadCircles reads the answer to [PickCircles]: one circle at least.
func ReadCircles(r *web.Request) (chosen []Circle, err error) {
	for _, c := range circles {
		if slices.Contains(r.PostForm[fieldTo], string(c.Circle)) {
			chosen = append(chosen, c.Circle)
		}
	}
	if len(chosen) == 0 {
		return nil, fail.New(fail.Invalid, "for no circle").Say("whom.choose").At(fieldTo)
	}
	return chosen, nil
}

// circled says who the sides of a place are: "les familles, les élèves et l’équipe".
func circled(r *web.Request, sides []audience.Side) string {
	var names []string
	for _, c := range circles {
		if slices.ContainsFunc(c.sides, func(s audience.Side) bool { return slices.Contains(sides, s) }) {
			names = append(names, r.Say("whom.circle-"+string(c.Circle)))
		}
	}
	if last := len(names) - 1; last > 0 {
		return r.Say("whom.and", strings.Join(names[:last], ", "), names[last])
	}
	return strings.Join(names, "")
}

// first writes a text with a capital at its beginning.
func first(text string) string {
	letter, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(letter)) + text[size:]
}
