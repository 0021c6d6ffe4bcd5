package portal

import (
	"errors"
	"net/http"
	"net/url"

	"preau/account"
	"preau/core/fail"
	"preau/core/school"
	"preau/core/web"
)

// The pages of the second step: where it is taken, and where what one takes it
// with is made.
const (
	secondPath = "/second"
	newPath    = "/second/new"
)

// stepView is a page of the second step.
type stepView struct {
	Next string // where to go then
	Hat  string // to put on then; empty: the one that is worn
	Half bool   // the session opens nothing yet

	App, Passkey bool   // what the person may confirm with
	Elsewhere    string // where the portal has a name, for a passkey; empty: here, or nowhere
	Password     bool   // they have nothing but the password
	Provider     bool   // they have not even that: an identity provider lets them in
	Form         web.Form
	Lang         langView
}

// fields are what the forms of the step carry on.
func (v stepView) fields() [2][2]string {
	return [2][2]string{{"next", v.Next}, {"hat", v.Hat}}
}

// secondFor is the address of the second step that leads on to a page, with a
// hat on when one is named.
func secondFor(next, hat string) string { return stepFor(secondPath, next, hat) }

func stepFor(path, next, hat string) string {
	query := url.Values{}
	if next != "/" {
		query.Set("next", next)
	}
	if hat != "" {
		query.Set("hat", hat)
	}
	if len(query) == 0 {
		return path
	}
	return path + "?" + query.Encode()
}

// second asks for the second step: of whoever has just typed their password, of whoever
// puts on a hat that asks for it, and of whoever is about to do what asks for a
// proof that is not old.
func (p *Portal) second(r *web.Request) (web.Answer, error) {
	s, err := account.Bearer(r.Tx, r.Token())
	if err != nil {
		return nil, err
	}
	hat := r.FormValue("hat")
	switch {
	case !s.Factor && (s.Half || hat != ""):
		return web.Redirect{To: stepFor(newPath, r.Next(), hat)}, nil
	case !s.Half && r.URL.Query().Get("done") != "" && s.Fresh(r.Tx.Now):
		return web.Page{Title: r.Say("portal.second-done"), Body: secondDonePage()}, nil
	case !s.Half && hat == "" && s.Fresh(r.Tx.Now):
		return web.Redirect{To: r.Next()}, nil
	}
	return p.secondPage(r, s, web.Form{})
}

func (p *Portal) secondPage(r *web.Request, s account.Session, form web.Form) (web.Answer, error) {
	v := stepView{Next: r.Next(), Hat: r.FormValue("hat"), Half: s.Half, Password: !s.Factor, Form: form, Lang: stepLangs(r)}
	factors, err := account.FactorsOf(r.Tx, s.Person)
	if err != nil {
		return nil, err
	}
	here, elsewhere := passkeysHere(r, "/")
	for _, f := range factors {
		v.App = v.App || f.Kind == account.App
		if f.Kind == account.Passkey {
			v.Passkey, v.Elsewhere = here, elsewhere
		}
	}
	accounts, err := account.Of(r.Tx, s.Person)
	if err != nil {
		return nil, err
	}
	v.Provider = v.Password && accounts[s.Person].Password.IsZero()
	page := web.Page{Title: r.Say("portal.second"), Body: secondPage(v), Status: form.Status(), Doorway: !r.SignedIn()}
	if !v.Password {
		page.Help = secondHelp()
	}
	return page, nil
}

// passkeysHere tells whether passkeys serve at the address at which the portal is
// seen. On its own machine it is seen at several, of which a number has none: then
// elsewhere is a page of it where they do, if there is one.
func passkeysHere(r *web.Request, page string) (here bool, elsewhere string) {
	switch {
	case !account.PasskeysAt(r.Absolute("")):
		return false, ""
	case !account.PasskeysAt("http://" + r.Host):
		return false, r.Absolute(page)
	}
	return true, ""
}

// stepLangs leads back to the step itself: the address that was posted to shows
// nothing.
func stepLangs(r *web.Request) langView {
	v := langs(r)
	v.Here = stepFor(secondPath, r.Next(), r.FormValue("hat"))
	return v
}

// proveCode takes the second step with a code.
func (p *Portal) proveCode(r *web.Request) (web.Answer, error) {
	opened, err := p.Accounts.ProveCode(r.Context(), r.Token(), r.PostFormValue("code"), account.OriginOf(r))
	return p.proved(r, opened, err)
}

// provePassword proves again who is in, when they have no second factor.
func (p *Portal) provePassword(r *web.Request) (web.Answer, error) {
	opened, err := p.Accounts.ProvePassword(r.Context(), r.Token(), r.PostFormValue("old"), account.OriginOf(r))
	return p.proved(r, opened, err)
}

// askPasskey tells the browser what a passkey has to sign.
func (p *Portal) askPasskey(r *web.Request) (web.Answer, error) {
	options, err := p.Accounts.AskPasskey(r.Context(), r.Token(), r.Absolute(""))
	return web.JSON{Value: options}, err
}

// provePasskey takes the second step with what a passkey signed.
func (p *Portal) provePasskey(r *web.Request) (web.Answer, error) {
	opened, err := p.Accounts.ProvePasskey(r.Context(), r.Token(), r.Absolute(""), []byte(r.PostFormValue("answer")), account.OriginOf(r))
	return p.proved(r, opened, err)
}

