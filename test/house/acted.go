package house

import (
	"sync"

	"preau/account"
	"preau/core/school"
	"preau/core/web"
)

// counter is the breaker of the house, which remembers what it was told.
type counter struct {
	*account.Accounts
	mu    sync.Mutex
	acted map[school.ID]int
}

// ActsOn implements web.Breaker.
func (c *counter) ActsOn(r *web.Request, people int) error {
	c.mu.Lock()
	c.acted[r.Actor.Person] += people
	c.mu.Unlock()
	return c.Accounts.ActsOn(r, people)
}

// Acted is on how many people somebody has acted, as the breaker was told since it was last
// asked.
func (h *House) Acted(person school.ID) int {
	h.breaker.mu.Lock()
	defer h.breaker.mu.Unlock()
	people := h.breaker.acted[person]
	delete(h.breaker.acted, person)
	return people
}
