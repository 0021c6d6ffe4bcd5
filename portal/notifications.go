package portal

import (
	"slices"

	"preau/account"
	"preau/core/fail"
	"preau/core/i18n"
	"preau/core/notify"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
)

// notificationsPath is where one says how one wants to be told things.
const notificationsPath = "/me/notifications"

// notificationsView is how the visitor is told things outside of the portal.
type notificationsView struct {
	Choice  notify.Choice
	Rooms   []notify.Room
	Address string // where mail goes; empty: nowhere
	Lost    bool   // mail does not arrive there any more
	Parent  bool
	Relays  bool // they are of a school, which may make things public
	Form    web.Form

	Push    string // key of the installation; empty: no push notification leaves
	Shared  bool   // others use this device
	Devices []notify.Subscribed
	Here    school.ID // session
}

// on tells whether this device gets notifications.
func (v notificationsView) on() bool {
	return slices.ContainsFunc(v.Devices, func(s notify.Subscribed) bool { return s.Session == v.Here })
}

func (p *Portal) notifications(r *web.Request) (web.Answer, error) {
	return p.notificationsPage(r, notificationsView{})
}

func (p *Portal) notificationsPage(r *web.Request, v notificationsView) (web.Answer, error) {
	if p.Notify == nil {
		return nil, fail.New(fail.NotFound, "nobody is told anything here")
	}
	me := r.Actor.Person
	if !v.Form.Filled() {
		var err error
		if v.Choice, err = p.Notify.ChoiceOf(r.Tx, me); err != nil {
			return nil, err
		}
	}
	here, err := p.Accounts.Resolve(r.Tx, r.Token())
	if err != nil {
		return nil, err
	}
	boxes, err := p.Notify.Boxes(r.Tx, me)
	if err != nil {
		return nil, err
	}
	lost, err := p.Notify.Lost(r.Tx, me)
	if err != nil {
		return nil, err
	}
	if v.Devices, err = p.Notify.SubscriptionsOf(r.Tx, me); err != nil {
		return nil, err
	}
	v.Rooms, v.Address, v.Lost, v.Shared, v.Here = p.Notify.Rooms, boxes[me], lost != "", r.Shared, here.ID
	v.Parent = slices.ContainsFunc(r.Hats, func(hat ui.Hat) bool { return hat.ID == string(school.Guardian) })
	if v.Relays, err = p.Notify.Relays(r.Tx, me); err != nil {
		return nil, err
	}
	if p.Notify.Push != nil {
		v.Push = p.Notify.Push.Public
	}
	return web.Page{Title: r.Say("portal.notifications"), Body: notificationsPage(v), Status: v.Form.Status()}, nil
}

// keepNotifications keeps what the visitor chose.
func (p *Portal) keepNotifications(r *web.Request) (web.Answer, error) {
	if p.Notify == nil {
		return nil, fail.New(fail.NotFound, "nobody is told anything here")
	}
	choice, err := p.chosenNotifications(r)
	if err == nil {
		err = p.Notify.Keep(r.Tx, r.Actor.Person, choice)
	}
	if form, again := r.Again(err); again {
		return p.notificationsPage(r, notificationsView{Form: form, Choice: choice})
	}
	if err != nil {
		return nil, err
	}
	return web.Redirect{To: notificationsPath, Notice: "portal.notifications-kept"}, nil
}

// asAll is the answer of a service that has no rhythm of its own.
const asAll = "same"

// chosenNotifications reads the form.
func (p *Portal) chosenNotifications(r *web.Request) (notify.Choice, error) {
	c, err := p.Notify.ChoiceOf(r.Tx, r.Actor.Person)
	if err != nil {
		return c, err
	}
	before := c.Quiet
	chosen, err := p.Notify.Chosen(r.Tx, r.Actor.Person)
	if err != nil {
		return c, err
	}
	if chosen == "" { // else another browser changes nothing of it
		c.Lang = r.Printer.Lang
	}
	c.Mail, c.Names = notify.Rhythm(r.PostFormValue("mail")), r.PostFormValue("names") != ""
	c.Relay = r.PostFormValue("relay") != ""
	c.Rooms, c.Muted = map[string]notify.Rhythm{}, map[string]bool{}
	for _, room := range p.Notify.Rooms {
		if room.Always {
			continue
		}
		if own := r.PostFormValue("room-" + room.Name); own != "" && own != asAll {
			c.Rooms[room.Name] = notify.Rhythm(own)
		}
		c.Muted[room.Name] = r.PostFormValue("mute-"+room.Name) != ""
	}
	c.Quiet = notify.Quiet{On: r.PostFormValue("quiet") != "", Weekend: r.PostFormValue("weekend") != ""}
	if !c.Quiet.On {
		c.Quiet, c.Usual = notify.Quiet{}, false
		return c, nil
	}
	for field, into := range map[string]*int{"from": &c.Quiet.From, "until": &c.Quiet.Until} {
		at, err := web.ParseClock(r.PostFormValue(field))
		if err != nil {
			return c, fail.At(err, field)
		}
		*into = int(at)
	}
	c.Usual = c.Usual && c.Quiet == before
	return c, nil
}

