package notify

import (
	"context"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
)

// UnsubscribePath is where the portal takes who wants no more mail; the token follows.
const UnsubscribePath = "/unsubscribe/"

const unsubscribing = "notify unsubscribe"

// unsubscribeURL is the address by which a person asks for no more of these messages.
func (s *Service) unsubscribeURL(person school.ID) string {
	return s.URL + UnsubscribePath + s.token(unsubscribing, whose(person))
}

// Unsubscribing gives the person of a token of a message; another is fail.NotFound.
func (s *Service) Unsubscribing(token string) (school.ID, error) {
	said, proof, err := parted(token, idSize)
	if err == nil && !s.ours(unsubscribing, said, proof) {
		err = fail.New(fail.NotFound, "a token of nobody's")
	}
	if err != nil {
		return 0, err
	}
	return personIn(said), nil
}

// Unsubscribe has the person of a token get no more mail, or get it again every evening.
// Whoever has the message may: it takes nothing away that one does not get back, and says
// nothing of whom it was sent to.
func (s *Service) Unsubscribe(ctx context.Context, token string, again bool) error {
	person, err := s.Unsubscribing(token)
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		hats, err := s.grownUp(tx, person)
		if err != nil {
			return err
		}
		if len(hats) == 0 {
			return fail.New(fail.NotFound, "a token of somebody who is told nothing")
		}
		c, err := choiceOf(tx, person, hats)
		if err != nil {
			return err
		}
		switch {
		case !again:
			c.Mail = Never
		case c.Mail == Never:
			c.Mail = Evening
		}
		return s.Keep(tx, person, c)
	})
}
