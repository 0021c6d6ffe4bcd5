package accounts

import (
	"strings"

	"preau/core/web"
)

func (s *Service) resetClassFactors(r *web.Request) (web.Answer, error) { return s.reset(r, s.inClass) }
func (s *Service) resetStaffFactors(r *web.Request) (web.Answer, error) { return s.reset(r, s.inStaff) }
func (s *Service) resetTeamFactors(r *web.Request) (web.Answer, error)  { return s.reset(r, s.inTeam) }

// reset takes away the second factor of somebody who lost it, for whoever may
// give them a code. It is an act of its own: a code that was handed out, or that
// somebody found, leaves the second factor where it is.
func (s *Service) reset(r *web.Request, find func(*web.Request) (recipient, error)) (web.Answer, error) {
	to, err := find(r)
	if err != nil {
		return nil, err
	}
	if _, err := s.mayReceive(r, to); err != nil {
		return nil, err
	}
	err = s.Accounts.ResetFactors(r.Tx, to.ID, r.By())
	return web.Redirect{To: to.Path, Notice: "accounts.factors-gone"}, err
}

// resetPath is where the second factor of a recipient is taken away: beside
// their code.
func (v recipient) resetPath() string { return strings.TrimSuffix(v.Path, "code") + "factors/reset" }
