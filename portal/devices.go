package portal

import (
	"preau/account"
	"preau/core/fail"
	"preau/core/web"
)

// devicesView is where one is signed in.
type devicesView struct {
	Sessions []account.Session
	Here     account.Session
	Drives   bool // the visitor may have their files open as a drive
}

// devices lists where the visitor is signed in, the last seen first.
func (p *Portal) devices(r *web.Request) (web.Answer, error) {
	v := devicesView{Drives: r.Holds(connectDrives)}
	var err error
	if v.Here, err = p.Accounts.Resolve(r.Tx, r.Token()); err != nil {
		return nil, err
	}
	if v.Sessions, err = account.Sessions(r.Tx, r.Actor.Person); err != nil {
		return nil, err
	}
	return web.Page{Title: r.Say("portal.devices"), Body: devicesPage(v, r.Tx.Now)}, nil
}

// closeDevice closes another session of the visitor's.
func (p *Portal) closeDevice(r *web.Request) (web.Answer, error) {
	id, err := r.PathID("session")
	if err != nil {
		return nil, err
	}
	here, err := p.Accounts.Resolve(r.Tx, r.Token())
	if err != nil {
		return nil, err
	}
	if id == here.ID {
		return nil, fail.New(fail.NotFound, "the session that asks is closed by signing out")
	}
	return web.Redirect{To: "/me/devices", Notice: "portal.device-closed"}, p.Accounts.Close(r.Tx, here, id, account.OriginOf(r))
}

// closeOthers closes every session of the visitor's but the one that asks.
func (p *Portal) closeOthers(r *web.Request) (web.Answer, error) {
	here, err := p.Accounts.Resolve(r.Tx, r.Token())
	if err != nil {
		return nil, err
	}
	return web.Redirect{To: "/me/devices", Notice: "portal.devices-closed"}, p.Accounts.CloseOthers(r.Tx, here, account.OriginOf(r))
}
