package removal_test

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"preau/core/db"
	"preau/core/school"
	"preau/test/house"
)

// An absence that a parent told holds again, when a thief had told another instead.
func TestAnAbsenceThatAThiefReplaced(t *testing.T) {
	onBoth(t, func(h *town) {
		s := h.settled()
		tells := func(form url.Values) string {
			t.Helper()
			form.Set("child", s.pupil.String())
			form.Set("kind", "absence")
			told := s.asMother.Post("/liaison/tell", form)
			told.Wants(http.StatusSeeOther)
			h.Later(time.Minute)
			return told.Header.Get("Location")
		}
		old := tells(url.Values{"body": {"Elle a de la fièvre."}})
		h.Later(3 * time.Hour)
		since := h.DB.Now().In(school.Paris).Format("2006-01-02T15:04")
		s.asMother = h.Enter(s.mother, school.Guardian)
		fresh := tells(url.Values{"body": {"Elle vient avec son oncle."}, "instead": {idOf(old)}})
		s.asMother.Get(old).Wants(http.StatusOK, "La famille l’a retiré")
		s.head, s.operator = h.Enter(h.Head(s.at), school.Head), h.Enter(s.operator.Person, school.Operator)
		path := "/removal/school/" + s.at.String() + "/person/" + s.mother.String()
		page := s.head.Get(path + "?since=" + url.QueryEscape(since))
		sent, changed := found(page), mendable(page)
		if !slices.Equal(sent, []string{idOf(fresh)}) || !slices.Equal(changed, []string{idOf(old)}) {
			t.Fatalf("sent: %v, changed: %v", sent, changed)
		}
		kase := s.head.Post(path, url.Values{"since": {since}, "thing": sent, "change": changed, "why": {"volé"}}).Header.Get("Location")
		s.operator.Post(kase+"/agree", nil).Wants(http.StatusSeeOther)
		s.asMother.Get(old).Wants(http.StatusOK, "Elle a de la fièvre.")
		s.asMother.Get(old).Lacks(http.StatusOK, "La famille l’a retiré")
		s.asMother.Get(fresh).Wants(http.StatusNotFound)
	})
}

// An alert that a thief said to be over holds again; it is no more the thief's for that.
func TestAnAlertThatAThiefEnded(t *testing.T) {
	onBoth(t, func(h *town) {
		s := h.settled()
		colleague := h.Teachers(s.at)[1]
		h.Name(colleague, school.Head, s.at)
		author, desk := h.Enter(colleague, school.Head), "/alert/new/school/"+s.at.String()
		asked := author.Post(desk, url.Values{"kind": {"closed"}, "text": {"Restez chez vous."}, "to": {"families"}})
		asked.Wants(http.StatusOK)
		sure := asked.Hidden("confirm")
		sure.Set("confirm", "1")
		notice := author.Post(desk, sure).Header.Get("Location")
		h.Later(time.Minute)
		s.asMother.Get("/").Wants(http.StatusOK, "Restez chez vous.")
		s.head.Post(notice+"/end", url.Values{"text": {"Venez chercher vos enfants."}}).Wants(http.StatusSeeOther)
		h.Later(time.Minute)
		s.asMother.Get("/").Lacks(http.StatusOK, "Restez chez vous.")
		path := "/removal/school/" + s.at.String() + "/person/" + h.Head(s.at).String()
		page := s.operator.Get(path)
		page.Wants(http.StatusOK, "dit que c’est fini", "Venez chercher vos enfants.")
		if sent := found(page); len(sent) > 0 {
			t.Errorf("the alert of another would go whole: %v", sent)
		}
		kase := s.operator.Post(path, url.Values{"change": {idOf(notice)}, "why": {"volé"}}).Header.Get("Location")
		author.Post(kase+"/agree", nil).Wants(http.StatusSeeOther)
		s.asMother.Get("/").Wants(http.StatusOK, "Restez chez vous.")
		s.asMother.Get(notice).Lacks(http.StatusOK, "Venez chercher")
	})
}

// Who keeps an alert is reminded of its end no more once it is taken back, and is again once it is put back.
func TestTheReminderOfAnAlertGoesWithIt(t *testing.T) {
	onBoth(t, func(h *town) {
		s := h.settled()
		colleague := h.Teachers(s.at)[1]
		h.Name(colleague, school.Head, s.at)
		second, desk := h.Enter(colleague, school.Head), "/alert/new/school/"+s.at.String()
		asked := s.head.Post(desk, url.Values{"kind": {"closed"}, "text": {"Payez ici."}, "to": {"families"}})
		asked.Wants(http.StatusOK)
		sure := asked.Hidden("confirm")
		sure.Set("confirm", "1")
		notice := s.head.Post(desk, sure).Header.Get("Location")
		addressed := func() (alerts, reminders school.ID) {
			of := `SELECT count(DISTINCT thing_id) FROM audience_address WHERE room = 'alert' AND thing_id `
			return h.One(of+`= $1`, idOf(notice)), h.One(of+`<> $1`, idOf(notice))
		}
		wants := func(when string, want school.ID) {
			t.Helper()
			if alerts, reminders := addressed(); alerts != want || reminders != want {
				t.Errorf("%s: %d alerts and %d reminders are addressed, want %d of each", when, alerts, reminders, want)
			}
		}
		wants("told", 1)
		h.Later(time.Minute)
		path := "/removal/school/" + s.at.String() + "/person/" + h.Head(s.at).String()
		kase := s.operator.Post(path, url.Values{"thing": {idOf(notice)}, "why": {"volé"}}).Header.Get("Location")
		second.Post(kase+"/agree", nil).Wants(http.StatusSeeOther)
		wants("taken back", 0)
		second.Post(kase+"/undo", nil).Wants(http.StatusSeeOther)
		s.operator.Post(kase+"/restore", nil).Wants(http.StatusSeeOther)
		wants("put back", 1)
	})
}

