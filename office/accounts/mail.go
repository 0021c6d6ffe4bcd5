package accounts

import (
	"slices"

	"preau/account"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
	"preau/directory/place"
)

// mail sends their code to each guardian of the class who has an address, and
// neither came in nor holds a code: the one of the letter, which they need no
// more. Who cannot be written to is left to the letters.
func (s *Service) mail(r *web.Request) (web.Answer, error) {
	at, err := place.Class(r, issueFamilies)
	if err != nil {
		return nil, err
	}
	pupils, err := directory.PupilsIn(r.Tx, at.Class.ID)
	if err != nil {
		return nil, err
	}
	kin, err := directory.KinOf(r.Tx, directory.IDs(pupils)...)
	if err != nil {
		return nil, err
	}
	waiting, err := s.mailable(r, kin)
	if err != nil {
		return nil, err
	}
	by, err := warrant(r, issueFamilies, place.Object(at.Class))
	if err != nil {
		return nil, err
	}
	return s.send(r, classPath(at.Class.ID), waiting, func(guardian school.ID) (bool, error) {
		return s.Accounts.SendSlip(r.Tx, guardian, account.Families, by, at.School)
	})
}

// send sends their code to each of some people, and leads back.
func (s *Service) send(r *web.Request, to string, people []school.ID, one func(school.ID) (bool, error)) (web.Answer, error) {
	back, sent := web.Redirect{To: to, Notice: "accounts.nothing-to-mail"}, 0
	for _, person := range people {
		ok, err := one(person)
		if err != nil {
			return nil, err
		}
		if ok {
			sent++
		}
	}
	if sent > 0 {
		back.Notice = "accounts.mailed"
	}
	return back, r.ActsOn(sent)
}

// mailable lists the guardians to whom the visitor may send their code by mail,
// each once. The page that offers it counts them.
func (s *Service) mailable(r *web.Request, kin []directory.Kin) ([]school.ID, error) {
	var people []school.ID
	judged := map[school.ID]bool{}
	for _, k := range kin {
		people = append(people, k.ID)
		judged[k.ID] = judged[k.ID] || k.PlaceHidden // the message says the school
	}
	people = slices.DeleteFunc(people, func(id school.ID) bool { return judged[id] })
	return s.reached(r, people)
}

// reached lists those of some people who have an address, neither came in nor hold a
// code, and may get one of the visitor's, each once.
func (s *Service) reached(r *web.Request, people []school.ID) ([]school.ID, error) {
	boxes, err := s.Accounts.Boxes(r.Tx, people...)
	if err != nil || len(boxes) == 0 {
		return nil, err
	}
	accounts, err := account.Of(r.Tx, people...)
	if err != nil {
		return nil, err
	}
	codes, err := account.PendingOf(r.Tx, people...)
	if err != nil {
		return nil, err
	}
	refused, err := s.Refuse(r, people...)
	if err != nil {
		return nil, err
	}
	var list []school.ID
	for _, id := range people {
		a, has := accounts[id]
		_, waits := codes[id]
		if boxes[id] == "" || waits || account.StateOf(a, has) != account.ToActivate {
			continue
		}
		delete(boxes, id) // once, however many children
		if refused[id] == nil {
			list = append(list, id)
		}
	}
	slices.Sort(list) // two heads who write to one person take turns
	return list, nil
}
