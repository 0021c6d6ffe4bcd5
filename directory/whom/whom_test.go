package whom_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"preau/core/audience"
	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory/whom"
	"preau/test/house"
	"preau/test/village"
)

const see rights.Right = "yard.see"

// yard asks for whom something is, and says who reads.
type yard struct{}

func (yard) Card() web.Card {
	return web.Card{Name: "yard", Title: "web.home", Icon: ui.IconHome, For: []school.Profile{school.Head, school.Teacher}}
}

func (yard) Rights() rights.Table {
	return rights.Table{see: {school.Head: rights.Schools, school.Teacher: rights.Classes}}
}

func (yard) Mount(m *web.Mux) {
	m.Get("/class/{class}", see, func(r *web.Request) (web.Answer, error) {
		at, err := whom.At(r, see)
		if err != nil {
			return nil, err
		}
		places, err := whom.Places(r, see)
		if err != nil {
			return nil, err
		}
		q := whom.Question{Path: r.URL.Path, Place: at, Among: at.Among(places)}
		if whom.Asks(r) {
			return whom.Tell(r, q.Reading(r))
		}
		to, err := q.Read(r, r.URL.Query())
		if err != nil {
			return nil, err
		}
		sentence, err := whom.Sentence(r, to...)
		return web.Text{Body: sentence}, err
	})
	m.Get("/names", see, func(r *web.Request) (web.Answer, error) {
		var to []audience.Audience
		for _, id := range r.URL.Query()["to"] {
			a, err := audience.Parse(audience.ID(id))
			if err != nil {
				return nil, err
			}
			to = append(to, a)
		}
		names, err := whom.Names(r, to...)
		return web.Text{Body: names}, err
	})
	m.Get("/circles/{school}", see, func(r *web.Request) (web.Answer, error) {
		at, err := whom.At(r, see)
		if err != nil {
			return nil, err
		}
		chosen, err := whom.ReadCircles(r.URL.Query())
		if err != nil {
			return nil, err
		}
		names, err := whom.Names(r, whom.Around(audience.School, at.School.ID, chosen...)...)
		return web.Text{Body: names}, err
	})
}

// Who publishes reads in words for whom: all the families of a class, some of them, several classes;
// an answer that the form does not offer is no answer, whatever the address says.
func TestForWhom(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := house.New(t, d, whom.Words)
		h.Feed(h.Deliver(village.Options{Schools: 5, Seed: 7, Date: dbtest.Noon}))
		h.Serve(web.Config{Services: []web.Service{yard{}}})
		near, far := h.Schools()
		at := near[0]
		classes, elsewhere := h.Classes(at), h.Classes(far[0])[0]
		class, pupils := classes[0], h.Pupils(classes[0].ID)
		teacher := h.Teachers(at)[0]
		h.Attach(class.ID, teacher)
		head, teaching := h.Enter(h.Head(at), school.Head), h.Enter(teacher, school.Teacher)
		families := func(id school.ID) string {
			return string(audience.Audience{Place: audience.Class, Of: id, Side: audience.Families}.ID())
		}
		family := func(id school.ID) string { return string(audience.Audience{Place: audience.Family, Of: id}.ID()) }
		path := "/yard/class/" + class.ID.String()
		for name, c := range map[string]struct {
			as     house.Visitor
			path   string
			sent   url.Values
			status int
			says   []string
		}{
			"the families of the class": {teaching, path, url.Values{"to": {families(class.ID)}}, http.StatusOK, []string{"Les familles de", class.Label, strconv.Itoa(len(pupils)) + " enfants"}},
			"one family":                {teaching, path, url.Values{"family": {pupils[0].ID.String()}}, http.StatusOK, []string{pupils[0].First}},
			"two families, as a form remembers them": {
				teaching, path, url.Values{"to": {family(pupils[0].ID) + "," + family(pupils[1].ID)}}, http.StatusOK, []string{pupils[0].First, pupils[1].First},
			},
			"all the classes": {head, path, url.Values{"class": {classes[0].ID.String(), classes[1].ID.String()}}, http.StatusOK, []string{classes[0].Label, classes[1].Label}},

			"nobody":                            {teaching, path, nil, http.StatusUnprocessableEntity, nil},
			"another class":                     {teaching, path, url.Values{"to": {families(elsewhere.ID)}}, http.StatusNotFound, nil},
			"a class that is not the teacher's": {teaching, path, url.Values{"class": {classes[1].ID.String()}}, http.StatusNotFound, nil},
			"a family of another class":         {teaching, path, url.Values{"family": {h.Pupils(elsewhere.ID)[0].ID.String()}}, http.StatusUnprocessableEntity, nil},
			"a level that the class has not":    {teaching, path, url.Values{"to": {string(audience.Audience{Place: audience.Class, Of: class.ID, Side: audience.Families, Level: "9999"}.ID())}}, http.StatusNotFound, nil},
			"families and classes at once":      {head, path, url.Values{"family": {pupils[0].ID.String()}, "class": {class.ID.String()}}, http.StatusUnprocessableEntity, nil},
			"from a class that is not theirs":   {teaching, "/yard/class/" + elsewhere.ID.String(), url.Values{"to": {families(elsewhere.ID)}}, http.StatusNotFound, nil},

			"while one chooses, nobody yet": {teaching, path, url.Values{"who": {""}}, http.StatusOK, []string{"Choisissez"}},
			"while one chooses":             {teaching, path, url.Values{"who": {""}, "to": {families(class.ID)}}, http.StatusOK, []string{"Les familles de"}},

			"circles of the school":     {head, "/yard/circles/" + at.String(), url.Values{"to": {"team", "families"}}, http.StatusOK, []string{"Les familles et l’équipe"}},
			"no circle of the school":   {head, "/yard/circles/" + at.String(), url.Values{"to": {"nobody"}}, http.StatusUnprocessableEntity, nil},
			"four families are a count": {head, "/yard/names", url.Values{"to": {family(1), family(2), family(3), family(4)}}, http.StatusOK, []string{"4 familles"}},
			"a class that is no more":   {head, "/yard/names", url.Values{"to": {families(7)}}, http.StatusOK, []string{"classe"}},
		} {
			t.Run(name, func(t *testing.T) {
				reply := c.as.In(t).Get(c.path + "?" + c.sent.Encode())
				if reply.StatusCode != c.status {
					t.Errorf("%d, want %d: %.200s", reply.StatusCode, c.status, reply.Text())
				}
				for _, says := range c.says {
					if !strings.Contains(reply.Text(), says) {
						t.Errorf("%q does not say %q", reply.Text(), says)
					}
				}
			})
		}
	}, house.Schemas()...)
}
