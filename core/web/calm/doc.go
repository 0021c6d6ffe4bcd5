// Package calm keeps a node useful when it cannot do its work: when the database does not
// answer, or more people ask than the node can answer. What was published lately is read
// from memory then, by whoever may read it, and nothing is written.
//
// It owns three things. A snapshot ([Calm.Refresh]): the words of the last days, read every
// minute by one bounded transaction, found by the audience to which each is addressed. A
// ticket ([Calm.Issue]): what somebody may read, sealed under the master key and bound to
// their session, which their browser keeps for half an hour at most; what voids it is read
// with the snapshot. And the two ways in: a circuit ([Calm.Away]), which knows whether the
// database answers without asking it at each request, and a gate ([Calm.Enter]), which
// bounds how many requests are under way.
//
// It knows no room: a room that has words of the day is a [Sampler]. core/web decides which
// request is answered so, and draws the page.
package calm