// An item that a thief put in the bin does not take the top back from one that is there since.
func TestOneItemIsOnTop(t *testing.T) {
	onBoth(t, func(h *town) {
		s := h.settled()
		writes := func(title string) string {
			defer h.Later(time.Minute)
			return s.sends("/news/new/school/"+s.at.String(), url.Values{"to": {"families"}, "title": {title}, "body": {"x"}})
		}
		top, other := writes("La chorale"), writes("La kermesse")
		fronts := func(v house.Visitor, path string) {
			h.T.Helper()
			v.Post(path+"/front", url.Values{"front": {"on"}}).Wants(http.StatusSeeOther)
			h.Later(time.Minute)
		}
		fronts(s.head, top)
		since := h.DB.Now().In(school.Paris).Format("2006-01-02T15:04")
		s.head.Post(top+"/remove", nil).Wants(http.StatusSeeOther)
		h.Later(time.Minute)
		colleague := h.Teachers(s.at)[1]
		h.Name(colleague, school.Head, s.at)
		second := h.Enter(colleague, school.Head)
		fronts(second, other)
		path := "/removal/school/" + s.at.String() + "/person/" + h.Head(s.at).String()
		s.operator.Get(path+"?since="+url.QueryEscape(since)).Wants(http.StatusOK, "À la une", "mis à la corbeille")
		kase := s.operator.Post(path, url.Values{"since": {since}, "change": {idOf(top)}, "why": {"volé"}}).Header.Get("Location")
		second.Post(kase+"/agree", nil).Wants(http.StatusSeeOther)
		s.asMother.Get(top).Wants(http.StatusOK, "La chorale")
		if is := h.One(`SELECT max(id) FROM news_item WHERE front`); is.String() != idOf(other) || h.One(`SELECT count(*) FROM news_item WHERE front`) != 1 {
			t.Errorf("%s is on top, want %s alone", is, idOf(other))
		}
	})
}

// What a pupil wrote to another, and a thief accepted or gave back, waits again for an adult of
// the class; what was accepted is read by nobody else meanwhile.
func TestWhatWasDecidedOfAPupil(t *testing.T) {
	onBoth(t, func(h *town) {
		var at, class, pupil, mate school.ID
		h.Read(func(tx *db.Tx) error {
			return tx.Get([]any{&at, &class, &pupil, &mate}, `SELECT c.school_id, c.id, min(m.person_id), max(m.person_id) FROM directory_class c
				JOIN directory_membership m ON m.class_id = c.id AND m.role = 'pupil' JOIN directory_enrolment e ON e.person_id = m.person_id AND e.level_code >= '1123'
				WHERE c.kind = 'class' AND EXISTS (SELECT 1 FROM directory_function f WHERE f.structure_id = c.school_id AND f.profile = $1)
				GROUP BY c.school_id, c.id ORDER BY c.id LIMIT 1`, school.Head)
		})
		thief := h.Teachers(at)[0]
		h.Attach(class, thief)
		asTeacher, asPupil, asMate := h.Enter(thief, school.Teacher), h.Enter(pupil, school.Pupil), h.Enter(mate, school.Pupil)
		asTeacher.Post("/message/class/"+class.String(), url.Values{"among": {"on"}}).Wants(http.StatusSeeOther)
		writes := func(body string) string {
			sent := send(asPupil, "/message/new/class/"+class.String(), url.Values{"subject": {"Jeu"}, "body": {body}, "person": {mate.String() + "-0"}})
			sent.Wants(http.StatusSeeOther)
			h.Later(time.Minute)
			return sent.Header.Get("Location")
		}
		hard, kind := writes("Tu es nul."), writes("On joue ?")
		review := regexp.MustCompile(`/message/review/\d+/accept`)
		waits := review.FindAllString(asTeacher.Get("/message/review").Body, -1)
		slices.Sort(waits)
		first, second := strings.TrimSuffix(waits[0], "/accept"), strings.TrimSuffix(waits[1], "/accept")
		asTeacher.Post(first+"/accept", nil).Wants(http.StatusSeeOther)
		asTeacher.Post(second+"/return", url.Values{"why": {"Tu n’as pas d’amis."}}).Wants(http.StatusSeeOther)
		h.Later(time.Minute)
		asMate.Get(hard).Wants(http.StatusOK, "Tu es nul.")
		asPupil.Get(kind).Wants(http.StatusOK, "Tu n’as pas d’amis.")

		head, operator := h.Enter(h.Head(at), school.Head), h.Enter(h.Operator(), school.Operator)
		path := "/removal/school/" + at.String() + "/person/" + thief.String()
		page := head.Get(path)
		page.Wants(http.StatusOK, "2 changements trouvés", "Tu n’as pas d’amis.", "Il attendait d’être relu.", "Il est parti.")
		kase := head.Post(path, url.Values{"change": mendable(page), "why": {"volé"}}).Header.Get("Location")
		operator.Post(kase+"/agree", nil).Wants(http.StatusSeeOther)
		asMate.Get(hard).Wants(http.StatusNotFound)
		asPupil.Get(hard).Wants(http.StatusOK, "L’enseignant va le relire")
		asPupil.Get(kind).Lacks(http.StatusOK, "pas d’amis")
		asTeacher.Get("/message/review").Wants(http.StatusOK, "Tu es nul.", "On joue ?")
		scene{town: h}.backs(head, operator, kase)
		asMate.Get(hard).Wants(http.StatusOK, "Tu es nul.")
		asPupil.Get(kind).Wants(http.StatusOK, "Tu n’as pas d’amis.")
	})
}
