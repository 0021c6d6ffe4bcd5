package app

import (
	"slices"

	"preau/account"
	"preau/account/federation"
	"preau/core/attach"
	"preau/core/notify"
	"preau/core/photo"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/exchange/reception"
	"preau/office/accounts"
	"preau/office/register"
	"preau/office/removal"
	"preau/portal"
	"preau/service/alert"
	"preau/service/liaison"
	"preau/service/message"
	"preau/service/news"
	"preau/service/people"
)

// studioMemory is how many bytes the photos that are made at once may take, in all the rooms.
const studioMemory = 512 << 20

// openRooms builds, once, what the portal opens: the services, one a tile, in its order, and the hall,
// which shows their tiles and tells what is new in them.
func (h *House) openRooms() {
	h.tray = &attach.Tray{
		Album: &photo.Album{Studio: photo.NewStudio(studioMemory), Store: h.Blobs}, Key: h.Key,
		Spends: h.Accounts.Spends, Receives: h.Accounts.Receives, Owes: h.Accounts.Owes,
	}
	h.files.Album = h.tray.Album
	h.alerts = &alert.Service{Notify: h.Notify, Audit: h.Audit}
	carnet := &liaison.Service{Tray: h.tray, Audit: h.Audit, Key: h.Key, Notify: h.Notify}
	h.office = &register.Service{Accounts: h.Accounts, Audit: h.Audit, Feeder: h.Feeder, Absent: carnet.Absent}
	keys := &accounts.Service{Accounts: h.Accounts, Refuse: register.RefuseCodes, Colleague: h.office.Colleague}
	h.services = []web.Service{
		carnet,
		&message.Service{Tray: h.tray, Audit: h.Audit},
		&news.Service{Tray: h.tray, Audit: h.Audit},
		h.files,
		h.alerts,
		&people.Service{Audit: h.Audit},
		h.office,
		keys,
		h.Reception,
	}
	keys.Stops = accounts.StoppableOf(h.services...)
	h.removals = &removal.Service{Rooms: h.services, Tables: h.holdings(), Key: h.Key, Audit: h.Audit, Withhold: h.Accounts.WithholdShut}
	h.hall = &portal.Portal{
		Accounts: h.Accounts, Feeder: h.Feeder,
		Awaits: func(r *web.Request) ([]ui.Task, error) {
			return tasks(r, h.removals.Awaits, keys.Awaits, reception.Awaits)
		},
		WrongFiles: h.wrongBlobs,
		AwaitsHead: func(r *web.Request, counts map[school.ID]account.Counts) ([]ui.Task, error) {
			return tasks(r, h.removals.Awaits, keys.Awaits, func(r *web.Request) ([]ui.Task, error) { return h.office.AwaitsHead(r, counts) })
		},
		AwaitsInterim: h.office.AwaitsInterim, Running: h.alerts.Running, Absent: carnet.Absent,
		Notify: h.Notify, Stewards: h.stewards(), Carries: h.files.Carried, Ways: h.Federation.Ways, Leaving: federation.Leaving,
	}
	h.hall.Shows(h.services...)
	h.services = append(slices.Clip(h.services), h.removals) // which has no tile
	h.Federation.LetIn = h.hall.LetIn
	h.Notify.Tellers = h.hall.Tellers
	for _, card := range h.hall.Cards {
		if by, tells := h.hall.Tellers[card.Name]; tells {
			h.Notify.Rooms = append(h.Notify.Rooms, notify.RoomOf(card, by))
		}
	}
}

// tasks are what waits for the visitor in some rooms, in their order.
func tasks(r *web.Request, rooms ...func(*web.Request) ([]ui.Task, error)) (all []ui.Task, err error) {
	for _, awaits := range rooms {
		some, err := awaits(r)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}