// proved leads on, or shows the step again with what was wrong.
func (p *Portal) proved(r *web.Request, opened account.Opened, err error) (web.Answer, error) {
	if form, wrong := r.Again(err); wrong {
		return p.inStep(r, func(s account.Session) (web.Answer, error) { return p.secondPage(r, s, form) })
	}
	if err != nil {
		return outOfStep(err)
	}
	if err := p.wear(r, opened); err != nil {
		return nil, err
	}
	return web.Redirect{To: r.Next()}, nil
}

// inStep makes a page of the step, in a transaction of its own.
func (p *Portal) inStep(r *web.Request, page func(account.Session) (web.Answer, error)) (answer web.Answer, err error) {
	err = r.Read(func() error {
		s, err := account.Bearer(r.Tx, r.Token())
		if err != nil {
			return err
		}
		answer, err = page(s)
		return err
	})
	if err != nil {
		return outOfStep(err)
	}
	return answer, nil
}

// outOfStep leads whose session ended on the way to sign in again. What they
// typed is a code: no page gives it back.
func outOfStep(err error) (web.Answer, error) {
	switch {
	case errors.Is(err, account.ErrSecondStep):
		return web.Redirect{To: secondPath}, nil
	case fail.Is(err, fail.SignIn):
		return web.Redirect{To: "/login"}, nil
	}
	return nil, err
}

// wear gives the browser the session that was just renewed, with the hat on for
// which the step was asked. One that the person does not have is fail.NotFound;
// one that the session became too old for meanwhile stays off.
func (p *Portal) wear(r *web.Request, opened account.Opened) error {
	device := opened.Device
	if hat := r.PostFormValue("hat"); hat != "" {
		var switched account.Opened
		err := r.Write(func() (err error) {
			switched, err = p.Accounts.Switch(r.Tx, opened.Token, school.Profile(hat), account.OriginOf(r))
			return err
		})
		if err != nil && !fail.Is(err, fail.SignIn) {
			return err
		}
		if err == nil {
			opened = switched
		}
	}
	r.SetSession(opened.Token, keptUntil(opened))
	if device != "" {
		r.SetDevice(device, account.DeviceLife)
	}
	return nil
}

// newView is the page where one makes a second factor.
type newView struct {
	stepView
	Passkeys bool // the portal can have them
	Key      account.AppKey
	First    bool
}

// newFactor is the page where one makes a second factor.
func (p *Portal) newFactor(r *web.Request) (web.Answer, error) {
	s, err := account.Bearer(r.Tx, r.Token())
	if err != nil {
		return nil, err
	}
	err = p.Accounts.MayAdd(r.Tx, s)
	if errors.Is(err, account.ErrSecondStep) {
		return web.Redirect{To: secondFor(stepFor(newPath, r.Next(), r.FormValue("hat")), "")}, nil
	}
	if err != nil {
		return nil, err
	}
	return p.newPage(r, s, web.Form{})
}

func (p *Portal) newPage(r *web.Request, s account.Session, form web.Form) (web.Answer, error) {
	key, err := p.Accounts.AppKey(r.Tx, s)
	if err != nil {
		return nil, err
	}
	v := newView{
		stepView: stepView{Next: r.Next(), Hat: r.FormValue("hat"), Half: s.Half, Form: form, Lang: stepLangs(r)},
		Key:      key, First: !s.Factor,
	}
	v.Passkeys, v.Elsewhere = passkeysHere(r, "/me")
	return web.Page{Title: r.Say("portal.new-factor"), Body: newFactorPage(v), Status: form.Status(), Doorway: !r.SignedIn()}, nil
}

// addApp adds the application that shows the right code.
func (p *Portal) addApp(r *web.Request) (web.Answer, error) {
	done, err := p.Accounts.AddApp(r.Context(), r.Token(), r.PostFormValue("code"), account.OriginOf(r))
	return p.added(r, done, err)
}

// offerPasskey tells the browser what to make a passkey from.
func (p *Portal) offerPasskey(r *web.Request) (web.Answer, error) {
	options, err := p.Accounts.OfferPasskey(r.Context(), r.Token(), r.Absolute(""))
	return web.JSON{Value: options}, err
}

// addPasskey adds the passkey that the browser made.
func (p *Portal) addPasskey(r *web.Request) (web.Answer, error) {
	name, err := r.Text("name", account.MaxFactorName)
	if err != nil {
		return nil, err
	}
	done, err := p.Accounts.AddPasskey(r.Context(), r.Token(), r.Absolute(""), name, []byte(r.PostFormValue("answer")), account.OriginOf(r))
	return p.added(r, done, err)
}

// added shows the recovery codes of a first factor, once, and leads on. The
// session has a new token by then.
func (p *Portal) added(r *web.Request, done account.Added, err error) (web.Answer, error) {
	if form, wrong := r.Again(err); wrong {
		return p.inStep(r, func(s account.Session) (web.Answer, error) { return p.newPage(r, s, form) })
	}
	if err != nil {
		return outOfStep(err)
	}
	if err := p.wear(r, done.Opened); err != nil {
		return nil, err
	}
	if len(done.Codes) > 0 {
		return recoveryPage(r, done.Codes, r.Next(), !r.SignedIn()), nil
	}
	return web.Redirect{To: r.Next(), Notice: "portal.factor-added"}, nil
}

// recoveryPage shows recovery codes, this once.
func recoveryPage(r *web.Request, codes []string, next string, doorway bool) web.Page {
	return web.Page{Title: r.Say("portal.recovery"), Body: recoveryCodesPage(codes, next), Status: http.StatusOK, Doorway: doorway}
}
