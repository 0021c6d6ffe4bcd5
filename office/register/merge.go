package register

import (
	"net/http"
	"slices"
	"strconv"

	"preau/account"
	"preau/core/audit"
	"preau/core/fail"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
)

// askMerge is the page before a merge: what will move, and which login stays.
func (s *Service) askMerge(r *web.Request) (web.Answer, error) {
	v, err := s.pairOf(r)
	if err != nil {
		return nil, err
	}
	return v.page(web.Page{Title: r.Say("register.merge-one"), Body: askMergePage(v)}), nil
}

// merge makes one person of two. The form says which record its reader saw
// stay: another one is another decision.
func (s *Service) merge(r *web.Request) (web.Answer, error) {
	v, err := s.heldPair(r)
	if err != nil {
		return nil, err
	}
	if v.Refusal != "" {
		return nil, fail.New(fail.Conflict, "%s does not merge %s and %s", r.Actor.Person, v.Kept, v.Gone).Say(v.Refusal)
	}
	if r.PostFormValue("kept") != v.Kept.String() || r.PostFormValue("login") != v.Login.Stays.String() {
		page := v.page(web.Page{Title: r.Say("register.merge-one"), Body: askMergePage(v)})
		page.Status = http.StatusConflict
		return page, nil
	}
	if _, err := s.Accounts.Merge(r.Tx, v.Kept, v.Gone, r.By()); err != nil {
		return nil, err
	}
	act, err := s.Feeder.Merge(r.Tx, v.Kept, v.Gone, r.Actor.Person)
	if err != nil {
		return nil, err
	}
	entry := auditOf(v.ground, actMerge, v.Kept, v.Gone)
	entry.Detail = counted(act, v.Dossiers[v.Gone], v.Carried, v.Login)
	err = s.journal(r, entry)
	return web.Redirect{To: v.mergePath(act.ID), Notice: "register.merged"}, err
}

// auditOf is the journal's entry of what was decided of a pair.
func auditOf(g ground, action audit.Action, kept, gone school.ID) audit.Entry {
	return audit.Entry{Action: action, Kind: "person", Object: kept, Subject: gone, School: g.School.ID}
}

// counted says what a merge moved, by kind.
func counted(act directory.MergeAct, gone *directory.Dossier, carried []directory.Restriction, login account.Choice) audit.Detail {
	which := "kept"
	switch {
	case login.Crossed:
		which = "gone"
	case login.Stays == (account.Login{}):
		which = "none"
	}
	return audit.Detail{
		"merge": act.ID.String(), "keys": strconv.Itoa(len(gone.Keys)), "enrolments": strconv.Itoa(len(gone.Enrolments)),
		"classes": strconv.Itoa(len(gone.Memberships)), "bonds": strconv.Itoa(len(gone.Bonds) + len(gone.Guardians)),
		"functions": strconv.Itoa(len(gone.Functions)), "restrictions": strconv.Itoa(len(gone.Restrictions) + len(carried)), "login": which,
	}
}

// mergedView is a merge: what it moved, and how to undo it.
type mergedView struct {
	ground
	known
	Act     directory.MergeAct
	Login   account.Choice
	Carried []directory.Restriction
	By      string              // who decided; may be unknown
	Since   []directory.Someone // children who came since
	Refusal string              // key of why it cannot be undone, or not by the visitor
}

// merged shows a merge.
func (s *Service) merged(r *web.Request) (web.Answer, error) {
	v, err := s.mergeOf(r)
	if err != nil {
		return nil, err
	}
	return v.page(web.Page{Title: r.Say("register.merged-of", v.Names[v.Act.Kept].Name()), Body: mergedPage(v)}), nil
}

// mergeOf reads the merge of the path, for whoever may see the person.
func (s *Service) mergeOf(r *web.Request) (v mergedView, err error) {
	if v.ground, err = groundOf(r, viewDuplicates); err != nil {
		return v, err
	}
	id, err := r.PathID("merge")
	if err != nil {
		return v, err
	}
	if v.Act, err = directory.MergeActs.One(r.Tx, "id = $1", id); err != nil {
		return v, err
	}
	if v.known, err = s.know(r, v.Act.Kept); err != nil {
		return v, err
	}
	ours := v.everywhere() || slices.Contains(v.Within[v.Act.Kept], v.School.ID)
	if v.Dossiers[v.Act.Kept] == nil || !ours || !v.within(r, v.ground, v.Act.Kept) {
		return v, fail.New(fail.NotFound, "%s is not within the reach of %s", v.Act.Kept, r.Actor.Person)
	}
	kept, err := v.Act.Before(r.Tx)
	if err != nil {
		return v, err
	}
	gone, carried, err := v.Act.Moved(r.Tx)
	if err != nil {
		return v, err
	}
	v.Carried = carried
	if v.Refusal, err = s.undoRefusal(r, &v, &kept, &gone); err != nil {
		return v, err
	}
	v.Dossiers = map[school.ID]*directory.Dossier{v.Act.Kept: &kept, v.Act.Gone: &gone}
	if err := v.name(r); err != nil {
		return v, err
	}
	if v.Login, err = account.Merged(r.Tx, v.Act.Kept, v.Act.Gone); err != nil {
		return v, err
	}
	by, err := directory.SomeByID(r.Tx, v.Act.By)
	for _, one := range by {
		v.By = one.Formal()
	}
	return v, err
}

// undoRefusal is the key of why a merge cannot be undone, or not by the
// visitor; empty when it can.
func (s *Service) undoRefusal(r *web.Request, v *mergedView, kept, gone *directory.Dossier) (string, error) {
	split, err := s.Feeder.Undoable(r.Tx, v.Act.ID)
	if err != nil {
		if why := asFail(err); why != nil {
			return why.Key, nil
		}
		return "", err
	}
	if v.Since, err = split.Since(r.Tx); err != nil {
		return "", err
	}
	return refusal(r, kept, gone)
}

// unmerge makes two people again of those whom a merge made one.
func (s *Service) unmerge(r *web.Request) (web.Answer, error) {
	if _, err := groundOf(r, mergePeople); err != nil {
		return nil, err
	}
	v, err := s.mergeOf(r)
	if err != nil {
		return nil, err
	}
	if v.Refusal != "" {
		return nil, fail.New(fail.Conflict, "merge %s is not undone by %s", v.Act.ID, r.Actor.Person).Say(v.Refusal)
	}
	var given []school.ID
	for _, child := range v.Since {
		if slices.Contains(r.PostForm["child"], child.ID.String()) {
			given = append(given, child.ID)
		}
	}
	if _, err := s.Feeder.Unmerge(r.Tx, v.Act.ID, r.Actor.Person, given...); err != nil {
		return nil, err
	}
	if err := s.Accounts.Unmerge(r.Tx, v.Act.Kept, v.Act.Gone, r.By()); err != nil {
		return nil, err
	}
	entry := auditOf(v.ground, actUnmerge, v.Act.Kept, v.Act.Gone)
	entry.Detail = audit.Detail{"merge": v.Act.ID.String(), "children": strconv.Itoa(len(given))}
	err = s.journal(r, entry)
	return web.Redirect{To: v.listPath(), Notice: "register.unmerged"}, err
}
