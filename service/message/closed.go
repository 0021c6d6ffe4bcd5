package message

import (
	"slices"

	"preau/core/fail"
	"preau/core/school"
	"preau/core/web"
)

// closed is why nothing new is written now by the visitor, in a school; empty: it is.
type closed struct {
	Why  string
	Said bool // above every page of the service
}

// closedAt reads it.
func closedAt(r *web.Request, at school.ID) (c closed, err error) {
	err = going(r, at)
	if form, is := r.Again(err); is {
		return closed{form.Wrong(), saidShut(r)}, nil
	}
	return c, err
}

// saidShut tells whether every page of the service says that nothing is written there.
func saidShut(r *web.Request) bool {
	return slices.ContainsFunc(r.Shut, func(s web.Shut) bool { return s.Service == room })
}

// keptAside keeps what the visitor wrote at an address as a draft, where messages were shut in a school
// while they did; nil where they are open. A script that sends a form again has it still.
func keptAside(r *web.Request, path string, at school.ID) (web.Answer, error) {
	err := going(r, at)
	if fail.InField(err) == nil || r.Resent() || r.PostFormValue("subject")+r.PostFormValue("body") == "" {
		return nil, nil // it is refused, where it is, as every other fault of the form
	}
	if _, err := putAside(r, path); err != nil {
		return nil, err
	}
	return web.Redirect{To: "/message/drafts", Notice: "message.draft-shut", Info: true}, nil
}
