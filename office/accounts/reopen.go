package accounts

import (
	"preau/core/web"
)

func (s *Service) reopenInClass(r *web.Request) (web.Answer, error) { return s.reopen(r, s.inClass) }
func (s *Service) reopenInStaff(r *web.Request) (web.Answer, error) { return s.reopen(r, s.inStaff) }
func (s *Service) reopenInTeam(r *web.Request) (web.Answer, error)  { return s.reopen(r, s.inTeam) }

// reopen opens the account of somebody who had it shut because it was not them,
// for whom the visitor may make a code: they need one then.
func (s *Service) reopen(r *web.Request, find func(*web.Request) (recipient, error)) (web.Answer, error) {
	to, err := find(r)
	if err != nil {
		return nil, err
	}
	if err := s.MayGive(r, to.ID); err != nil {
		return nil, err
	}
	if err := s.Accounts.Reopen(r.Tx, to.ID, r.Actor.Person, r.ID); err != nil {
		return nil, err
	}
	return web.Redirect{To: to.Back, Notice: "accounts.reopened"}, nil
}
