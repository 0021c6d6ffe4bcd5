package portal

import (
	"net/url"

	"preau/account"
	"preau/account/federation"
	"preau/core/fail"
	"preau/core/ui"
	"preau/core/web"
)

// ways are the buttons of the identity providers, which lead where one wanted to
// go. One comes in by a password all the same when they cannot be read.
func (p *Portal) ways(r *web.Request, next string) (buttons []ui.ButtonLink) {
	if p.Ways == nil {
		return nil
	}
	ways, err := p.Ways(r.Context())
	if err != nil {
		p.without(r, "identity providers", err)
		return nil
	}
	query := ""
	if next != "/" {
		query = "?" + url.Values{"next": {next}}.Encode()
	}
	for _, way := range ways {
		buttons = append(buttons, ui.ButtonLink{
			Href: way.Path + query, Label: r.Say("portal.way-"+string(way.For), way.Label), Look: ui.Quiet, Icon: ui.IconLogIn, Big: true,
		})
	}
	return buttons
}

// leaving tells where the visitor signs out of the provider that opened their
// session.
func (p *Portal) leaving(r *web.Request) (back federation.WayBack, err error) {
	if p.Leaving == nil {
		return back, nil
	}
	session, err := account.Bearer(r.Tx, r.Token()) // one may leave at the second step
	if fail.Is(err, fail.SignIn) {
		return back, nil
	}
	if err != nil {
		return back, err
	}
	return p.Leaving(r.Tx, session.ID)
}