// confirmBox has mail be sent again to the address of the visitor, which they say is right.
func (p *Portal) confirmBox(r *web.Request) (web.Answer, error) {
	if p.Notify == nil {
		return nil, fail.New(fail.NotFound, "nobody is told anything here")
	}
	return web.Redirect{To: notificationsPath, Notice: "portal.notifications-confirmed"}, p.Notify.Confirm(r.Tx, r.Actor.Person)
}

// maxAgent is how much of the name of a browser is kept.
const maxAgent = 200

// subscribe has this browser be told things. Nothing is told on a device that others use.
func (p *Portal) subscribe(r *web.Request) (web.Answer, error) {
	if p.Notify == nil || p.Notify.Push == nil || r.Shared {
		return nil, fail.New(fail.NotFound, "nobody is told anything on this device")
	}
	here, err := p.Accounts.Resolve(r.Tx, r.Token())
	if err != nil {
		return nil, err
	}
	agent := r.UserAgent()
	at := notify.Reached{Endpoint: r.PostFormValue("endpoint"), Key: r.PostFormValue("p256dh"), Auth: r.PostFormValue("auth")}
	err = p.Notify.Subscribe(r.Tx, r.Actor.Person, here.ID, agent[:min(len(agent), maxAgent)], at)
	return web.Redirect{To: notificationsPath, Notice: "portal.notifications-device-on"}, err
}

// forgetDevice has a browser of the visitor be told nothing more.
func (p *Portal) forgetDevice(r *web.Request) (web.Answer, error) {
	id, err := r.PathID("device")
	if err != nil {
		return nil, err
	}
	if p.Notify == nil {
		return nil, fail.New(fail.NotFound, "nobody is told anything here")
	}
	return web.Redirect{To: notificationsPath, Notice: "portal.notifications-device-off"}, p.Notify.Unsubscribed(r.Tx, r.Actor.Person, id)
}

// lostMail tells who is not reached by mail any more.
func (p *Portal) lostMail(r *web.Request) ([]ui.Notice, error) {
	if p.Notify == nil || !r.Holds(chooseNotifications) {
		return nil, nil
	}
	lost, err := p.Notify.Lost(r.Tx, r.Actor.Person)
	if err != nil || lost == "" {
		return nil, err
	}
	return []ui.Notice{{Kind: ui.Warning, Text: r.Say("portal.notifications-lost"), Link: ui.Link{Href: notificationsPath, Label: r.Say("portal.notifications-check")}}}, nil
}

// speaks remembers the language of whoever is told things.
func (p *Portal) speaks(r *web.Request, lang i18n.Lang) error {
	if p.Notify == nil || !r.SignedIn() || !r.Holds(chooseNotifications) {
		return nil
	}
	return r.Write(func() error { return p.Notify.Speak(r.Tx, r.Actor.Person, lang) })
}

// stopView is what a link of a mail leads to: a question, or what was done.
type stopView struct {
	At    string // the address that does it
	Done  string // "", "stopped", "again"
	Relay bool   // of what is public in full; else of all mail
	Lang  langView
}

// stopMail asks whether one wants no more mail. Opening the page does nothing: programs
// that look into mail open links.
func (p *Portal) stopMail(r *web.Request) (web.Answer, error) {
	return p.stopPage(r, "")
}

func (p *Portal) stopPage(r *web.Request, done string) (web.Answer, error) {
	token := r.PathValue("token")
	if p.Notify == nil {
		return nil, fail.New(fail.NotFound, "nobody is told anything here")
	}
	_, of, err := p.Notify.Unsubscribing(token)
	if err != nil {
		return nil, err
	}
	v := stopView{At: notify.UnsubscribePath + token, Done: done, Relay: of == notify.Relay, Lang: langs(r)}
	return web.Page{Title: r.Say("portal.stop-mail"), Body: stopPage(v), Doorway: true}, nil
}

// stop has no more mail be sent, or mail be sent again, to whom a mail was sent: the button of
// the page, or a mail program in one click (RFC 8058, 3.2), which has no cookie.
func (p *Portal) stop(r *web.Request) (web.Answer, error) {
	if p.Notify == nil {
		return nil, fail.New(fail.NotFound, "nobody is told anything here")
	}
	again, done := r.PostFormValue("again") != "", "stopped"
	if again {
		done = "again"
	}
	if err := p.Notify.Unsubscribe(r.Context(), r.PathValue("token"), again); err != nil {
		return nil, err
	}
	return p.stopPage(r, done)
}

// deviceNamed is the session of a browser, as the page of devices names it.
func deviceNamed(s notify.Subscribed) account.Session { return account.Session{Agent: s.Agent} }
