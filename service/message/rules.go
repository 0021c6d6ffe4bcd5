package message

import (
	"preau/core/audit"
	"preau/core/fail"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
	"preau/directory/place"
)

// rulesView is who may address whom: in the whole project, or in a school.
type rulesView struct {
	At      directory.Structure // a school, or a commune; the zero one: the whole project
	Schools []ui.Filter         // whose rules the visitor sets, when there are several
	Senders []sender
	Form    web.Form
}

// sender is a side, and whom it may address.
type sender struct {
	From  side
	Cells []cell
}

// cell is a rule as the page has it.
type cell struct {
	pair
	Rule    rule
	Choices []rule // none: nobody changes it here
}

// name is the field of a rule.
func (p pair) name() string { return string(p.from) + "-" + string(p.to) }

func (v rulesView) path() string {
	switch {
	case v.At.ID == 0:
		return "/message/rules"
	case v.agents():
		return "/message/rules/commune/" + v.At.ID.String()
	}
	return "/message/rules/school/" + v.At.ID.String()
}

// agents tells that the rules are those of a commune, for its agents.
func (v rulesView) agents() bool { return v.At.Kind == directory.Commune }

// book is the rules as they are there.
func (v rulesView) book(r *web.Request) (book, error) {
	if v.agents() {
		return agentsBook(r.Tx, v.At.ID)
	}
	books, err := booksOf(r.Tx, v.At.ID)
	return books[v.At.ID], err
}

// rules leads to the rules of the project, or of a head's school.
func (s *Service) rules(r *web.Request) (web.Answer, error) {
	if r.Can(govern, rights.Whole) == nil {
		return s.rulesPage(r, rulesView{})
	}
	if len(r.Actor.Schools) == 0 {
		return nil, fail.New(fail.NotFound, "%s heads no school", r.Actor.Person)
	}
	return web.Redirect{To: rulesView{At: directory.Structure{ID: r.Actor.Schools[0]}}.path()}, nil
}

// schoolRules shows those of one school.
func (s *Service) schoolRules(r *web.Request) (web.Answer, error) {
	at, err := place.School(r, govern)
	if err != nil {
		return nil, err
	}
	return s.rulesPage(r, rulesView{At: at})
}

// agentsRules shows those of a commune, for its agents.
func (s *Service) agentsRules(r *web.Request) (web.Answer, error) {
	at, err := place.Commune(r, governAgents)
	if err != nil {
		return nil, err
	}
	return s.rulesPage(r, rulesView{At: at})
}

func (s *Service) rulesPage(r *web.Request, v rulesView) (web.Answer, error) {
	now, err := v.book(r)
	if err != nil {
		return nil, err
	}
	for _, from := range sides {
		if v.agents() && from != municipal {
			continue
		}
		one := sender{From: from}
		for _, to := range sides {
			if in, known := bounds[pair{from, to}]; known {
				one.Cells = append(one.Cells, cell{pair{from, to}, now.rule(pair{from, to}), now.choices(pair{from, to}, in, v.At.ID)})
			}
		}
		v.Senders = append(v.Senders, one)
	}
	if v.At.ID == 0 || v.agents() {
		return web.Page{Title: r.Say("message.rules"), Body: rulesPage(v)}, nil
	}
	schools, err := directory.StructuresByID(r.Tx, r.Actor.Schools...)
	for _, at := range schools {
		if len(schools) > 1 {
			v.Schools = append(v.Schools, ui.Filter{Href: rulesView{At: at}.path(), Label: at.Name, Current: at.ID == v.At.ID})
		}
	}
	return place.Page(v.At, web.Page{Title: r.Say("message.rules"), Body: rulesPage(v)}), err
}

// choices are what a rule may become: in the project what its bound says, in a school yes
// or no where the project did not say never.
func (b book) choices(p pair, in bound, at school.ID) []rule {
	switch {
	case at == 0 || len(in.choices) == 0:
		return in.choices
	case book{project: b.project}.rule(p) == never:
		return nil
	}
	return []rule{yes, no}
}

// setRules writes the rules of the project.
func (s *Service) setRules(r *web.Request) (web.Answer, error) {
	if err := r.Can(govern, rights.Whole); err != nil {
		return nil, err
	}
	return s.saveRules(r, rulesView{})
}

// setSchoolRules writes those of one school.
func (s *Service) setSchoolRules(r *web.Request) (web.Answer, error) {
	at, err := place.School(r, govern)
	if err != nil {
		return nil, err
	}
	return s.saveRules(r, rulesView{At: at})
}

// setAgentsRules writes those of a commune.
func (s *Service) setAgentsRules(r *web.Request) (web.Answer, error) {
	at, err := place.Commune(r, governAgents)
	if err != nil {
		return nil, err
	}
	return s.saveRules(r, rulesView{At: at})
}

// saveRules writes each rule that the form changes, and journals it. What may not be
// chosen is fail.Invalid.
func (s *Service) saveRules(r *web.Request, v rulesView) (web.Answer, error) {
	now, err := v.book(r)
	if err != nil {
		return nil, err
	}
	at, of := v.At.ID, v.At.ID // the rules of a commune are no school's
	if v.agents() {
		of = 0
	}
	for p, in := range bounds {
		if v.agents() && p.from != municipal {
			continue
		}
		chosen := rule(r.PostFormValue(p.name()))
		if chosen == "" || chosen == now.rule(p) {
			continue
		}
		known := false
		for _, choice := range now.choices(p, in, at) {
			known = known || choice == chosen
		}
		if !known {
			return nil, fail.New(fail.Invalid, "%s may not be %.10q at %s", p.name(), string(chosen), at).Say("message.rule-fixed")
		}
		if err := setRule(r.Tx, at, p, chosen, r.Actor.Person); err != nil {
			return nil, err
		}
		err := s.Audit.Write(r.Tx, audit.Entry{
			By: r.By(), Action: actRule, Kind: "rule", Subject: at, School: of,
			Detail: audit.Detail{"from": string(p.from), "to": string(p.to), "value": string(chosen)},
		})
		if err != nil {
			return nil, err
		}
	}
	return web.Redirect{To: v.path(), Notice: "message.rules-saved"}, nil
}
