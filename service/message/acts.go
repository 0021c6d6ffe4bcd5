package message

import "preau/core/audit"

// What the journal says of messages: of what governs them, never of what they say. What somebody
// reads of themselves is account's: [account.OwnActs].
const (
	actRule   audit.Action = "message.rule"   // detail: from, to, value
	actOpen   audit.Action = "message.open"   // what the pupils of a class may do
	actAccept audit.Action = "message.accept" // what a pupil wrote
	actReturn audit.Action = "message.return"
	actRecall audit.Action = "message.recall" // what nobody had read yet
	actLook   audit.Action = "message.look"   // a head, at what was reported
)
