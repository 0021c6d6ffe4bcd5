package portal

import (
	"context"
	"strings"
	"time"

	"preau/account"
	"preau/core/i18n"
	"preau/core/ui"
	"preau/core/web"
)

// drivesPath is where one connects computers to one's files, and drivePath where they find them.
const (
	drivesPath = "/me/drives"
	drivePath  = "/dav/"
)

// drivesView is the page of the devices that open the visitor's files.
type drivesView struct {
	All     []account.Drive
	Hats    []ui.Hat
	Hat     string // the one that a device speaks for that is added now
	Address string // of the files
	Login   string
	Form    web.Form
	Now     time.Time
}

// full tells that no device can be added.
func (v drivesView) full() bool { return len(v.All) >= account.MostDrives }

// drives lists the devices that open the visitor's files as a drive, and says how one is connected.
func (p *Portal) drives(r *web.Request) (web.Answer, error) { return p.drivesPage(r, web.Form{}) }

func (p *Portal) drivesPage(r *web.Request, form web.Form) (web.Answer, error) {
	v := drivesView{Hats: r.Hats, Address: r.Absolute(drivePath), Form: form, Now: r.Tx.Now}
	for _, hat := range r.Hats {
		if hat.Current {
			v.Hat = hat.Label
		}
	}
	accounts, err := account.Of(r.Tx, r.Actor.Person)
	if err != nil {
		return nil, err
	}
	v.Login = accounts[r.Actor.Person].Login.String()
	if v.All, err = account.Drives(r.Tx, r.Actor.Person); err != nil {
		return nil, err
	}
	return web.Page{Title: r.Say("portal.drives"), Body: drivesPage(v), Status: form.Status()}, nil
}

// addDrive connects a device, for the hat that is worn, and shows its password this once.
func (p *Portal) addDrive(r *web.Request) (web.Answer, error) {
	session, err := p.Accounts.Resolve(r.Tx, r.Token())
	if err != nil {
		return nil, err
	}
	added, err := p.Accounts.AddDrive(r.Tx, session, r.Actor.Profile, r.PostFormValue("name"), account.OriginOf(r))
	if form, wrong := r.Again(err); wrong {
		return p.drivesPage(r, form)
	}
	if err != nil {
		return nil, err
	}
	return web.Page{Title: r.Say("portal.drive-made"), Body: drivePage(added, r.Absolute(drivePath))}, nil
}

// removeDrive takes the password of a device back.
func (p *Portal) removeDrive(r *web.Request) (web.Answer, error) {
	id, err := r.PathID("drive")
	if err != nil {
		return nil, err
	}
	session, err := p.Accounts.Resolve(r.Tx, r.Token())
	if err != nil {
		return nil, err
	}
	return web.Redirect{To: drivesPath, Notice: "portal.drive-removed"}, p.Accounts.RemoveDrive(r.Tx, session, id, account.OriginOf(r))
}

// driveUse says when a device came last, and from where.
func driveUse(ctx context.Context, d account.Drive, now time.Time) string {
	if d.Used.IsZero() {
		return i18n.Say(ctx, "portal.drive-unused")
	}
	return i18n.Say(ctx, "portal.drive-used", i18n.Day(ctx, d.Used, now), d.From)
}

// addressFor is the address of the files as the file manager of a system takes it: those of Linux say by which
// protocol.
func addressFor(system, address string) string {
	if system == "linux" {
		return "dav" + strings.TrimPrefix(address, "http")
	}
	return address
}

// driveHat names the hat that a device speaks for.
func driveHat(v drivesView, d account.Drive) string {
	for _, hat := range v.Hats {
		if hat.ID == string(d.Profile) {
			return hat.Label
		}
	}
	return ""
}
