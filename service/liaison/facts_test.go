package liaison_test

import (
	"net/http"
	"testing"

	"preau/core/school"
)

// When, where, what to bring and to pay are said apart, in the words of the reader's
// language; what cannot be is said beside the field.
func TestFacts(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.two()
		teacher, mother := h.Enter(f.teacher, school.Teacher), h.Enter(f.mother, school.Guardian)
		word := publish(teacher, f.class, outing(f.class))
		mother.Get(word).Wants(http.StatusOK, "lundi 12\u00a0octobre", "9\u00a0h\u00a000 – 16\u00a0h\u00a030", "Musée des Beaux-Arts",
			"Un pique-nique", "Une gourde", "De bonnes chaussures", "4,50\u00a0€", "picnic.", "data-say")
		for field, wrong := range map[string][2]string{
			"on": {"hier", "Cette date n’existe pas"}, "at": {"26:00", "Cette heure n’existe pas"}, "back": {"08:00", "avant l’heure de départ"},
			"pay": {"beaucoup", "Écrivez le montant"},
		} {
			form := outing(f.class)
			form.Set(field, wrong[0])
			send(teacher, "/liaison/new/class/"+f.class.String(), form).Wants(http.StatusUnprocessableEntity, wrong[1])
		}
		form := outing(f.class)
		form.Set("place", "Musée des Sciences")
		form.Set("pay", "")
		teacher.SendFiles(word+"/amend", form).Wants(http.StatusSeeOther)
		mother.Get(word).Lacks(http.StatusOK, "Beaux-Arts", "€")
		teacher.Get(word+"/before").Wants(http.StatusOK, "Musée des Beaux-Arts")
	})
}
