package notify

import (
	"context"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
)

// UnsubscribePath is where the portal takes who wants no more mail; the token follows.
const UnsubscribePath = "/unsubscribe/"

// unsubscribing is for what a token of each channel of mail is.
var unsubscribing = map[Channel]string{Mail: "notify unsubscribe", Relay: "notify unsubscribe relay"}

// unsubscribeURL is the address by which a person asks for no more of the messages of a
// channel.
func (s *Service) unsubscribeURL(person school.ID, of Channel) string {
	return s.URL + UnsubscribePath + s.token(unsubscribing[of], whose(person))
}

// Unsubscribing gives the person of a token of a message, and the channel that it was of:
// Mail, of all of it, or Relay; another token is fail.NotFound.
func (s *Service) Unsubscribing(token string) (school.ID, Channel, error) {
	said, proof, err := parted(token, idSize)
	if err != nil {
		return 0, "", err
	}
	for channel, purpose := range unsubscribing {
		if s.ours(purpose, said, proof) {
			return personIn(said), channel, nil
		}
	}
	return 0, "", fail.New(fail.NotFound, "a token of nobody's")
}

// Unsubscribe has the person of a token get no more mail of its channel, or get it again:
// every evening, when they got none.
// Whoever has the message may: it takes nothing away that one does not get back, and says
// nothing of whom it was sent to.
func (s *Service) Unsubscribe(ctx context.Context, token string, again bool) error {
	person, of, err := s.Unsubscribing(token)
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
		c, err := s.choiceOf(tx, person, hats)
		if err != nil {
			return err
		}
		switch {
		case of == Relay:
			c.Relay = again
		case !again:
			c.Mail = Never
		}
		if again && c.Mail == Never {
			c.Mail = Evening
		}
		if c.Lang, err = s.Chosen(tx, person); err != nil { // they choose none now
			return err
		}
		return s.Keep(tx, person, c)
	})
}
