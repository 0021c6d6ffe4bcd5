package liaison_test

import (
	"net/http"
	"testing"

	"preau/core/school"
)

// Where a head shuts the carnet nobody writes any more, not even by an address that they
// have kept; what is written is read and answered, and other schools go on.
func TestASchoolWithoutACarnet(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.two()
		head, teacher, mother := h.Enter(h.Head(h.near[0]), school.Head), h.Enter(f.teacher, school.Teacher), h.Enter(f.mother, school.Guardian)
		elsewhere := h.Classes(h.near[1])[0].ID
		colleague := h.Teachers(h.near[1])[0]
		h.Attach(elsewhere, colleague)
		other := h.Enter(colleague, school.Teacher)
		word := publish(teacher, f.class, outing(f.class))
		catalogue := "/services/" + h.near[0].String()

		teacher.Post(catalogue+"/liaison/shut", nil).Wants(http.StatusNotFound)
		head.Post("/services/"+h.near[1].String()+"/liaison/shut", nil).Wants(http.StatusNotFound)
		head.Post(catalogue+"/portal/shut", nil).Wants(http.StatusNotFound)
		head.Get(catalogue).Wants(http.StatusOK, "Carnet de liaison", "Ouvert dans votre école", "Les familles")

		head.Post(catalogue+"/liaison/shut", nil).Wants(http.StatusSeeOther)
		head.Get(catalogue).Wants(http.StatusOK, "Fermé dans votre école")
		teacher.Get("/").Lacks(http.StatusOK, `class="tile" href="/liaison/"`)
		teacher.Get("/liaison/new/class/"+f.class.String()).Wants(http.StatusForbidden, "est fermé dans cette école")
		send(teacher, "/liaison/new/class/"+f.class.String(), outing(f.class)).Wants(http.StatusForbidden)
		mother.Get(word).Wants(http.StatusOK, "Sortie au musée")
		other.Get("/").Wants(http.StatusOK, `class="tile" href="/liaison/"`)
		publish(other, elsewhere, outing(elsewhere))

		head.Post(catalogue+"/liaison/open", nil).Wants(http.StatusSeeOther)
		head.Post(catalogue+"/liaison/open", nil).Wants(http.StatusNotFound)
		publish(teacher, f.class, outing(f.class))
	})
}
