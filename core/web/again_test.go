package web_test

import (
	"maps"
	"net/http"
	"testing"

	"preau/core/web"
)

// Who is frozen, signed out, or of another function while their file comes writes nothing.
func TestWhoWritesIsAskedForAgain(t *testing.T) {
	head := people["head"]
	frozen := head
	frozen.ReadOnly = true
	t.Cleanup(func() { delete(people, "late") })
	for name, x := range map[string]struct {
		becomes map[string]web.Visitor
		status  int
		to      string
		notes   string
	}{
		"frozen":           {map[string]web.Visitor{"late": frozen}, http.StatusServiceUnavailable, "", ""},
		"signed out":       {nil, http.StatusSeeOther, "/login", ""},
		"another function": {map[string]web.Visitor{"late": people["teacher"]}, http.StatusNotFound, "", ""},
		"the same":         {map[string]web.Visitor{"late": head}, http.StatusSeeOther, "/yard/", "encore, tard"},
	} {
		h := open(t, func(c *web.Config) {
			c.Hall = append(c.Hall, room(func(m *web.Mux) {
				m.Post("/late", "yard.write", func(r *web.Request) (web.Answer, error) {
					delete(people, "late") // while the file comes
					maps.Copy(people, x.becomes)
					for _, text := range []string{"tard", "encore"} {
						err := r.Write(func() error {
							_, err := r.Tx.Exec("INSERT INTO yard_note (text) VALUES ($1)", text)
							return err
						})
						if err != nil {
							return nil, err
						}
					}
					return web.Redirect{To: "/yard/"}, nil
				}, web.NoTx)
			}))
		})
		people["late"] = head
		got := h.post("/late", nil, as("late"))
		if got.StatusCode != x.status || got.Header.Get("Location") != x.to || h.notes() != x.notes {
			t.Errorf("%s: %d to %q, and %q is written", name, got.StatusCode, got.Header.Get("Location"), h.notes())
		}
	}
}
