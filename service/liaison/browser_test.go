package liaison_test

import (
	"net/url"
	"slices"
	"testing"

	"preau/core/school"
	"preau/test/browser"
	"preau/test/house"
)

func TestMain(m *testing.M) { browser.Main(m) }

// Every screen is right at the width of a telephone and of a desk, in light and in dark.
func TestScreens(t *testing.T) {
	browser.Open(t)
	h := onSQLite(t)
	f := h.two()
	teacher, mother, head := h.Enter(f.teacher, school.Teacher), h.Enter(f.mother, school.Guardian), h.Enter(h.Head(h.near[0]), school.Head)
	writing := "/liaison/new/class/" + f.class.String()
	word := publish(teacher, f.class, outing(f.class), shot(t, 1200, 800), shot(t, 800, 1200))
	choice := outing(f.class)
	choice.Set("title", "Réunion de rentrée")
	choice.Set("asks", "choice")
	choice.Set("choices", "mardi à 18 h\njeudi à 18 h\nnous ne pourrons pas venir")
	choice.Set("category", "meeting")
	meeting := publish(teacher, f.class, choice)
	read := url.Values{"to": {to(f.class)}, "title": {"Demain, apportez des bottes"}, "body": {"La cour est mouillée."}, "asks": {"read"}, "category": {"material"}}
	boots := publish(teacher, f.class, read)
	mother.Post(word+"/answer", url.Values{"child": {f.pupil.String()}, "answer": {"yes"}})
	teacher.Post(boots+"/cancel", url.Values{"why": {"Il fera beau."}})
	form := today(f.pupil)
	form.Set("body", "Elle a de la fièvre.")
	note := tells(mother, teacher, form)
	teacher.Post(note+"/seen", url.Values{"reply": {"Bon rétablissement !"}})
	waiting := tells(mother, teacher, url.Values{"child": {f.pupil.String()}, "kind": {"appointment"}, "body": {"Pour parler de la lecture, un mardi soir."}})
	for name, screen := range map[string]struct {
		house.Visitor
		path string
	}{
		"home-parent":   {mother, "/"},
		"list-parent":   {mother, "/liaison/"},
		"answered":      {mother, word},
		"choose-answer": {mother, meeting},
		"cancelled":     {mother, boots},
		"list-teacher":  {teacher, "/liaison/"},
		"write":         {teacher, writing},
		"word-teacher":  {teacher, word},
		"follow":        {teacher, word + "/follow"},
		"amend":         {teacher, word + "/amend"},
		"cancel":        {teacher, word + "/cancel"},
		"choose-head":   {head, "/liaison/new"},
		"tell":          {mother, "/liaison/tell"},
		"note-parent":   {mother, note},
		"note-teacher":  {teacher, waiting},
		"notes":         {teacher, "/liaison/notes"},
		"home-teacher":  {teacher, "/"},
		"catalogue":     {head, "/services/" + h.near[0].String()},
		"tiles":         {mother, "/me/tiles"},
		"list-head":     {head, "/liaison/"},
	} {
		t.Run(name, func(t *testing.T) {
			v := screen.In(t)
			for _, view := range []browser.View{{Width: browser.Phone}, {Width: browser.Desk, Dark: name == "follow"}} {
				p := v.Page(view)
				p.Goto(h.URL + screen.path)
				p.Check()
				p.Shot("liaison-" + name)
			}
		})
	}
}

// A word is read aloud by a voice of the device, or by none.
func TestAWordIsReadAloud(t *testing.T) {
	h := onSQLite(t)
	f := h.two()
	word := publish(h.Enter(f.teacher, school.Teacher), f.class, outing(f.class))
	p := h.Enter(f.mother, school.Guardian).Page(browser.View{Width: browser.Phone})
	p.Voice()
	p.Goto(h.URL + word)
	p.Click("[data-listen]")
	if got, want := p.Said(), []string{"Sortie au musée", "Nous partons à 9 h."}; !slices.Equal(got, want) {
		t.Errorf("it says %q, want %q", got, want)
	}
}
