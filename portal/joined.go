package portal

import (
	"slices"

	"preau/account"
	"preau/core/fail"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
)

// joinedView is what came to the visitor's account with another one of theirs.
type joinedView struct {
	Login string
	Added []ui.Hat // with the places that came
}

// partView is what happens when the visitor makes two accounts again of theirs.
type partView struct {
	Path  string // of the parting
	Both  account.Choice
	Added []ui.Hat // with the places that go
}

// joinedPath is the page of a joining.
func joinedPath(merge school.ID) string { return "/me/merge/" + merge.String() }

// joining reads the joining of the path, which is one that the visitor asked for.
func joining(r *web.Request) (act directory.MergeAct, err error) {
	id, err := r.PathID("merge")
	if err != nil {
		return act, err
	}
	act, err = directory.MergeActs.One(r.Tx, "id = $1", id)
	if err == nil && (act.Kept != r.Actor.Person || act.Asked != r.Actor.Person) {
		err = fail.New(fail.NotFound, "merge %s is not of %s", id, r.Actor.Person)
	}
	return act, err
}

// joined says what a joining added, and lets the visitor be it.
func (p *Portal) joined(r *web.Request) (web.Answer, error) {
	act, err := joining(r)
	if err != nil {
		return nil, err
	}
	accounts, err := account.Of(r.Tx, r.Actor.Person)
	if err != nil {
		return nil, err
	}
	v := joinedView{Login: accounts[r.Actor.Person].Login.String()}
	if v.Added, err = added(r, act); err != nil {
		return nil, err
	}
	return web.Page{Title: r.Say("portal.joined"), Body: joinedPage(v)}, nil
}

// added are the hats that a joining gave the visitor, as they hold them today,
// each with the children and the places that came alone.
func added(r *web.Request, act directory.MergeAct) (hats []ui.Hat, err error) {
	before, err := act.Before(r.Tx)
	if err != nil {
		return nil, err
	}
	moved, _, err := act.Moved(r.Tx)
	if err != nil {
		return nil, err
	}
	who, err := directory.Get(r.Tx, r.Actor.Person)
	if err != nil {
		return nil, err
	}
	wardrobe, err := directory.Wardrobe(r.Tx, r.Actor.Person)
	for _, hat := range wardrobe {
		hat.Places = slices.DeleteFunc(hat.Places, func(at directory.Place) bool {
			return holds(before, hat.Profile, at.ID) || !holds(moved, hat.Profile, at.ID)
		})
		if len(hat.Places) > 0 {
			hats = append(hats, ui.Hat{
				ID: string(hat.Profile), Label: hatLabel(r.Printer, hat, who.Civility), Current: hat.Profile == r.Actor.Profile,
			})
		}
	}
	return hats, err
}

// holds tells whether a record gives a hat at a place, or over a child.
func holds(d directory.Dossier, profile school.Profile, at school.ID) bool {
	if profile == school.Guardian {
		return slices.ContainsFunc(d.Bonds, func(b directory.Bond) bool { return b.Pupil == at })
	}
	return slices.ContainsFunc(d.Functions, func(f directory.Function) bool { return f.Profile == profile && f.Structure == at })
}

// partPath is where a joining is undone.
func partPath(merge school.ID) string { return joinedPath(merge) + "/undo" }

// askUnjoin says what happens when the accounts that the visitor joined are made two
// again, before it does.
func (p *Portal) askUnjoin(r *web.Request) (web.Answer, error) {
	act, err := joining(r)
	if err != nil {
		return nil, err
	}
	if _, err := p.Feeder.Undoable(r.Tx, act.ID); err != nil {
		return nil, err
	}
	v := partView{Path: partPath(act.ID)}
	if v.Both, err = account.Merged(r.Tx, act.Kept, act.Gone); err != nil {
		return nil, err
	}
	if v.Added, err = added(r, act); err != nil {
		return nil, err
	}
	return web.Page{Title: r.Say("portal.join-undo"), Body: partPage(v)}, nil
}

// unjoin makes two accounts again of those that the visitor joined; each has
// its own login, and all its sessions end.
func (p *Portal) unjoin(r *web.Request) (web.Answer, error) {
	act, err := joining(r)
	if err != nil {
		return nil, err
	}
	if _, err := p.Feeder.Unmerge(r.Tx, act.ID, r.Actor.Person); err != nil {
		return nil, err
	}
	if err := p.Accounts.Unmerge(r.Tx, act.Kept, act.Gone, r.By()); err != nil {
		return nil, err
	}
	return web.Redirect{To: "/login", Notice: "portal.join-undone"}, nil
}

// joinings lists those that the visitor may undo.
func (p *Portal) joinings(r *web.Request) (list []directory.MergeAct, err error) {
	acts, err := directory.MergesAsked(r.Tx, r.Actor.Person)
	for _, act := range acts {
		_, err := p.Feeder.Undoable(r.Tx, act.ID)
		if fail.Is(err, fail.Conflict) {
			continue
		}
		if err != nil {
			return nil, err
		}
		list = append(list, act)
	}
	return list, err
}
