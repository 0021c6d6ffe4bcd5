package notify

import "preau/core/personal"

// subscriptionDays is after how many days a browser is forgotten on which nobody asked
// again: a telephone that was given away.
const subscriptionDays = 365

// urgentDays is for how long one knows whom a notice reached.
const urgentDays = 30

// holdings declares the tables. What a person chose is theirs and of no school: a school's
// archive holds none.
var holdings = personal.Tables{
	{
		Name:       "notify_preference",
		Subjects:   []string{"person_id"},
		Personal:   map[string]personal.Category{"rhythm": personal.Account},
		Plain:      []string{"person_id", "channel", "room"},
		Purpose:    personal.Portal,
		Recipients: []personal.Recipient{personal.Oneself},
		Retention:  personal.AfterDeparture,
	},
	{
		Name:       "notify_quiet",
		Subjects:   []string{"person_id"},
		Keys:       []string{"evening_at", "evening_day"},
		Personal:   map[string]personal.Category{"lang": personal.Account, "first_names": personal.Account, "quiet": personal.Account, "relayed": personal.Account},
		Plain:      []string{"person_id", "evening_at", "evening_day"},
		Purpose:    personal.Portal,
		Recipients: []personal.Recipient{personal.Oneself},
		Retention:  personal.AfterDeparture,
	},
	{
		Name:       "notify_told",
		Subjects:   []string{"person_id"},
		Personal:   map[string]personal.Category{"published_at": personal.Trace, "due_at": personal.Trace},
		Plain:      []string{"person_id", "channel", "room"},
		Purpose:    personal.Portal,
		Recipients: []personal.Recipient{personal.Nobody},
		Retention:  personal.AfterDeparture,
	},
	{
		Name:       "notify_due",
		Subjects:   []string{"person_id"},
		Plain:      []string{"person_id", "channel", "due_at", "reach", "day"},
		Purpose:    personal.Portal,
		Recipients: []personal.Recipient{personal.Nobody},
		Retention:  personal.Retention{From: "due_at", Days: 7},
	},
	{
		Name:       "notify_subscription",
		Subjects:   []string{"person_id"},
		Keys:       []string{"id", "session_id"},
		Secret:     []string{"endpoint", "sealed"},
		Personal:   map[string]personal.Category{"endpoint": personal.Account, "sealed": personal.Account, "agent": personal.Trace, "created_at": personal.Trace, "sent_at": personal.Trace},
		Plain:      []string{"id", "person_id", "session_id"},
		Purpose:    personal.Portal,
		Recipients: []personal.Recipient{personal.Oneself},
		Retention:  personal.Retention{From: "created_at", Days: subscriptionDays},
	},
	{
		Name:       "notify_bounce",
		Subjects:   []string{"person_id"},
		Secret:     []string{"address"},
		Personal:   map[string]personal.Category{"address": personal.Contact, "times": personal.Trace, "returned_at": personal.Trace, "sent_at": personal.Trace},
		Plain:      []string{"person_id"},
		Purpose:    personal.Portal,
		Recipients: []personal.Recipient{personal.Oneself},
		Retention:  personal.AfterDeparture,
	},
	{
		Name:       "notify_urgent",
		Subjects:   []string{"person_id"},
		Keys:       []string{"notice_id", "batch_id"},
		Personal:   map[string]personal.Category{"state": personal.Trace, "told_at": personal.Trace, "settled_at": personal.Trace},
		Plain:      []string{"notice_id", "person_id", "channel", "batch_id"},
		Purpose:    personal.Portal,
		Recipients: []personal.Recipient{personal.Oneself, personal.Heads},
		Retention:  personal.Retention{From: "told_at", Days: urgentDays},
	},
}
