package register

import (
	"preau/core/ui"
	"preau/core/web"
)

// askView is an act that cannot be undone, with what it does, in sentences.
type askView struct {
	Title, Lead  string
	Crumb        []ui.Link
	What         []string
	Action, Back string // where it is done, and where one goes who does not
	Button       string
}

// asked is what the form sends of who has read them.
const asked = "1"

// confirmed tells whether the visitor has read what the act does.
func confirmed(r *web.Request) bool { return r.PostFormValue("confirm") == asked }
