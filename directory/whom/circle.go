package whom

import (
	"net/url"
	"slices"
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

// PickCircles asks for which circles something is, among some (nil: all), with how many each
// has, in the audiences that around gives of it (nil: how many is not said). Those that are given are chosen already, unless the form
// answered; path is that of the form, and read reads its answer.
func PickCircles(r *web.Request, path string, around func(Circle) []audience.Audience, among []Circle, form web.Form, read Reading, chosen ...Circle) (v Picker, err error) {
	if !form.Filled() && len(form.Answers()[fieldTo]) == 0 {
		form = web.Begun(Circles(chosen...))
	}
	v.Wholes = ui.Choices{Name: fieldTo, Legend: r.Say("whom.legend"), Many: true, Error: form.Error(fieldTo)}
	for _, c := range circles {
		if among != nil && !slices.Contains(among, c.Circle) {
			continue
		}
		count := ""
		if around != nil {
			if count, err = counted(r, around(c.Circle)...); err != nil {
				return v, err
			}
		}
		v.Wholes.Options = append(v.Wholes.Options, ui.Option{
			Value: string(c.Circle), Label: first(r.Say("whom.circle-" + string(c.Circle))), Hint: count, Selected: form.Chosen(fieldTo, string(c.Circle)),
		})
	}
	v.Seen, err = Readers(r, path, form, read)
	return v, err
}

// Circles is the answer of some circles to [PickCircles].
func Circles(chosen ...Circle) url.Values {
	answer := url.Values{}
	for _, c := range chosen {
		answer.Add(fieldTo, string(c))
	}
	return answer
}

// ReadCircles reads the answer to [PickCircles]: one circle at least.
func ReadCircles(sent url.Values) (chosen []Circle, err error) {
	for _, c := range circles {
		if slices.Contains(sent[fieldTo], string(c.Circle)) {
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
	return ui.And(r.Printer, names...)
}

// first writes a text with a capital at its beginning.
func first(text string) string { return began(text, unicode.ToUpper) }

// began writes a text with another letter at its beginning.
func began(text string, as func(rune) rune) string {
	letter, size := utf8.DecodeRuneInString(text)
	return string(as(letter)) + text[size:]
}
