package news

import "preau/core/audit"

// What the journal says of news, and of the public pages of schools.
const (
	actPublish   audit.Action = "news.publish"
	actAmend     audit.Action = "news.amend"
	actFront     audit.Action = "news.front" // it is the one on top
	actUnfront   audit.Action = "news.unfront"
	actRemove    audit.Action = "news.remove"
	actRestore   audit.Action = "news.restore"
	actDeclare   audit.Action = "news.declare" // that no child can be recognised on its photos
	actPageOpen  audit.Action = "news.page-open"
	actPageClose audit.Action = "news.page-close"
)

// acts are all of them.
var acts = []audit.Action{actPublish, actAmend, actFront, actUnfront, actRemove, actRestore, actDeclare, actPageOpen, actPageClose}
